"""How the columns of a raw table are made of the whole numbers that the simulation lands.

These are identifiers, codes, moments in seconds, days, money in cents, and NONE (-1) for null.
No value becomes a Python object on the way, and text that repeats stays a dictionary and its codes
into the file: both cost more than the drawing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from refurb_warehouse.generate.draws import Array

Rows = dict[str, Array]
CODED_TEXT = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Column:
    """A column of a raw table: its type, and how it is made of a batch of rows."""

    type: pa.DataType
    build: Callable[[Rows], pa.Array]


def identifier(column: str, prefix: str, width: int = 9) -> Column:
    """Prefix and zero-padded number; null for NONE."""
    return Column(pa.string(), lambda rows: numbered(rows[column], prefix, width))


def shared_identifier(column: str, prefix: str, width: int, first: int = 1) -> Column:
    """The same, counted from `first`, of something that many rows of a batch have in common."""

    def build(rows: Rows) -> pa.Array:
        positions = rows[column]
        texts = numbered(np.arange(first, first + positions.max() + 1), prefix, width)
        return coded(positions, texts)

    return Column(CODED_TEXT, build)


def label(column: str, labels: Sequence[str]) -> Column:
    """Label of a code; null for NONE."""
    texts = pa.array(labels)
    return Column(CODED_TEXT, lambda rows: coded(rows[column], texts))


def either(choice: str, zero: Column, one: Column) -> Column:
    """One column where the choice is 0, the other where it is 1."""
    return Column(
        zero.type,
        lambda rows: pc.if_else(pa.array(rows[choice] == 0), zero.build(rows), one.build(rows)),
    )


def given(column: str) -> Column:
    """Text that the simulation has written itself."""
    return Column(pa.string(), lambda rows: pa.array(rows[column], pa.string()))


def moment(column: str) -> Column:
    """Timestamp in UTC; null for NONE."""
    return _measure(column, pa.timestamp("us"), unit=1_000_000)


def day(column: str) -> Column:
    """Date, from days since 1970; null for NONE."""
    return _measure(column, pa.date32())


def number(column: str) -> Column:
    """Whole number; null for NONE."""
    return _measure(column, pa.int32())


def money(column: str) -> Column:
    """Cents as a decimal; null for NONE."""
    return decimal(column, 12, 2)


def decimal(column: str, digits: int, places: int) -> Column:
    """Decimal number, from a count of its last place; null for NONE."""
    width = pa.decimal32 if digits <= 9 else pa.decimal64
    return _measure(column, width(digits, places))


def flag(column: str) -> Column:
    """Boolean of 1 and 0; null for NONE."""
    return Column(pa.bool_(), lambda rows: pa.array(rows[column] == 1, mask=rows[column] < 0))


def numbered(numbers: Array, prefix: str, width: int) -> pa.Array:
    """Prefix and zero-padded number; null for NONE."""
    length = len(prefix) + width
    # A leading 1 keeps the zeros, and the prefix is then written over the first letters.
    padded = pa.array(np.maximum(numbers, 0) + 10 ** (length - 1)).cast(pa.string())
    _, offsets, digits = padded.buffers()
    letters = np.frombuffer(digits, np.uint8).reshape(-1, length).copy()
    letters[:, : len(prefix)] = list(prefix.encode())
    nulls = pa.array(numbers, mask=numbers < 0).buffers()[0]
    return pa.Array.from_buffers(pa.string(), len(numbers), [nulls, offsets, pa.py_buffer(letters)])


def coded(codes: Array, texts: pa.Array) -> pa.Array:
    """Text of each code; null for NONE."""
    indices = pa.array(codes.astype(np.int32, copy=False), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, texts)


def _measure(column: str, kind: pa.DataType, unit: int = 1) -> Column:
    """Numbers whose bits are already those of the type, once counted in its unit."""
    bits = np.dtype(f"i{kind.bit_width // 8}")

    def build(rows: Rows) -> pa.Array:
        numbers = rows[column]
        return pa.array((numbers * unit).astype(bits, copy=False), mask=numbers < 0).view(kind)

    return Column(kind, build)
