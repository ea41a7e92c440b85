"""Mutation tests of the SQL: a change that no dbt test notices is a hole in the guard."""
