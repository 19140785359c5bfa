"""The rules, one file a family, from the easy ones to the hard. Importing this fills the table."""

from . import arithmetic, choices, exponential, reductions, shapes, trigonometry  # noqa: F401
