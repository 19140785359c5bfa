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
    *(
        sample(f"pad {mode} {width}", lambda x, w=width, m=mode: np.pad(x, w, m), (3, 4))
        for mode in ("constant", "edge", "reflect", "symmetric", "wrap")
        for width in (2, (1, 2), ((0, 5), (4, 1)))
    ),
    sample("pad value", lambda x: np.pad(x, 1, constant_values=3.0) ** 2, (3,)),
    sample("meshgrid", lambda x, y, z: weighted(np.meshgrid(x, y, z)), (2,), (3,), (2,)),
    sample("meshgrid ij", lambda x, y: np.subtract(*np.meshgrid(x, y, indexing="ij")) ** 3, (2,), (3,)),
    sample("meshgrid sparse", lambda x, y: np.multiply(*np.meshgrid(x, y, sparse=True)), (2,), (3,)),
    sample("meshgrid of one", lambda x: np.meshgrid(x)[0] ** 2, (3,)),
]
