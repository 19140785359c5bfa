"""The help pages, written by hand where a person reads them first."""

from importlib import import_module

from . import COMMANDS

_PAGE = """\
adiff - exact derivatives from the command line
  adiff grad   "sum(x*y)" --x 1,2,3 --y 4,5,6              gradient
  adiff jac    "[r*cos(t), r*sin(t)]" --r 2 --t 0.5        Jacobian
  adiff hess   "x^2*y" --x 1 --y 2                         Hessian
  adiff hvp    "sum(x^3)" --x 1,2,3 --tangent 1,0,0        Hessian times a vector
  adiff deriv  "sin(x)*exp(x^2)" --x 0.3 --order 30        a derivative of any order
  adiff taylor "exp(x)" --x 0 --order 8                    Taylor series
  adiff value  "A @ x" --A "1,2;3,4" --x 5,6               value
  adiff check  "x @ A @ x" --against "2*A@x" ...           is my gradient right?
  adiff trace  "ln(a) + a*b - sin(b)" --a 2 --b 5          line by line
  adiff export "x^2*sin(x)" --to numpy                     code of value and gradient
  adiff grad   model.py:loss --x @w.npy                    a Python function
  adiff functions                                          what can be called
Commands: {commands}
Values:   3 | 1,2,3 | "1,2;3,4" | "[[1,2],[3,4]]" | pi/2 | @file.npy | @-
Options:  -w --wrt  --json  --raw  --rows FILE  --digits N  --strict  -q  -v  (adiff grad -h for all)
Exit:     0 ok  1 check failed  2 bad input  3 undefined  4 your code failed
"""


def page():
    """The page of bare `adiff`."""
    return _PAGE.format(commands=" ".join(COMMANDS))


def command_page(name, command):
    """The page of one command: examples, usage, and the options that Typer knows, by group."""
    module = import_module(f"{__package__}.{name}")
    lines = [f"adiff {name} - {command.help}", module.EXAMPLES.rstrip("\n"), ""]
    groups = {}
    for parameter in command.params:
        if parameter.opts[0].startswith("-") and parameter.name != "help":
            groups.setdefault(parameter.rich_help_panel, []).append(parameter)
    usage = getattr(module, "USAGE", None)
    lines += [f"Usage: adiff {name} {usage or 'EXPRESSION [--VAR VALUE | VAR=VALUE]... [options]'}"]
    for title, parameters in groups.items():
        lines += ["", f"{title}:", *map(_option_line, parameters)]
    values = 'Values: 3 | 1,2,3 | "1,2;3,4" | "[[1,2],[3,4]]" | pi/2 | @file.npy | @a.csv:column | @-'
    lines += [] if usage else ["", values]
    return "\n".join(lines) + "\n"


def first_example(name):
    """One line to begin with."""
    return import_module(f"{__package__}.{name}").EXAMPLES.splitlines()[0].strip()


def _option_line(parameter):
    names = ", ".join(sorted(parameter.opts, key=len))
    metavar = f" {parameter.metavar}" if parameter.metavar else ""
    return f"  {names + metavar:22}  {parameter.help}"
