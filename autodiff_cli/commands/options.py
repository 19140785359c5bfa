"""The options that commands share. What is declared here is an option; any other --NAME is a variable.

No option has a name of one letter, nor one that a variable is likely to have.
"""

from functools import partial, wraps
from inspect import signature
from typing import Annotated

import typer

from ..points import FORMATS as OF_ROWS
from ..render import FORMATS, OF_CHECKS, OF_TRACES, TARGETS

_ASKED, _SHOWN, _MANY = "What is asked", "How it is shown", "Many points"

Target = Annotated[
    str,
    typer.Argument(
        metavar="EXPRESSION", help="an expression, @FILE with one, or - for standard input", show_default=False
    ),
]
Wrt = Annotated[
    str | None,
    typer.Option("-w", "--wrt", metavar="x,y", help="differentiate by these variables only", rich_help_panel=_ASKED),
]
Formula = Annotated[
    bool,
    typer.Option("--formula", help="the formula as well as the numbers", rich_help_panel=_ASKED),
]
Ad = Annotated[
    str,
    typer.Option("--ad", metavar="MODE", help="forward | reverse | auto: the one that costs less",
                 rich_help_panel=_ASKED),
]  # fmt: skip
Tangent = Annotated[
    list[str] | None,
    typer.Option("--tangent", metavar="x=VALUE", help="how x moves, once for each variable; 0 where left out",
                 rich_help_panel=_ASKED),
]  # fmt: skip
Cotangent = Annotated[
    str | None,
    typer.Option("--cotangent", metavar="VALUE", help="a weight for each element of the value; 1 for a scalar",
                 rich_help_panel=_ASKED),
]  # fmt: skip
TraceOrder = Annotated[
    int,
    typer.Option("--order", metavar="N", help="2 shows the lines that the backward pass adds; 1",
                 rich_help_panel=_ASKED),
]  # fmt: skip
TraceOutput = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="write there; .txt .json .dot .mmd are formats",
                 rich_help_panel=_SHOWN),
]  # fmt: skip
TraceFormat = Annotated[
    str | None,
    typer.Option("-f", "--format", metavar="FORMAT", help=" | ".join(OF_TRACES), rich_help_panel=_SHOWN),
]
MaybeTarget = Annotated[str | None, *Target.__metadata__]
CheckFile = Annotated[
    str | None,
    typer.Option("--file", metavar="FILE", help="run the checks listed there, in TOML", rich_help_panel=_ASKED),
]
Junit = Annotated[
    str | None,
    typer.Option("--junit", metavar="FILE", help="write the results there, in JUnit's XML", rich_help_panel=_SHOWN),
]
Against = Annotated[
    list[str] | None,
    typer.Option("--against", metavar="CLAIM", help="FORMULA, x=FORMULA (once for each), FILE.py:NAME, or numbers",
                 rich_help_panel=_ASKED),
]  # fmt: skip
Of = Annotated[
    str,
    typer.Option("--of", metavar="KIND", help="what is claimed: grad | jac | hess (x,y=FORMULA)",
                 rich_help_panel=_ASKED),
]  # fmt: skip
Rtol = Annotated[
    float | None,
    typer.Option("--rtol", metavar="X", help="allowed is atol + rtol*max(|yours|,|ad|); 1e-6", rich_help_panel=_ASKED),
]
Atol = Annotated[float | None, typer.Option("--atol", metavar="X", help="1e-9", rich_help_panel=_ASKED)]
Random = Annotated[
    int | None,
    typer.Option("--random", metavar="N", help="points that are drawn near the given one; 3, of rows 0",
                 rich_help_panel=_ASKED),
]  # fmt: skip
HereOnly = Annotated[
    bool,
    typer.Option("--here-only", help="the given point and no others", rich_help_panel=_ASKED),
]
CheckSeed = Annotated[int, typer.Option("--seed", metavar="N", help="of the points; 0", rich_help_panel=_ASKED)]
AllComponents = Annotated[
    bool,
    typer.Option("--all-components", help="those that agree as well", rich_help_panel=_SHOWN),
]
CheckFormat = Annotated[
    str | None,
    typer.Option("-f", "--format", metavar="FORMAT", help=" | ".join(OF_CHECKS), rich_help_panel=_SHOWN),
]
CheckOutput = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="write there; .txt .json are formats", rich_help_panel=_SHOWN),
]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="TARGET", help=" | ".join(TARGETS), rich_help_panel=_SHOWN),
]
ExportOutput = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="write there; .py .tex .c .dot .mmd .json say in what",
                 rich_help_panel=_SHOWN),
]  # fmt: skip
Order = Annotated[
    str,
    typer.Option("--order", metavar="5 | x=2,y=1", help="how often by which variable; 1", rich_help_panel=_ASKED),
]
Degree = Annotated[
    int,
    typer.Option("--order", metavar="N", help="the highest power; 5", rich_help_panel=_ASKED),
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="of rand and randn", rich_help_panel=_ASKED)]
Strict = Annotated[
    bool,
    typer.Option("--strict", help="exit 3, without an answer, where it is not finite", rich_help_panel=_ASKED),
]
Shape = Annotated[
    list[str] | None,
    typer.Option("--shape", metavar="x=3x2", help="of a variable without a value: 3 | 3x2 | scalar",
                 rich_help_panel=_ASKED),
]  # fmt: skip
Numeric = Annotated[
    bool,
    typer.Option("--numeric", help="no formulas: a variable without a value is an error", rich_help_panel=_ASKED),
]
Format = Annotated[
    str | None,
    typer.Option("-f", "--format", metavar="FORMAT", help=" | ".join(FORMATS), rich_help_panel=_SHOWN),
]
Json = Annotated[bool, typer.Option("--json", help="one JSON object on one line", rich_help_panel=_SHOWN)]
Raw = Annotated[
    bool,
    typer.Option("--raw", help="only the numbers, as values are written", rich_help_panel=_SHOWN),
]
Digits = Annotated[
    int | None,
    typer.Option("--digits", metavar="N", help="significant digits in text and tables", rich_help_panel=_SHOWN),
]
Output = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="write there; .txt .json .raw .tex are formats",
                 rich_help_panel=_SHOWN),
]  # fmt: skip
Color = Annotated[
    str,
    typer.Option("--color", metavar="WHEN", help="always | never | auto", rich_help_panel=_SHOWN),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="no warnings and notes", rich_help_panel=_SHOWN)]
