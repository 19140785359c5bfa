"""Tensors in files, with their gradients: NumPy's .npz, without pickles.

A tensor is up to three arrays, `data`, `grad` and `requires_grad`; where there are several tensors, their names stand
before, as in `weight.data`. A file of MyGrad's has the first two, and is read too.
"""

from os import PathLike
from pathlib import Path
from tokenize import TokenError
from zipfile import BadZipFile

import numpy as np

from ..errors import AdiffError
from .imperative import leaf
from .tensor import Tensor

_PARTS = ("data", "grad", "requires_grad")


def save(file, tensor=None, /, **tensors):
    """Write tensors to a file, each with its value, its gradient, and whether it requires one.

    file      a path, at which a file is replaced, or a binary file that is open for writing
    tensor    one Tensor, or a dict of them by name
    tensors   or several by their names

    save("model.npz", w) or save("model.npz", w=w, b=b). How a tensor was computed is not saved. Raises AdiffError
    (not-a-tensor, file).
    """
    if (tensor is None) == (not tensors):
        help = 'save("w.npz", w), save("model.npz", w=w, b=b), or save("model.npz", {"w": w, "b": b})'
        raise AdiffError("arguments", "save takes one tensor, one dict of tensors, or tensors by name", help=help)
    named = tensors or tensor
    named = {f"{name}.": each for name, each in named.items()} if isinstance(named, dict) else {"": named}
    arrays = {prefix + part: value for prefix, each in named.items() for part, value in _parts(prefix, each).items()}
    _with_file(file, "wb", "written", lambda opened: np.savez(opened, **arrays))


def _parts(prefix, tensor):
    if not isinstance(tensor, Tensor):
        message = f"{prefix[:-1] or 'what is saved'} is of type {type(tensor).__name__}, not a tensor"
        raise AdiffError("not-a-tensor", message, help="make one with ad.tensor, or save arrays with np.savez")
    found = dict(zip(_PARTS, (tensor.value, tensor.grad, tensor.requires_grad), strict=True))
    return {part: value for part, value in found.items() if value is not None}


def load(file):
    """What `save` wrote: a Tensor, or a dict of them by name, with values, dtypes, gradients and requires_grad.

    file   a path, or a binary file that is open for reading

    They are leaves. Raises AdiffError (file) for what is no file of tensors; pickles are never loaded.
    """
    tensors = _with_file(file, "rb", "read", _tensors)
    return tensors.get(None, tensors)


def _tensors(opened):
    """The tensors of a file by name, a single one by None; ValueError where there are none."""
    found = np.load(opened, allow_pickle=False)
    if not isinstance(found, np.lib.npyio.NpzFile):
        raise ValueError
    named = {}
    for name, array in found.items():
        prefix, dot, part = name.rpartition(".")
        named.setdefault(prefix if dot else None, {})[part] = array
    if any("data" not in parts or not parts.keys() <= set(_PARTS) for parts in named.values()):
        raise ValueError
    return {name: _tensor(**parts) for name, parts in named.items()}


def _tensor(data, grad=None, requires_grad=None):
    """MyGrad does not write requires_grad: there, what has a gradient requires one."""
    tensor = leaf(data, grad is not None if requires_grad is None else bool(requires_grad))
    tensor.grad = grad
    return tensor


def _with_file(file, mode, done, use):
    """What `use` gives of a file, which is opened and closed here if it is a path."""
    is_path = isinstance(file, (str, PathLike))
    name = file if is_path else "the file"
    try:
        if not is_path:
            return use(file)
        with Path(file).open(mode) as opened:
            return use(opened)
    except OSError as error:
        message = f"{name} cannot be {done}: {(error.strerror or str(error)).lower()}"
        raise AdiffError("file", message) from None
    except (ValueError, EOFError, TokenError, BadZipFile):
        help = "ad.save writes one; pickles are never loaded"
        raise AdiffError("file", f"{name} is not a file of tensors", help=help) from None
