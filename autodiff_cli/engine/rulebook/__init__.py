"""The rules, one file a family, from the easy ones to the hard. Importing this fills the table."""

from ..rules import EXTRAS
from . import (  # noqa: F401
    arithmetic,
    choices,
    contractions,
    decompositions,
    exponential,
    grids,
    indexing,
    joining,
    linalg,
    norms,
    products,
    reductions,
    shapes,
    sorting,
    trigonometry,
)

EXTRAS["scipy.special"] = f"{__name__}.special"
