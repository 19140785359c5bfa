import numpy as np

from . import sample


def after(write):
    """The square of what stands in x^2 (so that x is something computed) after the call."""

    def call(x, *operands):
        destination = x * x
        write(destination, *operands)
        return destination**2

    return call


SAMPLES = [
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
