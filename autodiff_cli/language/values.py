"""Text to arrays: `1,2,3`, `1,2;3,4`, `[[1,2],[3,4]]`, `1 2 3`, and what `@file` holds.

Integers and booleans become float64, float32 stays. The rank is what is written: `1,2` is a vector,
`1,2;` a matrix of one row. Whatever is not plain numbers is handed back to the caller's `evaluate`,
which knows constant expressions (pi/2, zeros(3)).
"""

import math
import re
import sys
from pathlib import Path

import numpy as np

from ..errors import AdiffError, Span

_MOST_AXES = 64  # NumPy's own limit
_NOT_ZERO = re.compile(r"[^eE]*[1-9]")
_BRACKETS = re.compile(r"\s*(?:(\[)|(\])|(,)|([^\s\[\],]+))")


def read_value(text, evaluate, notes=()):
    """The array that a value on the command line stands for.

    text      as typed: numbers, a constant expression, or @file
    evaluate  called with the text of a constant expression; gives an array
    notes     a list to which remarks for the user are appended
    Raises AdiffError with the place in the text.
    """
    text = _in_one_line(text.strip())
    if text.startswith("@"):
        return as_floats(read_file(text[1:], evaluate, notes), text)
    if not text:
        raise AdiffError("value", "this value is empty", help="write a number, 1,2,3, or @file")
    if text.startswith("["):
        return _bracketed(text, evaluate)
    rows = _split(text, ";")
    if len(rows) > 1 and not rows[-1].strip():
        rows.pop()  # "1,2;" is a matrix of one row
    elif len(rows) == 1:
        return _row(text, text, evaluate)
    matrix = [np.atleast_1d(_row(row, text, evaluate)) for row in rows]
    for number, row in enumerate(matrix, 1):
        if row.ndim != 1 or len(row) != len(matrix[0]):
            raise _ragged(number, row.size, matrix[0].size, text)
    return np.stack(matrix)


def _in_one_line(text):
    """Lines of numbers as the rows of a matrix, and those of one number each as a vector."""
    lines = [line.strip().removesuffix(";") for line in text.splitlines()]
    if len(lines) < 2 or text.startswith("[") or "=" in text:  # brackets go over lines, and so do definitions
        return text
    return ";".join(lines) + ";" if "," in text or " " in text else ",".join(lines)


def _split(text, mark):
    """The pieces between marks, but not between marks inside parentheses or brackets."""
    if not ("(" in text or "[" in text):
        return text.split(mark)
    pieces, start, depth = [], 0, 0
    for i, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if char == mark and depth == 0:
            pieces.append(text[start:i])
            start = i + 1
    return [*pieces, text[start:]]


def _row(row, text, evaluate):
    """One row: numbers with commas, numbers with blanks, or one constant expression."""
    cells = _split(row, ",")
    if not row.strip():
        raise AdiffError("value", "a row of this value is empty", source=text)
    if len(cells) == 1:
        words = row.split()
        if len(words) > 1 and all(map(_is_number, words)):
            return np.array([_number(word, text) for word in words])
        return np.asarray(_number(row.strip(), text)) if _is_number(row) else as_floats(evaluate(row.strip()), text)
    if not cells[-1].strip():
        cells.pop()  # "1," is a vector of length 1
    return np.array([_cell(cell, text, evaluate) for cell in cells])


def _cell(cell, text, evaluate):
    cell = cell.strip()
    if not cell:
        raise AdiffError("value", "a number is missing between two commas", source=text)
    if _is_number(cell):
        return _number(cell, text)
    value = as_floats(evaluate(cell), text)
    if value.ndim:
        raise AdiffError("value", f"{cell} is an array, but stands where one number belongs", source=text)
    return float(value)


def _is_number(word):
    try:
        float(word)
    except ValueError:
        return False
    return "_" not in word


