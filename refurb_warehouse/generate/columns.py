"""How the columns of a raw table are made of the whole numbers that the simulation lands.

These are identifiers, codes, moments in seconds, days, money in cents, and NONE (-1) for null.
No value becomes a Python object on the way, and text that repeats stays a dictionary and its codes
into the file: anything else costs more than the drawing itself. Arrow takes the memory of numpy as
it is; its own conversions would import pandas first, wherever that is installed.
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
        identifiers = numbered(np.arange(first, first + positions.max() + 1), prefix, width)
        return coded(positions, identifiers)

    return Column(CODED_TEXT, build)


def label(column: str, labels: Sequence[str]) -> Column:
    """Label of a code; null for NONE."""
    labels = texts(labels)
    return Column(CODED_TEXT, lambda rows: coded(rows[column], labels))


def either(choice: str, zero: Column, one: Column) -> Column:
    """One column where the choice is 0, the other where it is 1."""

    def build(rows: Rows) -> pa.Array:
        is_one = flag(choice).build(rows)
        return pc.if_else(is_one, one.build(rows), zero.build(rows))

    return Column(zero.type, build)


def given(column: str) -> Column:
    """Text that the simulation has written itself."""
    return Column(pa.string(), lambda rows: texts(rows[column]))


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
    return Column(
        pa.bool_(), lambda rows: _array(pa.bool_(), rows[column], _bits(rows[column] == 1))
    )


def numbered(numbers: Array, prefix: str, width: int) -> pa.Array:
    """Prefix and zero-padded number, below 2**32; null for NONE."""
    # Letter by letter over all rows: ten times as fast as row by row.
    letters = np.empty((len(prefix) + width, len(numbers)), dtype=np.uint8)
    letters[: len(prefix)] = np.frombuffer(prefix.encode(), np.uint8)[:, None]
    rest = numbers.astype(np.uint32)
    for place in range(len(letters) - 1, len(prefix) - 1, -1):
        shorter = rest // 10
        letters[place] = rest - shorter * 10 + ord("0")
        rest = shorter
    ends = np.arange(len(numbers) + 1, dtype=np.int32) * len(letters)
    return _array(pa.string(), numbers, ends, np.ascontiguousarray(letters.T))


def texts(values: Sequence[str]) -> pa.Array:
    """Text, none of it null."""
    encoded = [value.encode() for value in values]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    return pa.Array.from_buffers(
        pa.string(), len(values), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    )


def coded(codes: Array, labels: pa.Array) -> pa.Array:
    """Label of each code; null for NONE."""
    indices = _array(pa.int32(), codes, codes.astype(np.int32, copy=False))
    return pa.DictionaryArray.from_arrays(indices, labels)


def _measure(column: str, kind: pa.DataType, unit: int = 1) -> Column:
    """Numbers whose bits are already those of the type, once counted in its unit."""
    bits = np.dtype(f"i{kind.bit_width // 8}")

    def build(rows: Rows) -> pa.Array:
        numbers = rows[column]
        return _array(kind, numbers, (numbers * unit).astype(bits, copy=False))

    return Column(kind, build)


def _array(kind: pa.DataType, source: Array, *buffers: Array) -> pa.Array:
    """An array of the type's buffers, null where the source is NONE."""
    every = (_bits(source >= 0), *buffers)
    return pa.Array.from_buffers(kind, len(source), [pa.py_buffer(buffer) for buffer in every])


def _bits(flags: Array) -> Array:
    """Flags as Arrow has them, eight to a byte."""
    return np.packbits(flags, bitorder="little")
