"""Circular and hyperbolic functions and their inverses."""

import numpy as np

from ..rules import elementwise

elementwise(np.sin, lambda y, x: np.cos(x))
elementwise(np.cos, lambda y, x: -np.sin(x))
elementwise(np.tan, lambda y, x: 1 + np.square(y), poles=True)
elementwise(np.arcsin, lambda y, x: 1 / np.sqrt((1 - x) * (1 + x)), poles=True)
elementwise(np.arccos, lambda y, x: -1 / np.sqrt((1 - x) * (1 + x)), poles=True)
elementwise(np.arctan, lambda y, x: 1 / (1 + np.square(x)))
elementwise(np.sinh, lambda y, x: np.cosh(x), poles=True)
elementwise(np.cosh, lambda y, x: np.sinh(x), poles=True)
# 1 - y^2 is 0 from |x| = 19 on; this is right until it underflows at 373.
elementwise(np.tanh, lambda y, x: np.square(1 / np.cosh(x)))
elementwise(np.arcsinh, lambda y, x: 1 / np.hypot(1.0, x))
elementwise(np.arccosh, lambda y, x: 1 / np.sqrt((x - 1) * (x + 1)), poles=True)
elementwise(np.arctanh, lambda y, x: 1 / ((1 - x) * (1 + x)), poles=True)
elementwise(np.hypot, lambda y, a, b: a / y, lambda y, a, b: b / y, poles=True)
elementwise(np.deg2rad, lambda y, x: np.pi / 180)
elementwise(np.rad2deg, lambda y, x: 180 / np.pi)
elementwise(np.radians, lambda y, x: np.pi / 180)
elementwise(np.degrees, lambda y, x: 180 / np.pi)