def _number(word, text):
    value = float(word)
    if math.isinf(value) and "inf" not in word.lower():
        raise AdiffError("overflow", f"{_short(word)} is too large for a 64-bit number", source=text)
    if value == 0 and text and _NOT_ZERO.match(word):
        raise AdiffError("overflow", f"{_short(word)} is too small for a 64-bit number", source=text, help="write 0")
    return value


def _short(word):
    return word if len(word) <= 24 else f"{word[:10]}...{word[-4:]}"


def _ragged(number, length, first, text):
    s = "s" * (length != 1)
    return AdiffError("ragged", f"row {number} has {length} number{s}, but row 1 has {first}", source=text)


def _bracketed(text, evaluate):
    """`[[1, 2], [3, 4]]`, or as NumPy prints it; other brackets are an expression of the language."""
    tokens = list(_BRACKETS.finditer(text))
    if not all(_is_number(m[4]) for m in tokens if m[4]):
        return as_floats(evaluate(text), text)
    root = []
    stack = [root]
    for token in tokens:
        if token[1]:
            stack[-1].append([])
            stack.append(stack[-1][-1])
        elif token[2]:
            stack.pop()
        elif token[4]:
            stack[-1].append(_number(token[4], text))
        if not stack or len(stack) > _MOST_AXES + 1 or (len(stack) == 1 and len(root) > 1):
            raise AdiffError("value", "these brackets do not match", source=text, span=Span(*token.span()))
    if len(stack) > 1:
        raise AdiffError("value", "a bracket is never closed", source=text, help="add ] at the end")
    if len(root) != 1:
        raise AdiffError("value", "this is more than one array", source=text)
    return _rectangular(root[0], text)


def _rectangular(nested, text):
    """Nested lists as an array; rows of different lengths are named."""
    try:
        return np.array(nested, dtype=float)
    except ValueError:
        if any(not isinstance(row, list) for row in nested):
            raise AdiffError("ragged", "numbers and rows stand side by side", source=text) from None
        lengths = list(map(len, nested))
        for number, length in enumerate(lengths, 1):
            if length != lengths[0]:
                raise _ragged(number, length, lengths[0], text) from None
    raise AdiffError("ragged", "the inner rows differ in length", source=text)


