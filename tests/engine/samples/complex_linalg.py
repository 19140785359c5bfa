"""Linear algebra of complex matrices; of vectors only what does not ask for their phase."""

import numpy as np

from .complex_numbers import EYE, complex_sample


def adjoint(x):
    return np.conjugate(np.matrix_transpose(x))


def definite(x):
    return x @ adjoint(x) + 3 * EYE


def rebuilt(w, v):
    """The logarithm of a Hermitian matrix, from its eigenvalues and eigenvectors."""
    return (v * np.log(w)) @ adjoint(v)


def root(u, s, vh):
    """A matrix with the roots of the singular values in their places."""
    return (u * np.sqrt(s)) @ vh


SAMPLES = [
    *(complex_sample(f"cholesky {s}", lambda a: np.linalg.cholesky(definite(a)), s) for s in [(3, 3), (2, 3, 3)]),
    complex_sample("cholesky upper", lambda a: np.linalg.cholesky(definite(a), upper=True), (3, 3)),
    *(complex_sample(f"eigvalsh {u}", lambda a, u=u: np.linalg.eigvalsh(definite(a), u), (3, 3)) for u in "LU"),
    *(complex_sample(f"eigh {u}", lambda a, u=u: np.abs(np.linalg.eigh(definite(a), u)[1]), (3, 3)) for u in "LU"),
    complex_sample("a function of a matrix", lambda a: rebuilt(*np.linalg.eigh(definite(a))), (3, 3)),
    *(
        complex_sample(f"svd {s}", lambda a: root(*np.linalg.svd(a, full_matrices=False)), s)
        for s in [(3, 3), (3, 2), (2, 3)]
    ),
    *(
        complex_sample(f"svd {part} {s}", lambda a, k=part: np.abs(np.linalg.svd(a, full_matrices=False)[k]), s)
        for part in (0, 2)
        for s in [(3, 3), (4, 2), (2, 4)]
    ),
    *(complex_sample(f"svd full {s}", lambda a: np.abs(np.linalg.svd(a)[0])[:, :2], s) for s in [(3, 3), (4, 2)]),
    complex_sample("svdvals", np.linalg.svdvals, (4, 2)),
    *(
        complex_sample(f"qr {part} {s}", lambda a, part=part: getattr(np.linalg.qr(a), part), s)
        for part in "QR"
        for s in [(3, 3), (4, 2), (2, 4)]
    ),
    complex_sample("qr r", lambda a: np.linalg.qr(a, "r"), (2, 4)),
    # A stack: NumPy's products of single complex numbers are rounded otherwise than those of arrays.
    complex_sample("slogdet", lambda a: np.multiply(*np.linalg.slogdet(a - 3 * EYE)), (2, 3, 3)),
    *(complex_sample(f"pinv {s}", np.linalg.pinv, s) for s in [(3, 2), (2, 3), (2, 3, 2)]),
    complex_sample("pinv hermitian", lambda a: np.linalg.pinv(definite(a), hermitian=True), (3, 3)),
    *(
        complex_sample(f"lstsq {part}", lambda a, b, k=part: np.linalg.lstsq(a, b)[k], (4, 2), (4,))
        for part in (0, 1, 3)
    ),
    *(
        complex_sample(f"norm {p}", lambda x, p=p: np.linalg.norm(x, p), (4,))
        for p in (None, 1, 2, 3, 4, 1.5, -1, np.inf, -np.inf)
    ),
    *(
        complex_sample(f"matrix norm {p}", lambda x, p=p: np.linalg.norm(x, p), (3, 2))
        for p in (1, -1, 2, -2, "fro", "nuc", np.inf, -np.inf)
    ),
    complex_sample("det of a large matrix", lambda a: np.linalg.det(a + 2 * np.eye(9)), (9, 9), orders=2),
    complex_sample("cond", np.linalg.cond, (3, 3)),
    complex_sample("polyfit", lambda x, y: np.polyfit(x, y, 1), (4,), (4,)),
]
