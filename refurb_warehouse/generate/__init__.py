"""Synthetic raw tables of any size, with planted truth."""

from refurb_warehouse.generate.command import add_arguments, generate, run

__all__ = ["add_arguments", "generate", "run"]
