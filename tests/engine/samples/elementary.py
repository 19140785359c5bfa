import numpy as np

from . import sample

SAMPLES = [
    *(
        sample(f.__name__, f, (2, 3))
        for f in (
            np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p,
            np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan,
            np.sinh, np.cosh, np.tanh, np.arcsinh, np.arctanh,
            np.deg2rad, np.rad2deg, np.radians, np.degrees,
        )
    ),
    sample("arccosh", np.arccosh, (3,), low=1.5, high=3),
    sample("hypot", np.hypot, (2, 3), (3,)),
]  # fmt: skip
