import numpy as np

from . import sample


def pairs(f, shapes, **keywords):
    """A function of two arrays at several pairs of shapes."""
    module = getattr(f, "__module__", "") or ""
    name = " ".join([module.removeprefix("numpy").strip("."), getattr(f, "__qualname__", f.__name__), str(keywords)])
    return [sample(f"{name} {a} {b}", lambda x, y: f(x, y, **keywords), a, b, orders=2) for a, b in shapes]


MATRICES = [((3,), (3,)), ((3,), (3, 2)), ((2, 3), (3,)), ((2, 3), (3, 2))]
STACKS = [((4, 2, 3), (3, 2)), ((2, 3), (4, 3, 2)), ((4, 1, 2, 3), (2, 3, 2)), ((3,), (4, 3, 2)), ((4, 2, 3), (3,))]

SAMPLES = [
    *pairs(np.matmul, MATRICES + STACKS),
    *pairs(np.linalg.matmul, [((2, 3), (4, 3, 2))]),
    *pairs(np.matvec, [((2, 3), (3,)), ((4, 2, 3), (3,)), ((2, 3), (4, 3))]),
    *pairs(np.vecmat, [((3,), (3, 2)), ((4, 3), (3, 2)), ((3,), (4, 3, 2))]),
    *pairs(np.vecdot, [((3,), (3,)), ((4, 3), (3,)), ((1, 3), (2, 3))]),
    *pairs(np.vecdot, [((3, 4), (3,)), ((3,), (3, 4)), ((3, 4), (3, 4))], axis=0),
    *pairs(np.linalg.vecdot, [((2, 3), (2, 3))], axis=-2),
    *pairs(np.vdot, [((3,), (3,)), ((2, 3), (6,)), ((), ())]),
    *pairs(np.outer, [((2,), (3,)), ((2, 2), (3,)), ((), (3,))]),
    *pairs(np.linalg.outer, [((2,), (3,))]),
    *pairs(np.multiply.outer, [((2,), (2, 3)), ((), (3,))]),
    *pairs(np.dot, [*MATRICES, ((), (2, 3)), ((3,), ()), ((4, 2, 3), (3,)), ((4, 2, 3), (5, 3, 2)), ((3,), (4, 3, 2))]),
    *pairs(np.inner, [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (4, 3)), ((), (3,)), ((2, 1, 3), (4, 3))]),
    *pairs(np.tensordot, [((2, 3), (2, 3)), ((4, 2, 3), (2, 3, 5))]),
    *pairs(np.tensordot, [((2,), (3, 2))], axes=0),
    *pairs(np.tensordot, [((2, 3), (3, 2))], axes=1),
    *pairs(np.tensordot, [((2, 3, 4), (4, 5, 2))], axes=((0, 2), (2, 0))),
    *pairs(np.tensordot, [((2, 3, 4), (2, 4, 3))], axes=([-1, 1], [1, -1])),
    *pairs(np.tensordot, [((2, 3, 4), (2, 3))], axes=(1, -1)),
    *pairs(np.linalg.tensordot, [((2, 3), (3, 2))], axes=1),
    *pairs(np.kron, [((2,), (3,)), ((2, 3), (2, 2)), ((2, 3), (2,)), ((2,), (3, 1, 2)), ((), (2,))]),
    *pairs(np.cross, [((3,), (3,)), ((4, 3), (3,)), ((3,), (4, 3)), ((2, 1, 3), (4, 3))]),
    *pairs(np.cross, [((3, 4), (3, 4))], axis=0),
    *pairs(np.cross, [((3, 4), (4, 3)), ((3, 1, 4), (4, 3))], axisa=0, axisb=1, axisc=0),
    *pairs(np.linalg.cross, [((4, 3), (4, 3)), ((3,), (4, 3))]),
    *(
        sample(f"{f.__name__} {mode} {n} {m}", lambda a, v, f=f, mode=mode: f(a, v, mode), (n,), (m,), orders=2)
        for f in (np.convolve, np.correlate)
        for mode in ("full", "same", "valid")
        for n, m in [(5, 3), (3, 5), (4, 2), (2, 5), (4, 4), (1, 3)]
    ),
    *(
        sample(f"einsum {subscripts} {shapes}", lambda *a, s=subscripts: np.einsum(s, *a), *shapes)
        for subscripts, shapes in [
            ("ij,jk->ik", [(2, 3), (3, 2)]),
            ("ij,jk", [(2, 3), (3, 2)]),
            ("ba", [(2, 3)]),
            ("ij->", [(2, 3)]),
            ("ii", [(3, 3)]),
            ("ii->i", [(3, 3)]),
            ("iij,jk->ki", [(2, 2, 3), (3, 2)]),
            ("ijij->j", [(2, 3, 2, 3)]),
            ("iii", [(2, 2, 2)]),
            ("ik,j->j", [(2, 2), (3,)]),
            ("i,j,k->kji", [(2,), (3,), (2,)]),
            ("ij,jk,kl,l->i", [(2, 2), (2, 3), (3, 2), (2,)]),
            ("...ij,...jk->...ik", [(4, 2, 3), (3, 2)]),
            ("...i,...i", [(4, 3), (2, 1, 3)]),
            ("i...,i...->...", [(3, 2), (3, 2)]),
            ("...ii->...i", [(2, 3, 3)]),
            ("ij,ij->ij", [(2, 3), (1, 3)]),
            ("ij , ij -> j", [(2, 1), (2, 3)]),
            (",i->i", [(), (3,)]),
        ]
    ),
    sample("einsum lists", lambda a, b: np.einsum(a, [0, 1], b, [1, 27], [27, 0]), (2, 3), (3, 2)),
    sample("einsum lists, implicit", lambda a, b: np.einsum(a, [Ellipsis, 27], b, [27, 2]), (2, 3), (3, 2)),
    sample("einsum optimize", lambda a, b, c: np.einsum("ij,jk,kl", a, b, c, optimize=True), (2, 2), (2, 3), (3, 2)),
    sample("einsum of one twice", lambda a: np.einsum("ij,jk,ik->", a, a, a), (2, 2)),
    sample("trace", np.trace, (3, 3)),
    sample("trace wide", lambda a: np.trace(a, 1), (2, 4)),
    sample("trace of a stack", lambda a: np.trace(a**2, -1, 2, 0), (3, 2, 4)),
    sample("linalg.trace", lambda a: np.linalg.trace(a**2, offset=-1), (2, 3, 4)),
    sample("linalg.diagonal", lambda a: np.linalg.diagonal(a, offset=1), (2, 3, 4)),
    sample("linalg.matrix_transpose", np.linalg.matrix_transpose, (4, 2, 3)),
    sample("multi_dot", lambda a, b, c: np.linalg.multi_dot([a, b, c]), (2, 3), (3, 4), (4, 2)),
    sample("multi_dot of vectors", lambda a, b, c: np.linalg.multi_dot([a, b, c]), (3,), (3, 4), (4,)),
    sample("multi_dot of two", lambda a, b: np.linalg.multi_dot([a, b]), (3,), (3, 4)),
    sample("multi_dot of one twice", lambda a, b: np.linalg.multi_dot([a, b, a, b]), (3, 2), (2, 3)),
    *(
        sample(f"matrix_power {n}", lambda a, n=n: np.linalg.matrix_power(a + np.eye(2), n), (2, 2))
        for n in (-3, -1, 0, 1, 2, 3, 6, 7)
    ),
    sample("matrix_power of a stack", lambda a: np.linalg.matrix_power(a, 3), (3, 2, 2)),
]
