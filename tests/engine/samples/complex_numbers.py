"""Calls on complex arrays: functions that are holomorphic, those that are not, and products that conjugate."""

import numpy as np

from autodiff_cli.engine.rulebook.exponential import sigmoid
from autodiff_cli.engine.rulebook.trigonometry import sech

from . import Sample, sample

EYE = np.eye(3)


def complex_sample(name, call, *shapes, orders=3, **keywords):
    """A sample whose real and imaginary parts are both drawn as `sample` draws them."""
    real, imaginary = (sample(f"{part} of {name}", call, *shapes, **keywords) for part in ("real", "imaginary"))
    points = (
        tuple(x + 1j * y for x, y in zip(xs, ys, strict=True))
        for xs, ys in ((real.at, imaginary.at), (real.elsewhere, imaginary.elsewhere))
    )
    return Sample(f"complex {name}", call, *points, orders)


def each(functions, *shapes, **keywords):
    return [complex_sample(f.__name__, f, *shapes, **keywords) for f in functions]


HOLOMORPHIC = [
    np.negative, np.positive, np.reciprocal, np.square, np.sqrt, np.exp, np.expm1, np.log, np.log2, np.log10, np.log1p,
    np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan, np.sinh, np.cosh, np.tanh, np.arcsinh,
    np.arccosh, np.arctanh, np.sinc, sech, sigmoid,
]  # fmt: skip
PARTS = [np.real, np.imag, np.conjugate, np.absolute, np.angle, np.sign, np.real_if_close]
REDUCTIONS = [np.sum, np.mean, np.prod, np.var, np.std, np.cumsum, np.cumprod, np.average, np.trace, np.nansum]
PAIRED = [
    (np.matmul, (2, 3), (3, 2)), (np.matvec, (2, 3), (3,)), (np.vecmat, (4, 3), (3, 2)), (np.vecdot, (2, 3), (2, 3)),
    (np.vdot, (2, 3), (6,)), (np.outer, (2,), (3,)), (np.inner, (2, 3), (4, 3)), (np.dot, (4, 2, 3), (3, 2)),
    (np.tensordot, (2, 3), (2, 3)), (np.kron, (2,), (2, 2)), (np.cross, (2, 3), (3,)), (np.convolve, (4,), (3,)),
    (np.correlate, (4,), (3,)), (np.correlate, (2,), (3,)), (np.linalg.vecdot, (2, 3), (2, 3)),
]  # fmt: skip

SAMPLES = [
    *each(HOLOMORPHIC, (3,)),
    *each(PARTS, (3,)),
    *each(REDUCTIONS, (3, 3)),
    *each([np.add, np.subtract, np.multiply, np.divide, np.power], (2, 3), (3,)),
    *(complex_sample(f"{f.__name__} {a} {b}", f, a, b, orders=2) for f, a, b in PAIRED),
    complex_sample("vecdot along the first axis", lambda a, b: np.vecdot(a, b, axis=0), (3, 2), (3,)),
    complex_sample("einsum", lambda a, b: np.einsum("ij,jk->ki", a, b), (2, 3), (3, 2)),
    complex_sample("multi_dot", lambda a, b, c: np.linalg.multi_dot([a, b, c]), (2, 3), (3, 2), (2,)),
    complex_sample("matrix_power", lambda a: np.linalg.matrix_power(a, -2), (2, 2)),
    complex_sample("angle in degrees", lambda z: np.angle(z, deg=True), (3,)),
    complex_sample("where", lambda a, b: np.where(np.abs(a) > 0.8, a, b * 1j), (4,), (4,)),
    complex_sample("concatenate", lambda a, b: np.concatenate([a, b]) ** 2, (2,), (3,)),
    complex_sample("sort_complex", lambda a: np.sort_complex(a) ** 2, (4,)),
    complex_sample("a polynomial", np.polyval, (4,), (2,)),
    complex_sample("inv", lambda a: np.linalg.inv(a + 3 * EYE), (3, 3)),
    complex_sample("det", np.linalg.det, (3, 3)),
    complex_sample("solve", lambda a, b: np.linalg.solve(a + 3 * EYE, b), (3, 3), (3, 2)),
    complex_sample("eigenvalues", lambda a: np.linalg.eig(a)[0], (3, 3)),
    complex_sample("eigenvectors", lambda a: np.linalg.eig(a)[1], (3, 3)),
    complex_sample("eigvals", np.linalg.eigvals, (3, 3)),
    # --- where real and complex numbers meet
    sample("a turn by a real angle", lambda x: np.exp(1j * x), (3,)),
    sample("a real number and its logarithm", lambda x: np.log(x + 1j * np.square(x)), (3,)),
    sample("a negative number to a complex power", lambda x: (-1.0 - x) ** (0.5 + 0.2j), (3,)),
    sample("complex powers of a negative number", lambda x: np.power(-2.0, x + 0.5j), (3,)),
    sample("sort_complex of real numbers", lambda x: np.sort_complex(x) ** 2, (4,)),
    sample("sign of real numbers", lambda x: x * np.sign(x - 0.6), (4,)),
    sample("a length in the plane", lambda x, y: np.abs(x + 1j * y), (3,), (3,)),
]
