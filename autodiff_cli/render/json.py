"""Strict JSON: one object on one line, `schema` first, keys always present, non-finite numbers as null."""

import json
import math

import numpy as np

from ..report import SCHEMA, Polynomial
from .polynomial import polynomial_text


def render(report, style):
    """Every number in full, whatever the style. `nonfinite` lists the path and value of each null."""
    nonfinite = []
    record = {
        "schema": SCHEMA,
        "command": report.command,
        **({"function": report.function} if report.function else {"expr": report.source}),
        "wrt": list(report.wrt),
        "value": _plain(report.value, "value", nonfinite),
        "shape": list(report.shape),
        "unbound": list(report.unbound),
        "assumed": {name: list(shape) for name, shape in report.assumed.items()},
        "nonfinite": nonfinite,
        "warnings": [_remark(r) for r in report.remarks],
    }
    record |= {key: _plain(leaf, key, nonfinite) for key, leaf in report.record.items()}
    return dumps(record) + "\n"


def dumps(record):
    """Compact and strict; any character of any name as it is, lone surrogates escaped."""
    text = json.dumps(record, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _plain(leaf, path, nonfinite):
    """Arrays as nested lists, dicts and lists of them as objects and lists, words as they are."""
    if isinstance(leaf, dict):
        return {key: _plain(part, f"{path}.{key}", nonfinite) for key, part in leaf.items()}
    if isinstance(leaf, Polynomial):
        return polynomial_text(leaf)
    if isinstance(leaf, (list, tuple)):
        return [_plain(part, f"{path}[{i}]", nonfinite) for i, part in enumerate(leaf)]
    return leaf if isinstance(leaf, (str, int, type(None))) else _numbers(leaf, path, nonfinite)


def _numbers(array, path, nonfinite):
    """An array as nested lists; what is not finite becomes null and is entered in the list."""
    array = np.asarray(array)
    if array.dtype == np.float32:
        array = np.array([float(str(v)) for v in array.ravel()]).reshape(array.shape)
    data = array.tolist()
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return data
    return _nulled(data, path, nonfinite)


def _nulled(data, path, nonfinite):
    if isinstance(data, list):
        return [_nulled(item, f"{path}[{i}]", nonfinite) for i, item in enumerate(data)]
    if math.isfinite(data):
        return data
    nonfinite.append({"path": path, "value": str(data)})
    return None


def _remark(remark):
    record = {"code": remark.code, "message": remark.message}
    return record | ({"span": list(remark.span)} if remark.span else {})


def error_record(error):
    """The object that an error is under --json."""
    detail = {"code": error.code, "message": error.message, "span": list(error.span) if error.span else None}
    return {"schema": SCHEMA, "error": {**detail, "help": error.help or None}, "exit": error.exit_code}
