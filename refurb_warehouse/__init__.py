"""Refurb Warehouse."""
