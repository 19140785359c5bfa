"""NumPy's functions in vector code of Intel's MKL, where mkl_umath is installed (the extra `mkl`).

NumPy has vector code of its own for exp, log, sin and the like in processors with AVX-512. In others it asks the C
library for one number after the other, and MKL, which takes several at once, is three to five times as fast.
"""

from functools import cache

import numpy as np

LEAST = (1 << 13) + 1  # numbers from which mkl_umath asks MKL
_NAMES = ("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "arcsin", "arccos", "arctan",
          "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "cbrt")  # fmt: skip


@cache
def functions():
    """MKL's functions by those of NumPy that they stand for, to less than an ulp; none where they are not installed."""
    try:
        import mkl_umath
    except ImportError:
        return {}
    return {getattr(np, name): getattr(mkl_umath, name) for name in _NAMES}
