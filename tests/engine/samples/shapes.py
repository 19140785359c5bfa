import numpy as np

from . import sample

SAMPLES = [
    sample("reshape", lambda x: np.reshape(x, (3, -1)), (2, 3, 2)),
    sample("reshape F", lambda x: np.reshape(x, (4, 3), order="F") * np.arange(3.0), (2, 3, 2)),
    sample("reshape copy", lambda x: np.reshape(x, -1, copy=True) ** 2, (2, 3)),
    sample("reshape method", lambda x: x.reshape(4, 3), (2, 3, 2)),
    sample("ravel", np.ravel, (2, 3)),
    sample("ravel F", lambda x: np.ravel(x, order="F") ** 2, (2, 3)),
    sample("squeeze", lambda x: np.squeeze(x), (1, 3, 1)),
    sample("squeeze axis", lambda x: np.squeeze(x, axis=-1), (1, 3, 1)),
    sample("expand_dims", lambda x: np.expand_dims(x, (0, -1)), (2, 3)),
    sample("transpose", np.transpose, (2, 3, 4)),
    sample("transpose axes", lambda x: np.transpose(x, (-1, 0, 1)), (2, 3, 4)),
    sample("T", lambda x: x.T * x.reshape(3, 2), (2, 3)),
    sample("permute_dims", lambda x: np.permute_dims(x, (2, 0, 1)), (2, 3, 4)),
    sample("matrix_transpose", np.matrix_transpose, (2, 3, 4)),
    sample("swapaxes", lambda x: np.swapaxes(x, 0, -1), (2, 3, 4)),
    sample("moveaxis", lambda x: np.moveaxis(x, (0, 1), (-1, 0)), (2, 3, 4)),
    *(sample(f"rollaxis {a} {b}", lambda x, a=a, b=b: np.rollaxis(x, a, b), (2, 3, 4)) for a in (0, 2, -2)
      for b in (0, 1, 3, -1)),
    *(sample(f"{f.__name__} {len(shape)}-d", f, shape) for f in (np.atleast_1d, np.atleast_2d, np.atleast_3d)
      for shape in [(), (2,), (2, 3), (2, 1, 3)]),
    sample("atleast of several", lambda x, y: sum(np.atleast_2d(x, y)), (), (3,)),
    sample("astype", lambda x: np.astype(x * x, np.float64), (3,)),
    sample("astype complex", lambda x: np.abs(np.astype(x, complex) * (1 + 2j)) ** 2, (3,)),
    sample("astype whole", lambda x: np.astype(9 * x, int) * x + np.astype(x - 0.5 > 0, float), (9,)),
    sample("astype method", lambda x: (x * 9).astype(int) * x, (3,)),
    sample("copy", lambda x: np.copy(x) ** 2, (3,)),
    sample("likes", lambda x: np.ones_like(x) * x + np.zeros_like(x) + np.full_like(x, 2.0) * x, (2, 3)),
    sample("full_like", lambda x, t: np.full_like(x, t) * np.full_like(x, t, shape=(2, 1)), (2, 3), ()),
    sample("broadcast_to", lambda x: np.broadcast_to(x, (4, 2, 3)), (2, 1)),
    sample("broadcast_arrays", lambda x, y: np.multiply(*np.broadcast_arrays(x, y)), (2, 1), (3,)),
    sample("tile", lambda x: np.tile(x, 3), (2, 2)),
    sample("tile up", lambda x: np.tile(x, (2, 1, 3)), (2,)),
    sample("tile below", lambda x: np.tile(x, (2,)), (2, 1, 3)),
    sample("repeat", lambda x: np.repeat(x, 3), (2, 2)),
    sample("repeat axis", lambda x: np.repeat(x, 2, axis=1), (2, 3)),
    sample("repeat each", lambda x: np.repeat(x, [2, 0, 3], axis=-1), (2, 3)),
    sample("repeat each flat", lambda x: np.repeat(x, [2, 0, 3, 1]), (2, 2)),
]  # fmt: skip
