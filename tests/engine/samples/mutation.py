import numpy as np

from . import sample


def after(write):
    """The square of what stands in x^2 (so that x is something computed) after the call."""

    def call(x, *operands):
        destination = x * x
        write(destination, *operands)
        return destination**2

    return call


def put(key, look=lambda x: x):
    """look(x)[key] = v, as something to be done to x."""

    def write(x, v):
        look(x)[key] = v

    return after(write)


def _diagonal(x):
    return np.einsum("ii->i", x)


SAMPLES = [
    sample("x[...] = v", put(...), (2, 3), (3,)),
    sample("x[1] = v", put(1), (2, 3), (1, 3)),
    sample("x[::-2] = v", put(slice(None, None, -2)), (4,), ()),
    sample("x[None, ..., 1:] = v", put((None, ..., slice(1, None))), (2, 3), (2, 2)),
    sample("x[array] = v", put(np.array([1, 3, 1])), (4,), (3,)),
    sample("x[array, slice] = v", put(([0, 1, 0], slice(0, 2))), (2, 3), (3, 2)),
    sample("x[array] = number", put([2, 2]), (4,), ()),
    sample("x[mask] = v", put(np.arange(6).reshape(2, 3) % 2 == 0), (2, 3), (3,)),
    sample("x[computed] = v", after(lambda x, v: x.__setitem__(np.argsort(x)[:2], v)), (5,), (2,)),
    sample("x.T[1] = v", put(1, np.transpose), (2, 3), (2,)),
    sample("x.reshape[1:] = v", put(slice(1, None), lambda x: x.reshape(3, 2)), (2, 3), (2, 2)),
    sample("view of a view = v", put([1, 0], lambda x: x.T[1:][::-1].ravel()), (2, 3), (2,)),
    sample("diagonal = v", put(slice(1, None), _diagonal), (3, 3), (2,)),
    sample("x += v", after(lambda x, v: x.__iadd__(v)), (2, 3), (3,)),
    sample("x[1:] *= v", after(lambda x, v: x[1:].__imul__(v)), (3, 2), (2,)),
    sample("diagonal **= v", after(lambda x, v: _diagonal(x).__ipow__(v)), (3, 3), (3,)),
    sample("copyto", after(lambda x, v: np.copyto(x, v * v)), (2, 3), (3,)),
    sample("copyto where", after(lambda x, v: np.copyto(x, v, where=x > 0.36)), (2, 3), ()),
    sample("copyto a constant", after(lambda x: np.copyto(x, [1, 2, 3], where=[[True], [False]])), (2, 3)),
    sample("copyto into a constant", lambda v: [d := np.zeros(3, like=v), np.copyto(d, v * v), d**2][-1], (3,)),
    sample("put", after(lambda x, v: np.put(x, [1, -1, 1], v)), (2, 3), (3,)),
    sample("put repeated", after(lambda x, v: np.put(x, [[4, 0], [1, 2]], v)), (2, 3), (2,)),
    *(
        sample(f"put {mode}", after(lambda x, v, m=mode: np.put(x, [-9, 2, 8], v, mode=m)), (2, 3), (3,))
        for mode in ("wrap", "clip")
    ),
    sample("put computed", after(lambda x, v: np.put(x, np.argsort(x)[:2], [v, 1.0])), (5,), ()),
    sample("place", after(lambda x, v: np.place(x, x > 0.1, v)), (2, 3), (2,)),
    sample("putmask", after(lambda x, v: np.putmask(x, x > 0.36, v)), (2, 3), (2,)),
    sample("fill_diagonal", after(lambda x, v: np.fill_diagonal(x, v)), (3, 4), (2,)),
    sample("fill_diagonal wrap", after(lambda x, v: np.fill_diagonal(x, v, wrap=True)), (7, 2), ()),
    sample("put_along_axis", after(lambda x, v: np.put_along_axis(x, np.argmax(x, 1)[:, None], v, 1)), (3, 4), (3, 1)),
    sample("put_along_axis flat", after(lambda x, v: np.put_along_axis(x, np.array([5, 1]), v, None)), (3, 4), ()),
]
