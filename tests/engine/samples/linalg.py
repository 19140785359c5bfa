import numpy as np

from autodiff_cli.engine.linalg import matrix_function
from autodiff_cli.engine.rulebook.linalg import cofactor_map
from autodiff_cli.engine.spectral import Elementwise, spectral_map

from . import sample

EYE = np.eye(3)
# A random matrix of positive entries with 3 on the diagonal has an inverse, and X @ X.T + 3 a Cholesky factor.
SHAPES = [(3, 3), (2, 3, 3)]
POWER = Elementwise.record(np.power, 2.0, 1.5)


def definite(x):
    return x @ np.matrix_transpose(x) + 3 * EYE


def indefinite(x):
    """A symmetric matrix with eigenvalues of both signs."""
    return x + np.matrix_transpose(x) + np.diag([2.0, -3.0, 0.0])


def projection(v):
    """On the space of orthogonal columns."""
    return v @ np.matrix_transpose(v)


def rebuilt(w, v):
    """The logarithm of a symmetric matrix, from its eigenvalues and eigenvectors."""
    return (v * np.log(w)) @ np.matrix_transpose(v)


def norms(f, shape, **keywords):
    """A norm of entries of both signs, none near 0."""
    signs = np.resize([1, -1, 1], shape)
    return sample(f"{f.__name__} {shape} {keywords}", lambda x: f(signs * x, **keywords), shape)


