"""Importers: public data sets turned into the raw contract."""
