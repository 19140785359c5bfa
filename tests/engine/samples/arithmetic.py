import numpy as np

from . import Sample, sample

EXPONENTS = np.array([-1.0, 0.0, 2.0])

SAMPLES = [
    *(
        sample(f"{f.__name__}{a}{b}", f, a, b)
        for f in (np.add, np.subtract, np.multiply, np.true_divide, np.power, np.float_power)
        for a, b in [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 2))]
    ),
    *(sample(f.__name__, f, (2, 3)) for f in (np.negative, np.positive, np.reciprocal, np.square, np.sqrt, np.cbrt)),
    sample("negative numbers", lambda x: np.cbrt(x) + np.reciprocal(x) + np.square(x), (3,), low=-0.9, high=-0.3),
    sample("scalar on the left", lambda x: 2 / x - 3 * x + 2**x, (3,)),
    sample("divided by integers", lambda x: x / 2 + x**2 / np.array([1, 2, 4]) + x / np.int64(5), (3,)),
    sample("powers", lambda x: x**2 + x**3 + x**0.5 + x**-1 + x**0, (3,)),
    sample("powers of a negative base", lambda x: x**2 + x**3 + x**-1 + x**0, (3,), low=-0.9, high=-0.3),
    sample("array of exponents", lambda x: np.power(x, EXPONENTS), (2, 3), low=-0.9, high=-0.3),
    sample("array of bases", lambda x: np.power(np.array([0.0, 0.5, 2.0]), x), (2, 3)),
    sample("zero to the power", lambda x: np.power(0, x), (2, 3)),
    sample("x to the x", lambda x: x**x, (2, 3)),
    Sample(
        "powers of zero",
        np.power,
        (np.array([0.5, 2.0, 0.5]), np.array([2.0, 3.0, 0.0])),
        (np.array([0.0, 0.0, 2.0]), np.array([2.0, 0.0, 0.0])),
    ),
    sample("remainder", lambda a, b: np.remainder(a + 2, b), (3,), (3,), low=0.6, high=0.65),
    sample("remainder of a negative number", lambda a, b: (-a - 2) % b, (3,), (3,), low=0.6, high=0.65),
    sample("fmod", lambda a, b: np.fmod(-a - 2, b), (3,), (3,), low=0.6, high=0.65),
    sample("divmod", lambda a, b: np.add(*divmod(a + 2, b)), (3,), (3,), low=0.6, high=0.65),
    sample("modf", lambda x: np.multiply(*np.modf(5 * x)), (3,), low=0.3, high=0.38),
    sample("frexp", lambda x: np.square(np.frexp(x * x)[0]), (3,), low=2.1, high=2.7),
    sample("frexp to exponent", lambda x: np.ldexp(*np.frexp(x * x)), (3,), low=2.1, high=2.7),
    sample("ldexp", lambda x: np.ldexp(x * x, np.array([-1, 0, 3])), (2, 3)),
    sample("heaviside", lambda h: np.heaviside(np.array([-1.0, 0.0, 1.0]), h * h), (2, 3)),
    sample("steps", lambda x: x * np.floor(5 * x) + x * x * np.sign(x) + x // 0.15, (3,), low=0.61, high=0.74),
    sample("bits and signs", lambda x: x * np.isfinite(1 / x) + x * x * ~(x > 0.5) + np.spacing(x), (4,)),
    sample("real numbers as complex", lambda x: np.real(x * x) + np.imag(x) + np.conj(x) * x, (3,)),
    sample("real_if_close", lambda x: np.real_if_close(x * x), (3,)),
    sample("complex between reals", lambda x: np.real(1j * x * np.conj(x + 1j) / (x - 2j)) + np.imag(2j * x * x), (3,)),
    sample("equal lines", lambda x: np.sin(x) * np.sin(x) + x * x * x, (3,)),
]
