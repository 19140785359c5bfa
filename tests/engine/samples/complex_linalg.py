"""Linear algebra of complex matrices; of vectors only what does not ask for their phase."""

import numpy as np

from autodiff_cli.engine.rulebook.linalg import cofactor_map

from . import sample
from .complex_numbers import EYE, complex_sample


def adjoint(x):
    return np.conjugate(np.matrix_transpose(x))


def definite(x):
    return x @ adjoint(x) + 3 * EYE


def rebuilt(w, v):
    """The logarithm of a Hermitian matrix, from its eigenvalues and eigenvectors."""
    return (v * np.log(w)) @ adjoint(v)


def indefinite(x):
    """A Hermitian matrix with eigenvalues of both signs."""
    return x + adjoint(x) + np.diag([2.0, -3.0, 0.0])


def beyond(q, columns):
    """The projection on the columns of q beyond the first ones, whose basis nothing determines."""
    return q[..., columns:] @ adjoint(q[..., columns:])


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
    *(complex_sample(f"qr complete {k}", lambda a, k=k: np.linalg.qr(a, "complete")[k][:, :2], (4, 2)) for k in (0, 1)),
    complex_sample("qr complete, the rest", lambda a: beyond(np.linalg.qr(a, "complete")[0], 2), (2, 4, 2)),
    complex_sample("svd full, the rest", lambda a: beyond(np.linalg.svd(a)[0], 2), (4, 2)),
    *(
        complex_sample(f"svd hermitian {k}", lambda a, k=k: np.abs(np.linalg.svd(indefinite(a), hermitian=True)[k]), s)
        for k, s in [(0, (3, 3)), (1, (2, 3, 3)), (2, (3, 3))]
    ),
    complex_sample("svd hermitian, together", lambda a: root(*np.linalg.svd(indefinite(a), hermitian=True)), (3, 3)),
    complex_sample("svd hermitian values", lambda a: np.linalg.svd(indefinite(a), True, False, True), (3, 3)),
    *(complex_sample(f"inv {s}", lambda a: np.linalg.inv(a + 3 * EYE), s) for s in [(3, 3), (2, 3, 3)]),
    *(complex_sample(f"solve {s}", lambda a, b: np.linalg.solve(a + 3 * EYE, b), (2, 3, 3), s) for s in [(3,), (3, 2)]),
    complex_sample("tensorinv", lambda a: np.linalg.tensorinv(a + np.eye(4).reshape(2, 2, 4), 2), (2, 2, 4)),
    complex_sample("tensorsolve", lambda a, b: np.linalg.tensorsolve(a, b, (0, 2)), (2, 4, 2), (4,)),
    *(complex_sample(f"matrix_power {n}", lambda a, n=n: np.linalg.matrix_power(a, n), (2, 2, 2)) for n in (0, 3, -1)),
    complex_sample("sign of slogdet", lambda a: np.linalg.slogdet(a - 3 * EYE)[0], (3, 3)),
    complex_sample("logarithm of slogdet", lambda a: np.linalg.slogdet(a - 3 * EYE)[1], (3, 3)),
    # A stack: NumPy's products of single complex numbers are rounded otherwise than those of arrays.
    complex_sample("slogdet", lambda a: np.multiply(*np.linalg.slogdet(a - 3 * EYE)), (2, 3, 3)),
    *(complex_sample(f"pinv {s}", np.linalg.pinv, s) for s in [(3, 2), (2, 3), (2, 3, 2)]),
    complex_sample("pinv of a product", lambda a, b: np.linalg.pinv(a @ b, 1e-10), (3, 2), (2, 4)),
    complex_sample("pinv hermitian", lambda a: np.linalg.pinv(definite(a), hermitian=True), (3, 3)),
    *(
        complex_sample(f"lstsq {part}", lambda a, b, k=part: np.linalg.lstsq(a, b)[k], (4, 2), (4,))
        for part in (0, 1, 3)
    ),
    complex_sample("lstsq wide", lambda a, b: np.linalg.lstsq(a, b)[0], (2, 4), (2, 3)),
    *(
        complex_sample(f"norm {p}", lambda x, p=p: np.linalg.norm(x, p), (4,))
        for p in (None, 0, 1, 2, 3, 4, 6, 1.5, 0.5, -1, -2, np.inf, -np.inf)
    ),
    *(
        complex_sample(f"matrix norm {p}", lambda x, p=p: np.linalg.norm(x, p), (3, 2))
        for p in (None, 1, -1, 2, -2, "fro", "nuc", np.inf, -np.inf)
    ),
    *(
        complex_sample(f"norm {p} along axes", lambda x, p=p: np.linalg.norm(x, p, (2, 0), True), (2, 3, 2))
        for p in (None, 1, 2, "nuc", np.inf)
    ),
    complex_sample("vector_norm", lambda x: np.linalg.vector_norm(x, axis=(0, 2), ord=3), (2, 3, 2)),
    *(complex_sample(f"det {n}", np.linalg.det, (2, n, n)) for n in (1, 2, 4)),
    complex_sample("det of a large matrix", lambda a: np.linalg.det(a + 2 * np.eye(9)), (9, 9), orders=2),
    complex_sample("det of larger matrices", lambda a: np.linalg.det(a + 2 * np.eye(10)), (2, 10, 10), orders=2),
    complex_sample("cofactors of a stack along two", cofactor_map, (2, 3, 3), (2, 3, 3), (2, 3, 3), orders=2),
    *(
        complex_sample(f"cond {p}", lambda a, p=p: np.linalg.cond(a + EYE, p), (3, 3))
        for p in (None, -2, 1, np.inf, "fro")
    ),
    # --- where real and complex matrices meet
    sample("solve for complex columns", lambda a, b: np.linalg.solve(a + 3 * EYE, b * (1 + 2j)), (3, 3), (3, 2)),
    sample("solve in a complex matrix", lambda a, b: np.linalg.solve(a * (1 + 2j) + 3 * EYE, b), (3, 3), (3, 2)),
    *(
        sample(f"lstsq {k} for complex columns", lambda a, b, k=k: np.linalg.lstsq(a, b * (1 + 2j))[k], (4, 2), (4,))
        for k in (0, 1)
    ),
    sample("lstsq in a complex matrix", lambda a, b: np.linalg.lstsq(a * (1 + 2j) + 1, b)[0], (4, 2), (4,)),
    sample(
        "a Hermitian matrix of real numbers",
        lambda a, b: rebuilt(*np.linalg.eigh(definite(a + 1j * b))),
        (3, 3),
        (3, 3),
    ),
    complex_sample("polyfit", lambda x, y: np.polyfit(x, y, 1), (4,), (4,)),
]
