"""Strict JSON: one object on one line, `schema` first, keys always present, non-finite numbers as null."""

import json
import math

import numpy as np

from ..report import SCHEMA


def render(report, style):
    """Every number in full, whatever the style. `nonfinite` lists the path and value of each null."""
    nonfinite = []
    record = {
        "schema": SCHEMA,
        "command": report.command,
        "expr": report.source,
        "wrt": list(report.wrt),
        "value": _plain(report.value, "value", nonfinite),
        "shape": list(np.shape(report.value)),
        "unbound": [],
        "assumed": {},
        "nonfinite": nonfinite,
        "warnings": [_remark(r) for r in report.remarks],
    }
    if report.derivatives is not None:
        record["grad"] = {n: _plain(a, f"grad.{n}", nonfinite) for n, a in report.derivatives.items()}
        record["formula"] = dict.fromkeys(report.derivatives)
    return dumps(record) + "\n"


def dumps(record):
    """Compact and strict; any character of any name as it is, lone surrogates escaped."""
    text = json.dumps(record, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _plain(array, path, nonfinite):
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
