"""Checks that are listed in a file: what to ask of which target, in TOML.

    rtol = 1e-8                           # for all checks that do not say it themselves

    [[check]]
    name = "least squares"
    target = "sum((A @ x - b)^2)"         # or "model.py:loss"
    against = "2*A' @ (A @ x - b)"        # or a table by name: {x = "...", b = "..."}
    wrt = "x"
    point = {x = "1,2", A = "@A.npy", b = [3, 4]}

Paths are those of the folder that the file lies in.
"""

import tomllib
from pathlib import Path
from typing import NamedTuple

from ..errors import AdiffError, nearest
from ..expression import constant
from ..language.values import as_floats, read_standard_input, read_value

_SETTINGS = ("rtol", "atol", "random", "seed")  # which can be said once for all
_KEYS = ("name", "target", "against", "wrt", "point", "points", "of", "shape", *_SETTINGS)
_TYPES = {"name": str, "target": str, "against": (str, dict), "wrt": (str, list), "point": dict, "points": list,
          "of": str, "shape": dict, "rtol": (float, int), "atol": (float, int), "random": int, "seed": int}  # fmt: skip


class Case(NamedTuple):
    """One check of a file.

    name      what it is called
    target    a text that names one
    against   the claim, or claims by name
    point     values as they are written: texts, numbers, lists
    settings  wrt, of, shapes, rtol, atol, random and seed, as far as they are said
    """

    name: str
    target: str
    against: object
    point: dict
    settings: dict

    def run(self):
        """The Outcome; raises AdiffError where it cannot be computed."""
        from .question import question

        point = {name: _value(name, value) for name, value in self.point.items()}
        typed = {name: value for name, value in self.point.items() if isinstance(value, str)}
        wrt = self.settings.get("wrt")
        words = {"target": self.target, "values": typed, "wrt": ",".join(wrt) if wrt else None}
        return question(self.target, self.against, point, words=words, **self.settings).run()


def read(file, defaults):
    """The Cases of a file, in order.

    file      its path; - for standard input
    defaults  settings for checks that do not say them, and a file that does not either
    Raises AdiffError (file, checks) where the file cannot be read or says what is not understood.
    """
    name = "standard input" if file == "-" else Path(file).name
    record = _record(file, name)
    rows = record.pop("check", None)
    _check_keys(record, _SETTINGS, name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or not rows:
        raise _wrong(name, "lists no checks", 'each begins with [[check]], and has target = "..."')
    common = defaults | record
    return [case for k, row in enumerate(rows, 1) for case in _cases(row, f"{name}, check {k}", common)]


def _record(file, name):
    try:
        data = read_standard_input() if file == "-" else Path(file).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise AdiffError("file", f"{file} cannot be read: {reason}") from None
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError:
        raise AdiffError("encoding", f"{name} is not valid UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        raise _wrong(name, f"is not TOML: {message[:1].lower()}{message[1:]}") from None


def _cases(row, where, common):
    """The Cases of a [[check]]: one for each of its points."""
    _check_keys(row, _KEYS, where)
    for key in ("target", "against"):
        if key not in row:
            raise _wrong(where, f"has no {key}")
    if "point" in row and "points" in row:
        raise _wrong(where, "has a point as well as points", "put it among them")
    points = row.get("points", [row.get("point", {})])
    if not points or not all(isinstance(point, dict) for point in points):
        raise _wrong(where, "has points that are no tables", "write points = [{x = 1}, {x = 2}]")
    name, settings = row.get("name", row["target"]), _settings(row, where, common)
    names = [name] if len(points) == 1 else [f"{name} [{k}]" for k in range(1, len(points) + 1)]
    return [Case(n, row["target"], row["against"], point, settings) for n, point in zip(names, points, strict=True)]


def _settings(row, where, common):
    found = common | {name: row[name] for name in (*_SETTINGS, "of") if name in row}
    if "wrt" in row:
        names = row["wrt"].split(",") if isinstance(row["wrt"], str) else row["wrt"]
        found["wrt"] = tuple(str(name).strip() for name in names)
    if "shape" in row:
        found["shapes"] = {name: _shape(name, size, where) for name, size in row["shape"].items()}
    return found


def _shape(name, size, where):
    sizes = size if isinstance(size, list) else [size]
    if not all(type(n) is int and n >= 0 for n in sizes):
        raise _wrong(where, f"has a shape of {name} that is none", f"write shape = {{{name} = [3, 2]}}")
    return tuple(sizes)


def _check_keys(record, known, where):
    """Raise for a key that is not known, and for a value that is of no use there."""
    for key, value in record.items():
        if key not in known:
            close = nearest(key, known)
            help = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
            raise _wrong(where, f"has a key {key}, which is not known", help)
        if not isinstance(value, _TYPES[key]) or isinstance(value, bool):
            raise _wrong(where, f"has a {key} of another kind: {value!r:.60}")


def _value(name, value):
    """The array that a value in the file stands for: texts are read as on the command line."""
    try:
        return read_value(value, constant) if isinstance(value, str) else as_floats(value)
    except AdiffError as error:
        error.message = f"{name}: {error.message}"
        raise error.at(str(value)) from None


def _wrong(where, what, help=""):
    return AdiffError("checks", f"{where} {what}", help=help)
