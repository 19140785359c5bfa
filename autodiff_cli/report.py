"""The answer as plain data: what every format shows, and the only thing that a format sees."""

from typing import NamedTuple

SCHEMA = "adiff/1"


class Remark(NamedTuple):
    """Something that the user should know beside the answer; drawn like an error."""

    code: str
    message: str
    span: object = None
    label: str = ""
    help: str = ""


class Report(NamedTuple):
    """The answer to one question.

    command      "value" or "grad"
    source       the expression
    point        values by variable name
    wrt          names of the variables of the derivatives
    value        the value of the expression: an array or NumPy scalar
    derivatives  arrays by variable name; None where none were asked
    remarks      Remarks, most important first
    """

    command: str
    source: str
    point: dict
    wrt: tuple
    value: object
    derivatives: dict | None = None
    remarks: tuple = ()

    def results(self):
        """(label, array) for the value and each derivative: f, df/dx, df/dy."""
        yield "f", self.value
        for name, array in (self.derivatives or {}).items():
            yield f"df/d{name}", array
