"""The rules, one file a family, from the easy ones to the hard. Importing this fills the table."""

from ..rules import EXTRAS
from . import (  # noqa: F401
    arithmetic,
    choices,
    contractions,
    cumulative,
    decompositions,
    eigenvalues,
    exponential,
    grids,
    histograms,
    indexing,
    joining,
    linalg,
    norms,
    padding,
    polynomials,
    products,
    quantiles,
    reductions,
    shapes,
    sorting,
    statistics,
    trigonometry,
)

EXTRAS["numpy.fft"] = f"{__name__}.fft"
EXTRAS["numpy"] = f"{__name__}.refusals"
EXTRAS["scipy.special"] = f"{__name__}.special"
