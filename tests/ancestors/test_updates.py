"""Any sequence of views and in-place updates: NumPy's values, and gradients beside central differences of NumPy.

A sequence is plain data, and one interpreter runs it twice: on arrays and on tensors. There are three arrays to begin
with, each of which can be looked at and written through any number of views:

    x    a leaf; its gradient is with respect to what it is after the last update
    y    computed from a leaf; the gradient of that leaf goes through all updates
    z    a constant, until something else is written into it

and `w`, a leaf that is only written from. What is read before an update is read into the result at once, so the
graph has to remember it; what every array is in the end is read last.
"""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

import autodiff_cli as ad

SHAPES = [(6,), (3, 3), (2, 4)]
ROWS = [0, -1, 0]  # of any axis; the first comes twice
NUMBERS = np.random.default_rng(4).uniform(0.5, 1.5, 1000)  # an irregular weight for every place
H = 1e-5  # of central differences


def pattern(shape, start=0):
    """The same irregular numbers for the same shape, wherever they are asked for."""
    size = int(np.prod(shape))
    return NUMBERS[start : start + size].reshape(shape)


def mask(shape):
    return pattern(shape, 50) > 1


def diagonal(a):
    n = min(a.shape[-2:]) if a.ndim > 1 else 1
    return np.einsum("...ii->...i", a[..., :n, :n]) if a.ndim > 1 else a[:n]


# Each takes an array of any shape without zeros, and gives one; in NumPy a view, wherever the memory allows.
VIEWS = {
    "every second": lambda a: a[::2],
    "backwards": lambda a: a[::-1],
    "all but one": lambda a: a[1:] if len(a) > 1 else a[:1],
    "all but the last": lambda a: a[:-1] if len(a) > 1 else a[:],
    "two from the end": lambda a: a[..., : -3 : -1],
    "a row": lambda a: a[-1] if a.ndim > 1 else a[-1:],
    "a column": lambda a: a[..., 0] if a.ndim > 1 else a[..., :1],
    "new axis": lambda a: a[:, np.newaxis] if a.ndim < 3 else a[0],
    "transpose": lambda a: a.T,
    "swapaxes": lambda a: a.swapaxes(0, -1),
    "moveaxis": lambda a: np.moveaxis(a, -1, 0),
    "flat": lambda a: a.reshape(-1),
    "halves": lambda a: np.reshape(a, (2, -1)) if a.size % 2 == 0 else a,
    "ravel": lambda a: a.ravel(),
    "diagonal": diagonal,
    "flip": lambda a: np.flip(a),
}  # fmt: skip


def write_backwards(a, v):
    a[::-1] = v


def write_masked(a, v):
    a[mask(a.shape)] = v[mask(a.shape)]


def write_rows(a, v):
    a[ROWS] = v[ROWS]


def write_where_large(a, v):
    a[a > 0.98765] = 0.75


def shift(a, v):
    """Of one array onto itself, one place further."""
    a[1:] = a[:-1]


def shift_and_add(a, v):
    a[:-1] += a[1:]


def turn(a, v):
    a[...] = a[::-1]


def masked_product(a, v):
    a[mask(a.shape)] *= 1.5


def add_rows(a, v):
    a[ROWS] += v[ROWS]


def add(a, v):
    a += v


def subtract(a, v):
    a -= 0.5 * v


def multiply(a, v):
    a *= v


def divide(a, v):
    a /= 2 + v * v


def square(a, v):
    a **= 2


def product_into(a, v):
    np.multiply(a, v, out=a)


def sine_into(a, v):
    np.sin(v, out=a, where=mask(a.shape))


def set_all(a, v):
    a[...] = v


def set_number(a, v):
    a[0] = 1.25


def copy_masked(a, v):
    np.copyto(a, v, where=mask(a.shape))


def fill(a, v):
    a.fill(0.5)


def add_at(a, v):
    np.add.at(a, ROWS, v[ROWS])


def multiply_at(a, v):
    np.multiply.at(a, ROWS, 1.5)


def put(a, v):
    np.put(a, [0, -1], 0.25)


UPDATES = {
    f.__name__: f
    for f in (set_all, set_number, write_backwards, write_masked, write_rows, write_where_large, shift, shift_and_add,
              turn, masked_product, add_rows, add, subtract, multiply, divide, square, product_into, sine_into,
              copy_masked, fill, add_at, multiply_at, put)
}  # fmt: skip


def fitted(source, shape):
    """A source in the shape of what it is written into: as it is, broadcast, or gathered."""
    if source.shape == shape:
        return source
    try:
        return np.broadcast_to(source, shape)
    except ValueError:
        places = np.arange(int(np.prod(shape))).reshape(shape) % source.size
        return np.ravel(source)[places]


def run(steps, arrays, w, before=lambda i, arrays: None):
    """The result of a sequence on the three arrays, and all arrays there are in the end.

    A step is ("view", of which, how), ("update", which, how, from which) or ("read", which); arrays are counted as
    they come, and -1 is w.
    """
    arrays, result = list(arrays), np.sum(w * 0)
    for i, (kind, which, *rest) in enumerate(steps):
        before(i, arrays)
        target = arrays[which % len(arrays)]
        if kind == "view":
            arrays.append(VIEWS[rest[0]](target))
        elif kind == "read":
            result = result + np.sum(target * target * pattern(target.shape, 100))
        else:
            how, source = rest
            source = w if source < 0 else arrays[source % len(arrays)]
            UPDATES[how](target, fitted(source, target.shape))
    before(len(steps), arrays)
    for k, array in enumerate(arrays):
        result = result + np.sum(array * pattern(array.shape, 200 + 7 * k))
    return result, arrays


