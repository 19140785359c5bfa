"""Parquet files put together as they are: their rows are copied, and their footers made one.

A footer is a struct in the compact protocol of Thrift (github.com/apache/thrift, doc/specs/thrift-compact-protocol.md).
Which of its fields are places in the file is told by github.com/apache/parquet-format, src/main/thrift/parquet.thrift.
"""

import os

_MARK = b"PAR1"
_STEP = 1 << 20  # bytes that are copied at once
_TAIL = 4 + len(_MARK)  # the length of the footer and the mark
_INT16, _INT32, _INT64, _BINARY, _LIST, _STRUCT = 4, 5, 6, 8, 9, 12
_SIZES = {1: 0, 2: 0, 3: 1, 7: 8}  # bytes of true, false, an int8 and a double
_ROW_COUNT, _GROUPS = 3, 4  # fields of a footer
_COLUMNS, _GROUP_PLACE, _NUMBER = 1, 5, 7  # of a group of rows
_COLUMN_PLACE, _METADATA = 2, 3  # of a column of it
_INDICES = (4, 5, 6, 7)  # of a column of it: where its index is, which holds places itself and may be left out
_PLACES = (9, 10, 11, 14)  # of the metadata of a column


def join(paths, file):
    """Write Parquet files that have the same columns to an open file as one; there is at least one of them."""
    file.write(_MARK)
    whole, count, groups = None, 0, []
    for path in paths:
        with open(path, "rb") as part:  # noqa: PTH123
            end, footer = _footer(part)
            whole = whole or footer
            count += footer[_ROW_COUNT][1]
            groups += _moved(footer[_GROUPS][1][1], file.tell() - len(_MARK))
            _copy(part, len(_MARK), end, file)
    footer = _struct(whole | {_ROW_COUNT: (_INT64, count), _GROUPS: (_LIST, (_STRUCT, groups))})
    file.write(footer + len(footer).to_bytes(4, "little") + _MARK)


def _footer(file):
    """(where the footer begins, what it is)"""
    stop = file.seek(-_TAIL, os.SEEK_END)
    start = file.seek(stop - int.from_bytes(file.read(4), "little"))
    return start, _Reader(file.read(stop - start)).struct()


def _copy(source, start, stop, target):
    source.seek(start)
    for place in range(start, stop, _STEP):
        target.write(source.read(min(_STEP, stop - place)))


def _moved(groups, distance):
    """Groups of rows that lie so many bytes later."""
    for group in groups:
        group.pop(_NUMBER, None)
        _move(group, (_GROUP_PLACE,), distance)
        for column in group[_COLUMNS][1][1]:
            for field in _INDICES:
                column.pop(field, None)
            _move(column, (_COLUMN_PLACE,), distance)
            _move(column[_METADATA][1], _PLACES, distance)
    return groups


def _move(struct, fields, distance):
    for field in struct.keys() & fields:
        kind, place = struct[field]
        struct[field] = kind, place + 2 * distance  # the last bit is the sign


class _Reader:
    """Values one after the other: structs as (type, value) by field, lists as (type, values), integers as they are
    spelled, 2n or -2n - 1."""

    def __init__(self, data):
        self._data, self._place = data, 0

    def struct(self):
        found, field = {}, 0
        while head := self._data[self._place]:
            self._place += 1
            delta, kind = head >> 4, head & 15
            field = field + delta if delta else self._integer() // 2
            found[field] = kind, self._value(kind)
        self._place += 1
        return found

    def _value(self, kind):
        if kind in (_INT16, _INT32, _INT64):
            return self._integer()
        if kind == _BINARY:
            return self._bytes(self._integer())
        if kind == _STRUCT:
            return self.struct()
        return self._list() if kind == _LIST else self._bytes(_SIZES[kind])

    def _list(self):
        head = self._bytes(1)[0]
        count, kind = head >> 4, head & 15
        return kind, [self._value(kind) for _ in range(self._integer() if count == 15 else count)]

    def _integer(self):
        found = shift = 0
        while (byte := self._bytes(1)[0]) >= 128:
            found |= (byte - 128) << shift
            shift += 7
        return found | byte << shift

    def _bytes(self, count):
        self._place += count
        return self._data[self._place - count : self._place]


def _struct(fields):
    """What _Reader.struct reads."""
    parts, last = [], 0
    for field, (kind, value) in sorted(fields.items()):
        delta = field - last
        parts.append(bytes([delta << 4 | kind]) if delta < 16 else bytes([kind]) + _integer(2 * field))
        parts.append(_value(kind, value))
        last = field
    return b"".join(parts) + b"\0"


def _value(kind, value):
    if kind in (_INT16, _INT32, _INT64):
        return _integer(value)
    if kind == _BINARY:
        return _integer(len(value)) + value
    if kind == _STRUCT:
        return _struct(value)
    return _list(*value) if kind == _LIST else value


def _list(kind, values):
    count = len(values)
    head = bytes([count << 4 | kind]) if count < 15 else bytes([15 << 4 | kind]) + _integer(count)
    return head + b"".join(_value(kind, value) for value in values)


def _integer(value):
    parts = []
    while value >= 128:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])
