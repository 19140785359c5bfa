import numpy as np

from autodiff_cli.engine import creation as ad

from . import sample

SAMPLES = [
    sample("array of numbers", lambda x, y: ad.array([[x, 1.0], [y, x * y]]) ** 2, (), ()),
    sample("array of arrays", lambda x, y: ad.array([[x, [1, 2]], (y, np.ones(2))]) ** 2, (2,), (2,)),
    sample("array of one", lambda x: np.real(ad.array(x, complex, ndmin=3)) ** 2, (2,)),
    sample("full", lambda x: ad.full((2, 3), x) ** 2, ()),
    sample("full of a row", lambda x: ad.full((2, 3), [x, 1.0, x**2]) ** 2, ()),
    sample("kaiser", lambda b: ad.kaiser(5, 3 * b), ()),
    sample("r_", lambda x, y: ad.r_[x, 0:3, y, [y, 2.0], 0:y:4j] ** 2, (3,), ()),
    sample("r_ by a directive", lambda x, y: ad.r_["1,3,0", x, y] ** 2, (2, 3), (2, 2)),
    sample("c_", lambda x, y: ad.c_[x, y, np.arange(3)] ** 2, (3,), (3, 2)),
    sample("np.array like", lambda x: np.array([x, [2.0, 1.0]], like=x) ** 2, (2,)),
    sample("np.full like", lambda x: np.full((3, 2), x, like=x) ** 2, (2,)),
    *(
        sample(f"np.{f.__name__} like", lambda x, f=f: f([x, x * x], like=x), (2,))
        for f in (np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray, np.require)
    ),
    *(
        sample(f"np.{f.__name__} like", lambda x, f=f: f(3, like=x) * x, (3,))
        for f in (np.zeros, np.ones, np.eye, np.identity, np.tri, np.arange)
    ),
    sample("np.empty like", lambda x: np.empty((0, 3), like=x) * x, (3,)),
    sample("np.fromiter like", lambda x: np.fromiter(range(3), float, like=x) * x, (3,)),
    sample("np.fromfunction like", lambda x: np.fromfunction(lambda i, j: i * x + j, (2, 3), like=x) ** 2, (3,)),
]
