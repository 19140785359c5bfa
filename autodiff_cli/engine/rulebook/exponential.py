"""Exponentials and logarithms."""

import numpy as np

from ..rules import elementwise

elementwise(np.exp, lambda y, x: y, poles=True)
elementwise(np.exp2, lambda y, x: y * np.log(2), poles=True)
elementwise(np.expm1, lambda y, x: y + 1, poles=True)
elementwise(np.log, lambda y, x: 1 / x, poles=True)
elementwise(np.log2, lambda y, x: 1 / (x * np.log(2)), poles=True)
elementwise(np.log10, lambda y, x: 1 / (x * np.log(10)), poles=True)
elementwise(np.log1p, lambda y, x: 1 / (1 + x), poles=True)