SAMPLES = [
    *(sample(f"inv {s}", lambda a: np.linalg.inv(a + 3 * EYE), s) for s in SHAPES),
    *(
        sample(f"solve {a} {b}", lambda a, b: np.linalg.solve(a + 3 * EYE, b), a, b)
        for a, b in [
            ((3, 3), (3,)),
            ((3, 3), (3, 2)),
            ((2, 3, 3), (3,)),
            ((2, 3, 3), (3, 2)),
            ((3, 3), (2, 3, 2)),
            ((2, 1, 3, 3), (4, 3, 2)),
        ]
    ),
    *(sample(f"det {n}", np.linalg.det, (n, n)) for n in (1, 2, 3, 4, 5)),
    sample("det of a stack", np.linalg.det, (2, 3, 3)),
    sample("det of a large matrix", lambda a: np.linalg.det(a + 2 * np.eye(9)), (9, 9)),
    sample("det of large matrices", lambda a: np.linalg.det(a + 2 * np.eye(9)), (2, 9, 9), orders=2),
    sample("cofactors along a matrix", cofactor_map, (3, 3), (3, 3)),
    sample("cofactors of a stack along two", cofactor_map, (2, 3, 3), (2, 3, 3), (2, 3, 3), orders=2),
    sample("cofactors", lambda a: cofactor_map(a + 2 * np.eye(9)), (9, 9)),
    *(sample(f"slogdet {s}", lambda a: np.linalg.slogdet(a - 3 * EYE).logabsdet, s) for s in SHAPES),
    sample("slogdet, both parts", lambda a: np.multiply(*np.linalg.slogdet(a - 3 * EYE)), (3, 3)),
    *(sample(f"pinv {s}", np.linalg.pinv, s) for s in [(3, 2), (2, 3), (2, 2), (2, 3, 2)]),
    sample("pinv of a product", lambda a, b: np.linalg.pinv(a @ b, 1e-10), (3, 2), (2, 4)),
    sample("pinv hermitian", lambda a: np.linalg.pinv(definite(a), hermitian=True), (3, 3)),
    *(sample(f"lstsq {b}", lambda a, b: np.linalg.lstsq(a, b)[0], (4, 2), b) for b in [(4,), (4, 3)]),
    sample("lstsq wide", lambda a, b: np.linalg.lstsq(a, b)[0], (2, 4), (2,)),
    sample("lstsq residuals", lambda a, b: np.linalg.lstsq(a, b)[1], (4, 2), (4, 3)),
    sample("lstsq, all parts", lambda a, b: sum(np.sum(p**2) for p in np.linalg.lstsq(a, b)), (4, 2), (4,)),
    sample("tensorinv", lambda a: np.linalg.tensorinv(a + np.eye(4).reshape(2, 2, 4), 2), (2, 2, 4)),
    sample("tensorsolve", np.linalg.tensorsolve, (2, 3, 6), (2, 3)),
    sample("tensorsolve axes", lambda a, b: np.linalg.tensorsolve(a, b, (0, 2)), (2, 4, 2), (4,)),
    # --- decompositions: vectors up to their sign
    *(sample(f"cholesky {s}", lambda a: np.linalg.cholesky(definite(a)), s) for s in SHAPES),
    sample("cholesky upper", lambda a: np.linalg.cholesky(definite(a), upper=True), (3, 3)),
    *(sample(f"eigvalsh {s}", lambda a: np.linalg.eigvalsh(definite(a)), s) for s in SHAPES),
    sample("eigvalsh U", lambda a: np.linalg.eigvalsh(definite(a), "U"), (3, 3)),
    *(sample(f"eigh values {s}", lambda a: np.linalg.eigh(definite(a)).eigenvalues, s) for s in SHAPES),
    *(sample(f"eigh vectors {s}", lambda a: np.linalg.eigh(definite(a)).eigenvectors ** 2, s) for s in SHAPES),
    sample("eigh U", lambda a: np.linalg.eigh(definite(a), UPLO="U")[1] ** 2, (3, 3)),
    sample("a function of a matrix", lambda a: rebuilt(*np.linalg.eigh(definite(a))), (3, 3)),
    *(sample(f"svdvals {s}", np.linalg.svdvals, s) for s in [(3, 3), (4, 2), (2, 2, 3)]),
    *(sample(f"svd values {s}", lambda a: np.linalg.svd(a, compute_uv=False), s) for s in [(3, 3), (2, 4)]),
    *(
        sample(f"svd {part} {s}", lambda a, part=part: getattr(np.linalg.svd(a, full_matrices=False), part) ** 2, s)
        for part in ("U", "S", "Vh")
        for s in [(3, 3), (4, 2), (2, 4), (2, 3, 2)]
    ),
    *(
        sample(f"svd full {s}", lambda a: sum(np.sum(p**3 @ p.mT) for p in np.linalg.svd(a)[::2]), s)
        for s in [(3, 3), (3, 2), (2, 3)]
    ),
    *(
        sample(f"qr {part} {s}", lambda a, part=part: getattr(np.linalg.qr(a), part), s)
        for part in "QR"
        for s in [(3, 3), (4, 2), (2, 4), (2, 3, 2)]
    ),
    *(sample(f"qr r {s}", lambda a: np.linalg.qr(a, "r"), s) for s in [(3, 3), (4, 2), (2, 3)]),
    *(sample(f"qr complete {s}", lambda a: np.linalg.qr(a, "complete")[0], s) for s in [(3, 3), (2, 3)]),
    sample("qr complete, the rest", lambda a: projection(np.linalg.qr(a, "complete")[0][:, 2:]), (4, 2)),
    sample("svd full, the rest", lambda a: projection(np.linalg.svd(a)[0][:, 2:]), (4, 2)),
    *(
        sample(f"svd hermitian {k}", lambda a, k=k: np.linalg.svd(indefinite(a), hermitian=True)[k] ** 2, (2, 3, 3))
        for k in (0, 1, 2)
    ),
    sample("svd hermitian values", lambda a: np.linalg.svd(indefinite(a), True, False, True), (3, 3)),
    # --- functions of symmetric matrices
    sample("matrix_function", lambda a: matrix_function(np.log, definite(a)), (3, 3)),
    sample("spectral_map with a number", lambda a, t: spectral_map(definite(a), t, f=POWER), (3, 3), ()),
    sample("spectral_map along", lambda a, e: spectral_map(definite(a), e, 1.5, f=POWER, order=1), (3, 3), (3, 3)),
    # --- norms, at entries of both signs
    norms(np.linalg.norm, ()),
    *(norms(np.linalg.norm, (4,), ord=p) for p in (None, 0, 1, 2, 3, 4, 1.5, 0.5, -1, -2, np.inf, -np.inf)),
    *(norms(np.linalg.norm, (3, 2), ord=p) for p in (None, 1, -1, 2, -2, np.inf, -np.inf, "fro", "nuc")),
    *(norms(np.linalg.norm, (2, 3, 2), ord=p, axis=(2, 0)) for p in (None, 1, -1, 2, -2, np.inf, -np.inf, "nuc")),
    *(norms(np.linalg.norm, (2, 3, 2), ord=p, axis=1) for p in (None, 1, 2, 3, np.inf)),
    norms(np.linalg.norm, (2, 3, 2)),
    norms(np.linalg.norm, (2, 3, 2), axis=(0, -1), ord="fro", keepdims=True),
    norms(np.linalg.norm, (2, 3, 2), axis=(-1, 0), ord="nuc", keepdims=True),
    norms(np.linalg.norm, (2, 3), axis=0, keepdims=True),
    norms(np.linalg.vector_norm, (2, 3)),
    norms(np.linalg.vector_norm, (2, 3), ord=3, axis=-1, keepdims=True),
    norms(np.linalg.vector_norm, (2, 3, 2), ord=1, axis=(0, 2)),
    norms(np.linalg.matrix_norm, (2, 3, 2)),
    norms(np.linalg.matrix_norm, (2, 3, 2), ord="nuc", keepdims=True),
    *(
        sample(f"cond {p}", lambda a, p=p: np.linalg.cond(a + EYE, p), (3, 3))
        for p in (None, 2, -2, 1, -1, np.inf, "fro")
    ),
    sample("cond of a stack", lambda a: np.linalg.cond(a + EYE), (2, 3, 3)),
]