Verbose = Annotated[
    bool,
    typer.Option("-v", "--verbose", help="what was read and from where, the method, the time", rich_help_panel=_SHOWN),
]
Rows = Annotated[
    str | None,
    typer.Option("--rows", metavar="FILE", help=f"each row is a point: FILE, 'data/*.csv', FOLDER/ or -, in "
                 f"{' '.join(OF_ROWS)}", rich_help_panel=_MANY),
]  # fmt: skip
OnError = Annotated[
    str,
    typer.Option("--on-error", metavar="WHAT", help="stop | null | skip: what a row without an answer does",
                 rich_help_panel=_MANY),
]  # fmt: skip
Header = Annotated[
    str | None,
    typer.Option("--header", metavar="x,y", help="names of the columns, where the file has none",
                 rich_help_panel=_MANY),
]  # fmt: skip
Prefix = Annotated[
    str,
    typer.Option("--prefix", metavar="WORD", help="before the names of the results", rich_help_panel=_MANY),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", help="processors to use; all of them", rich_help_panel=_MANY),
]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="hand files, large ones in blocks, to Dask: "
                 "tcp://HOST:PORT | local", rich_help_panel=_MANY),
]  # fmt: skip
Overwrite = Annotated[
    bool,
    typer.Option("--overwrite", help="answer the files of -o FOLDER/ that are answered already", rich_help_panel=_MANY),
]


def _of_every_command(
    seed: Seed = 0,
    strict: Strict = False,
    shape: Shape = None,
    numeric: Numeric = False,
    format: Format = None,
    json: Json = False,
    raw: Raw = False,
    digits: Digits = None,
    output: Output = None,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = False,
):
    """Only the signature counts."""


def _of_answers_at_a_point(
    rows: Rows = None,
    on_error: OnError = "stop",
    header: Header = None,
    prefix: Prefix = "",
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    overwrite: Overwrite = False,
):
    """Only the signature counts."""


# Names of those that mean nothing for one point.
FOR_ROWS = tuple(signature(_of_answers_at_a_point).parameters)

# What is meant where a command lacks one of them.
DEFAULTS = {name: parameter.default for options in (_of_every_command, _of_answers_at_a_point)
            for name, parameter in signature(options).parameters.items()}  # fmt: skip


def shared_but(*without, rows=False):
    """Makes a command one to which Typer gives the options of every command as well; it finds them in context.params.

    without   the options that mean nothing here; one that the command has itself is its own
    rows      whether it has those of rows too
    """
    return partial(_sharing, (_of_every_command, _of_answers_at_a_point) if rows else (_of_every_command,), without)


def _sharing(families, without, command):
    own, common = signature(command), [p for family in families for p in signature(family).parameters.values()]
    added = [p for p in common if p.name not in (*own.parameters, *without)]

    @wraps(command)
    def with_options(**params):
        return command(**{name: params[name] for name in own.parameters})

    with_options.__signature__ = own.replace(parameters=[*own.parameters.values(), *added])
    for family in families:
        with_options.__annotations__ |= family.__annotations__
    with_options.__annotations__ |= command.__annotations__
    return with_options


shared = shared_but(rows=True)
