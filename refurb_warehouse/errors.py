"""Errors that a user can mend."""


class RefurbError(Exception):
    """What is wrong, where, and how to mend it. Printed without a traceback."""
