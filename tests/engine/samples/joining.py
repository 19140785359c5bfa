import numpy as np

from . import sample

PAIR = ((2, 3), (2, 3))


def weighted(parts):
    """What cannot be joined, as one array in which each part counts differently."""
    return sum(np.sum(part * part) * (k + 1) for k, part in enumerate(parts))


SAMPLES = [
    sample("concatenate", lambda x, y: np.concatenate([x, y, x]), (2, 3), (1, 3)),
    sample("concatenate axis", lambda x, y: np.concatenate((x, np.ones((2, 2)), y), axis=-1), (2, 3), (2, 1)),
    sample("concatenate flat", lambda x, y: np.concatenate([x, y], axis=None), (2, 3), (2,)),
    sample("concatenate dtype", lambda x, y: np.concatenate([x, y], dtype=np.float64, casting="no"), *PAIR),
    sample("vstack dtype", lambda x, y: np.real(np.vstack([x, y], dtype=complex)), *PAIR),
    sample("concat", lambda x, y: np.concat([x, y], axis=0), *PAIR),
    *(sample(f"stack {axis}", lambda x, y, axis=axis: np.stack([x, y, x * y], axis), *PAIR) for axis in (0, 1, -1)),
    *(
        sample(f"{f.__name__} {len(shape)}-d", lambda x, y, f=f: f([x, y, x * x]), shape, shape)
        for f in (np.vstack, np.hstack, np.dstack, np.column_stack)
        for shape in [(3,), (2, 3), (2, 3, 2)]
    ),
    sample("hstack of numbers", lambda x, y: np.hstack([x, 1.0, y * y]), (), ()),
    sample("append", lambda x, y: np.append(x, y * y), (2, 3), (2,)),
    sample("append axis", lambda x, y: np.append(x, y, axis=1), (2, 3), (2, 1)),
    sample("block", lambda x, y: np.block([[x, np.zeros((2, 1))], [np.ones((1, 3)), y]]), (2, 3), ()),
    sample("block of vectors", lambda x, y: np.block([x, y, 2.0]), (2,), (3,)),
    sample("split", lambda x: weighted(np.split(x, 3)), (6, 2)),
    sample("split at", lambda x: weighted(np.split(x, [1, 1, 4], axis=1)), (2, 6)),
    sample("array_split", lambda x: weighted(np.array_split(x, 4, axis=-1)), (2, 6)),
    sample("vsplit", lambda x: weighted(np.vsplit(x, 2)), (4, 2)),
    sample("hsplit", lambda x: weighted(np.hsplit(x, [3])), (2, 4)),
    sample("hsplit of a vector", lambda x: weighted(np.hsplit(x, 2)), (4,)),
    sample("dsplit", lambda x: weighted(np.dsplit(x, 2)), (1, 2, 4)),
    sample("unstack", lambda x: weighted(np.unstack(x, axis=1)), (2, 3)),
    sample("meshgrid", lambda x, y, z: weighted(np.meshgrid(x, y, z)), (2,), (3,), (2,)),
    sample("meshgrid ij", lambda x, y: np.subtract(*np.meshgrid(x, y, indexing="ij")) ** 3, (2,), (3,)),
    sample("meshgrid sparse", lambda x, y: np.multiply(*np.meshgrid(x, y, sparse=True)), (2,), (3,)),
    sample("meshgrid of one", lambda x: np.meshgrid(x)[0] ** 2, (3,)),
    sample("apply_along_axis", lambda x: np.apply_along_axis(lambda row: np.sum(row**3), 1, x), (2, 3, 2)),
    sample("apply_along_axis to vectors", lambda x: np.apply_along_axis(np.cumsum, 0, x) ** 2, (3, 2)),
    sample("apply_along_axis to matrices", lambda x: np.apply_along_axis(np.diag, -2, x, k=1) ** 2, (2, 3, 2)),
    sample("apply_along_axis to lists", lambda x: np.apply_along_axis(lambda r: [r[0], r @ r], -1, x), (2, 3)),
    sample("apply_over_axes", lambda x: np.apply_over_axes(np.sum, x**2, (0, -1)), (2, 3, 2)),
    sample("apply_over_axes kept", lambda x: np.apply_over_axes(np.cumsum, x**2, 1), (2, 3)),
]