def starts(shape):
    """x, y, z and w, as they are in the beginning."""
    return *(pattern(shape, start).copy() for start in (300, 400, 500)), pattern(shape[-1:], 600)


def on_arrays(steps, shape, moved=None, by=0.0, after=0):
    """The sequence on plain NumPy; one of x, y, w is moved along its direction, x after so many steps."""
    x, y, z, w = starts(shape)
    y = y + by * pattern(y.shape, 700) * (moved == "y")
    w = w + by * pattern(w.shape, 700) * (moved == "w")

    def before(i, arrays):
        if moved == "x" and i == after:
            arrays[0] += by * pattern(arrays[0].shape, 700)

    return run(steps, [x, y * 1.0, z], w, before)


def last_update_of_x(steps, shape):
    """The number of steps up to and with the last one that writes into the memory of x."""
    found = [0]

    def before(i, arrays):
        if i < len(steps) and steps[i][0] == "update":
            target = arrays[steps[i][1] % len(arrays)]
            if np.shares_memory(target, arrays[0]):
                found.append(i + 1)

    *arrays, w = starts(shape)
    run(steps, arrays, w, before)
    return found[-1]


def slopes(steps, shape):
    """Central differences along one irregular direction for each leaf."""
    last = last_update_of_x(steps, shape)
    ways = [[on_arrays(steps, shape, name, h, last)[0] for h in (H, -H)] for name in "xyw"]
    return [(ahead - behind) / (2 * H) for ahead, behind in ways]


def on_tensors(steps, shape):
    x, y, z, w = (ad.tensor(a, requires_grad=i != 2) for i, a in enumerate(starts(shape)))
    result, tensors = run(steps, [x, y * 1.0, z], w)
    return result, tensors, [x, y, w]


KEPT = st.one_of(
    st.tuples(st.just("view"), st.integers(0, 9), st.sampled_from(sorted(VIEWS))),
    st.tuples(st.just("update"), st.integers(0, 9), st.sampled_from(sorted(UPDATES)), st.integers(-1, 9)),
    st.tuples(st.just("update"), st.integers(0, 9), st.sampled_from(sorted(UPDATES)), st.integers(-1, 9)),
    st.tuples(st.just("read"), st.integers(0, 9)),
)


@settings(max_examples=180, deadline=None, derandomize=True, database=None)
@given(steps=st.lists(KEPT, min_size=1, max_size=9), shape=st.sampled_from(SHAPES))
@example([("update", 1, "multiply", 2), ("update", 2, "fill", 0)], (6,))
@example([("view", 0, "backwards"), ("view", 3, "ravel"), ("update", 0, "add", 0)], (6,))
@example([("view", 0, "diagonal"), ("update", 3, "multiply", -1), ("read", 0)], (3, 3))
@example(
    [("view", 0, "backwards"), ("view", 3, "all but one"), ("update", 0, "add", 4), ("update", 4, "shift", 0)], (6,)
)
@example([("view", 1, "transpose"), ("view", 3, "ravel"), ("update", 4, "square", 0), ("update", 3, "turn", 0)], (2, 4))
@example(
    [("read", 0), ("update", 0, "square", 0), ("read", 0), ("update", 0, "set_all", 2), ("update", 2, "add", 0)], (6,)
)
def test_any_sequence(steps, shape):
    want, arrays = on_arrays(steps, shape)
    differences = slopes(steps, shape)
    for _ in range(2):  # a graph of a form that was met before has a sweep of its own
        got, tensors, leaves = on_tensors(steps, shape)
        same_values([got, *tensors], [want, *arrays])
        got.backward()
        found = [np.sum(leaf.grad * pattern(leaf.shape, 700)) for leaf in leaves]
        np.testing.assert_allclose(found, differences, rtol=1e-6, atol=1e-8 * (1 + abs(want)))
    same_views(tensors, arrays)


def same_values(tensors, arrays):
    for tensor, array in zip(tensors, arrays, strict=True):
        assert tensor.shape == array.shape and tensor.dtype == array.dtype
        np.testing.assert_allclose(tensor.value, array, rtol=1e-12)


def same_views(tensors, arrays):
    """What shares memory in NumPy has a base here, and its gradient is that view of the gradient of its base."""
    for tensor, array in zip(tensors, arrays, strict=True):
        owners = [np.shares_memory(array, base) for base in arrays[:3]]
        assert [tensor is base or tensor.base is base for base in tensors[:3]] == owners
        if owners[0]:
            np.testing.assert_array_equal(tensor.grad, seen_through(array, arrays[0], tensors[0].grad))
            assert np.shares_memory(tensor.grad, tensors[0].grad)


def seen_through(view, base, other):
    """The entries of an array like `base` at which `view` looks."""
    address = view.__array_interface__["data"][0] - base.__array_interface__["data"][0]
    for place, step in zip(np.indices(view.shape), view.strides, strict=True):
        address = address + place * step
    return other.ravel()[address // base.itemsize]
