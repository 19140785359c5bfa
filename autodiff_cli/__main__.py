"""`python -m autodiff_cli`."""

from .cli import run

run()
