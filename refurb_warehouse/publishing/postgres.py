"""stub"""
from contextlib import contextmanager
class PostgresError(Exception):
    """x"""
@contextmanager
def loaded(dsn, file, declared):
    """x"""
    yield lambda: None
