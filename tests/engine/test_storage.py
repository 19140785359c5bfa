import io
import pickle

import numpy as np
import pytest

from autodiff_cli.engine.imperative import leaf
from autodiff_cli.engine.storage import load, save
from autodiff_cli.errors import AdiffError


def with_gradient(values=(1.0, 2.0), dtype=None):
    tensor = leaf(values, requires_grad=True, dtype=dtype)
    np.sum(tensor * tensor).backward()
    return tensor


def assert_same(one, other):
    assert one.dtype == other.dtype and one.shape == other.shape and np.array_equal(one.value, other.value)
    assert one.requires_grad == other.requires_grad and one.is_leaf
    if other.grad is None:
        assert one.grad is None
    else:
        assert one.grad.dtype == other.grad.dtype and np.array_equal(one.grad, other.grad)


@pytest.mark.parametrize(
    "tensor",
    [
        leaf([1.0, 2.0]),
        leaf(3.5, requires_grad=True),
        leaf([[1, 2], [3, 4]]),
        leaf([True, False]),
        leaf(np.zeros((0, 3))),
        with_gradient(),
        with_gradient(dtype=np.float16),
        with_gradient(dtype=np.longdouble),
        with_gradient([[1 + 2j]]),
        with_gradient(4.0),
    ],
    ids=lambda tensor: f"{tensor.dtype} {tensor.shape} {tensor.grad is not None}",
)
def test_what_comes_back(tensor, tmp_path):
    save(tmp_path / "one.npz", tensor)
    assert_same(load(tmp_path / "one.npz"), tensor)


def test_several(tmp_path):
    path = str(tmp_path / "model")
    model = {"layer.0.weight": with_gradient(), "file": leaf([3]), "data": leaf(2.0, requires_grad=True)}
    save(path, model)
    for found in (load(path), (save(path, **model), load(path))[1]):
        assert list(found) == list(model)
        for name in model:
            assert_same(found[name], model[name])


def test_what_came_back_goes_on():
    file = io.BytesIO()
    save(file, with_gradient())
    file.seek(0)
    tensor = load(file)
    np.sum(tensor * 10).backward()
    assert tensor.grad.tolist() == [12, 14]


def test_what_is_computed_is_a_leaf_afterwards(tmp_path):
    x = leaf([1.0, 2.0], requires_grad=True)
    y = x * x
    save(tmp_path / "y", y)
    found = load(tmp_path / "y")
    assert found.is_leaf and found.requires_grad and found.grad is None and found.value.tolist() == [1, 4]


def test_gradients_that_are_tensors(tmp_path):
    x = leaf([1.0, 2.0], requires_grad=True)
    np.sum(x**3).backward(create_graph=True)
    save(tmp_path / "x", x)
    assert load(tmp_path / "x").grad.tolist() == [3, 12]


def test_a_file_of_mygrad(tmp_path):
    """Its save is np.savez(file, data=..., grad=...), without the second where there is no gradient."""
    np.savez(tmp_path / "x.npz", data=[1.0, 2.0], grad=[3.0, 4.0])
    x = load(tmp_path / "x.npz")
    assert x.value.tolist() == [1, 2] and x.grad.tolist() == [3, 4] and x.requires_grad
    np.savez(tmp_path / "y.npz", data=[1, 2])
    y = load(tmp_path / "y.npz")
    assert y.value.tolist() == [1, 2] and y.grad is None and not y.requires_grad


class Trap:
    """What runs when it is unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


def files():
    def write(save, *args, **kwargs):
        file = io.BytesIO()
        save(file, *args, **kwargs)
        return file.getvalue()

    trap = np.array([Trap()], dtype=object)
    whole = write(save, leaf(np.arange(100.0)))
    return {
        "empty": b"",
        "text": b"1,2,3\n",
        "a pickle": pickle.dumps(Trap()),
        "a pickle in an npy": write(np.save, trap),
        "a pickle in an npz": write(np.savez, data=trap),
        "a plain array": write(np.save, np.ones(3)),
        "arrays of other names": write(np.savez, x=np.ones(3)),
        "one more part": write(np.savez, **{"w.data": np.ones(3), "w.colour": np.ones(3)}),
        "a gradient alone": write(np.savez, grad=np.ones(3)),
        "an npy of zeros": b"\x93NUMPY\x01\0v" + bytes(999),
        "cut off": whole[: len(whole) // 2],
    }


@pytest.mark.parametrize("kind", files())
def test_no_file_of_tensors(kind, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(files()[kind])
    with pytest.raises(AdiffError, match="file is not a file of tensors") as error:
        load(path)
    assert error.value.code == "file" and error.value.help == "ad.save writes one; pickles are never loaded"


def test_files_that_cannot_be(tmp_path):
    with pytest.raises(AdiffError, match="cannot be read: no such file"):
        load(tmp_path / "none")
    with pytest.raises(AdiffError, match="cannot be written: is a directory"):
        save(tmp_path, leaf(1.0))


@pytest.mark.parametrize(
    "args, named, message",
    [
        ((), {}, "save takes one tensor, one dict of tensors, or tensors by name"),
        ((leaf(1.0),), {"b": leaf(1.0)}, "save takes one tensor"),
        ((np.ones(3),), {}, "what is saved is of type ndarray, not a tensor"),
        (({"w": 1.0},), {}, "w is of type float, not a tensor"),
    ],
)
def test_what_cannot_be_saved(args, named, message, tmp_path):
    with pytest.raises(AdiffError, match=message) as error:
        save(tmp_path / "file", *args, **named)
    assert error.value.help and not (tmp_path / "file").exists()
