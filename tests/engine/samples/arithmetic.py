import numpy as np

from . import sample

SAMPLES = [
    *(
        sample(f"{f.__name__}{a}{b}", f, a, b)
        for f in (np.add, np.subtract, np.multiply, np.true_divide, np.power, np.float_power)
        for a, b in [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 2))]
    ),
    *(
        sample(f.__name__, f, (2, 3))
        for f in (np.negative, np.positive, np.reciprocal, np.square, np.sqrt, np.cbrt)
    ),
    sample("scalar on the left", lambda x: 2 / x - 3 * x + 2**x, (3,)),
    sample("powers", lambda x: x**2 + x**3 + x**0.5 + x**-1 + x**0, (3,)),
    sample("remainder", lambda a, b: np.remainder(a + 2, b), (3,), (3,), low=0.6, high=0.65),
    sample("fmod", lambda a, b: np.fmod(-a - 2, b), (3,), (3,), low=0.6, high=0.65),
    sample("equal lines", lambda x: np.sin(x) * np.sin(x) + x * x * x, (3,)),
]