def as_floats(value, text=None):
    """Numbers as they are computed with: float64, or float32 where that was given."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise AdiffError("ragged", "the rows of this array differ in length", source=text) from None
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    if array.dtype.kind == "f":
        return array.astype(np.float64) if array.dtype.itemsize == 2 else array
    if array.dtype.kind == "c":
        raise AdiffError("value", "complex numbers cannot be used here", source=text)
    raise AdiffError("value", f"these are not numbers (they are {array.dtype})", source=text)


# --- files


def read_file(place, evaluate, notes=()):
    """What stands behind `@`: FILE.npy, FILE.npz:key, FILE.csv, FILE.csv:column, FILE.json, or `-`."""
    if not place:
        raise AdiffError("file", "@ needs the name of a file", help="write @x.npy, or @- for standard input")
    if place == "-":
        return _from_text(read_standard_input(), "standard input", evaluate)
    if "\0" in place:
        raise AdiffError("file", "the name of a file cannot hold a null character")
    path, key = _path_and_key(place)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(_READERS)
        raise AdiffError("file", f"{path} is of no known kind", help=f"known are {known}")
    try:
        return reader(path, key, notes)
    except OSError as error:
        raise AdiffError("file", f"{path} cannot be read: {error.strerror or error}".lower()) from None


def read_standard_input():
    """All bytes of standard input."""
    if sys.stdin is None:
        raise AdiffError("file", "standard input is closed")
    return sys.stdin.buffer.read()


def _path_and_key(place):
    """`a.npz:key` as (a.npz, key); a file whose own name has a colon wins."""
    name, colon, key = place.rpartition(":")
    if not colon or Path(place).exists():
        return Path(place), None
    return Path(name), key


def _from_text(data, name, evaluate):
    if b"\0" in data:
        raise AdiffError("value", f"{name} is not text")
    try:
        text = data.decode().strip()
    except UnicodeDecodeError:
        raise AdiffError("encoding", f"{name} is not valid UTF-8") from None
    return read_value(text, evaluate)


def _read_npy(path, key, notes):
    return _loaded(path, b"\x93NUMPY", lambda loaded: loaded)


def _read_npz(path, key, notes):
    return _loaded(path, b"PK", lambda archive: archive[_member(path, key, archive.files)])


def _member(path, key, names):
    if key is None and len(names) == 1:
        return names[0]
    if key not in names:
        help = f"write @{path}:{names[0]}" if names else ""
        raise AdiffError("file", f"{path} holds {', '.join(names) or 'nothing'}", help=help)
    return key


def _loaded(path, magic, take):
    """What `take` finds in a NumPy file; never a pickle."""
    from tokenize import TokenError
    from zipfile import BadZipFile

    with path.open("rb") as file:
        start = file.read(len(magic))
        file.seek(0)
        if start != magic:
            kind = "a pickle, which is never loaded" if start[:1] == b"\x80" else "not a NumPy file"
            raise AdiffError("file", f"{path} is {kind}")
        try:
            return take(np.load(file, allow_pickle=False))
        except (ValueError, EOFError, TokenError, BadZipFile) as error:
            if "pickle" in str(error) or "Object arrays" in str(error):
                message = f"{path} holds Python objects, and pickles are never loaded"
                raise AdiffError("pickle", message, help="save it as an array of numbers") from None
            raise AdiffError("file", f"{path} is not a NumPy file that can be read") from None


def _read_json(path, key, notes):
    import json

    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise AdiffError("file", f"{path} is not valid JSON") from None
    if key is not None:
        if not isinstance(data, dict) or key not in data:
            raise AdiffError("file", f"{path} has no key {key}")
        data = data[key]
    try:
        return np.array(data)
    except ValueError:
        raise AdiffError("ragged", f"the rows of {path} differ in length") from None


def _read_csv(path, key, notes):
    import csv

    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file, delimiter=delimiter) if row]
    except UnicodeDecodeError:
        raise AdiffError("encoding", f"{path} is not valid UTF-8") from None
    except csv.Error as error:
        raise AdiffError("file", f"{path} is not valid CSV: {error}") from None
    return _table(rows, path, key, notes)


def _table(rows, path, key, notes):
    """The numeric block of a table, or one column of it."""
    if not rows:
        raise AdiffError("file", f"{path} is empty")
    header = None if all(map(_is_number, rows[0])) else rows.pop(0)
    if key is not None:
        if header is None or key not in header:
            raise AdiffError("file", f"{path} has no column {key}", help=f"it has {', '.join(header or ['no header'])}")
        column = header.index(key)
        rows = [row[column : column + 1] for row in rows]
    elif header is not None:
        notes.append(f"the header of {path} was skipped: {','.join(header)}")
    block = [[_field(cell, path, number) for cell in row] for number, row in enumerate(rows, 1 + (header is not None))]
    for number, row in enumerate(block, 1):
        if len(row) != len(block[0]):
            raise _ragged(number, len(row), len(block[0]), None)
    array = np.array(block)
    return array[:, 0] if key is not None or (array.ndim == 2 and array.shape[1] == 1) else array


def _field(cell, path, number):
    if not _is_number(cell):
        raise AdiffError("value", f"{path}, line {number}: {cell!r} is not a number")
    return _number(cell, None)


def _read_text(path, key, notes):
    try:
        rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise AdiffError("encoding", f"{path} is not valid UTF-8") from None
    return _table(rows, path, key, notes)


_READERS = {".npy": _read_npy, ".npz": _read_npz, ".csv": _read_csv, ".tsv": _read_csv, ".json": _read_json,
            ".txt": _read_text, ".dat": _read_text}  # fmt: skip
