import numpy as np

from autodiff_cli.engine.rulebook.arithmetic import power_log
from autodiff_cli.engine.rulebook.exponential import sigmoid
from autodiff_cli.engine.rulebook.trigonometry import i0_derivative, sech, sinc_derivative

from . import Sample, sample

INF = np.inf

SAMPLES = [
    *(
        sample(f.__name__, f, (2, 3))
        for f in (
            np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, sigmoid,
            np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan,
            np.sinh, np.cosh, np.tanh, sech, np.arcsinh, np.arctanh,
            np.deg2rad, np.rad2deg, np.radians, np.degrees, np.sinc, np.i0,
        )
    ),
    *(
        sample(f"{f.__name__} of negative numbers", f, (3,), low=-0.9, high=-0.3)
        for f in (np.expm1, np.log1p, sigmoid, np.arcsin, np.arctanh, np.tanh, sech, np.sinc, np.i0)
    ),
    sample("power_log", power_log, (3,), (3,)),
    sample("power_log squared", lambda a, b: power_log(a, b, 2), (3,), (3,)),
    sample("arccosh", np.arccosh, (3,), low=1.5, high=3),
    sample("hypot", np.hypot, (2, 3), (3,)),
    sample("arctan2", np.arctan2, (2, 3), (3,)),
    sample("arctan2 on the left", lambda a, b: np.arctan2(-a, -b), (2, 3), (3,)),
    sample("logaddexp", np.logaddexp, (2, 3), (3,)),
    sample("logaddexp2", np.logaddexp2, (2, 3), (3,)),
    sample("logaddexp of equal numbers", lambda x: np.logaddexp(x * x, x[::-1] ** 2), (3,)),
    Sample("logaddexp of an infinite number", lambda x: np.logaddexp(x, np.array([-INF, 0.0])),
           (np.array([0.3, 0.4]),), (np.array([-INF, INF]),)),
    Sample("hypot at the origin", np.hypot, (np.array([0.3, 3.0]), np.array([0.4, 4.0])),
           (np.array([0.0, 0.0]), np.array([0.0, 2.0]))),
    sample("sinc far out", np.sinc, (4,), low=-9, high=9),
    Sample("sinc at 0", np.sinc, (np.array([0.0, 1.0, -1e-4]),), (np.array([2.0, 0.0, 0.5]),)),
    sample("sinc_derivative", lambda x: sinc_derivative(x, 2), (4,), low=-3, high=3),
    sample("i0 far out", np.i0, (4,), low=-5, high=5),
    Sample("i0 at 0", np.i0, (np.array([0.0, 1.0]),), (np.array([2.0, 0.0]),)),
    sample("i0_derivative", lambda x: i0_derivative(x, 3), (4,), low=-3, high=3),
    sample("unwrap", lambda x: np.unwrap(x * np.array([1.0, 9.0, 30.0]), period=5.0), (3,), low=0.6, high=0.65),
    sample("unwrap along axis 0", lambda x: np.unwrap(np.square(4 * x), axis=0), (3, 2)),
    sample("angle", lambda x: np.angle(x - 0.6) * x, (3,)),
    sample("angle of complex numbers", lambda x: np.angle(x + 1j * x * x), (3,)),
    sample("angle in degrees", lambda x: 0.01 * np.angle(x * x - 2j * x, deg=True), (3,)),
]  # fmt: skip
