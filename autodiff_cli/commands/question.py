"""What every command does before and after its analysis: read the line, write the answer."""

import sys
from pathlib import Path
from time import perf_counter

from ..errors import AdiffError, nearest
from ..points import FORMATS as OF_ROWS
from ..render import FORMATS, OF_TRACES, Style, render
from ..render.diagnostic import draw
from ..report import Remark
from . import seeds
from .options import DEFAULTS, FOR_ROWS
from .streams import complain, is_terminal, say, use_color, write_file

_NARROWEST = 40  # columns of a table; a terminal that has less breaks its lines, which can still be read
_ENOUGH_DIGITS = 14  # of the 17 that are printed: the last ones are rounding in any answer
_SUFFIXES = {"": "text", ".txt": "text", ".json": "json", ".raw": "raw", ".tex": "latex", ".dot": "dot",
             ".gv": "dot", ".mmd": "mermaid", ".py": "numpy", ".c": "c"}  # fmt: skip


class Question:
    """A command line, understood: the target, its point, and how the answer is to look.

    target    as it was typed; None where the command has found its targets elsewhere
    formats   those that the command has
    """

    def __init__(self, context, target, formats=FORMATS):
        self.begun = perf_counter()
        self.formats = formats
        self.params = DEFAULTS | context.params
        self.asked_by = next(o for p in context.command.params if p.name == "format" for o in p.opts if len(o) > 2)
        self.settings = {name: self.params[name] for name in ("seed", "strict")}
        if "wrt" in self.params:
            self.settings["wrt"] = _names(self.params["wrt"])
        self.notes = []
        self._check_options()
        self.format = self._format()
        if target is not None:
            self._read_line(context, target)

    def _read_line(self, context, target):
        """The target and its values, as they were typed."""
        typed = [*context.obj.values(), *(self.params.get("tangent") or ()), self.params.get("cotangent") or ""]
        if (target == "-") + (self.params["rows"] == "-") + sum(text.strip().endswith("@-") for text in typed) > 1:
            raise AdiffError("usage", "standard input can be read only once")
        self.expression = _target(target)
        options = [o.removeprefix("--") for p in context.command.params for o in p.opts if o.startswith("--")]
        self.expression.check_names(context.obj, options)
        self.point = {name: self.read(name, text) for name, text in context.obj.items()}
        self.shapes = seeds.shapes(self.params["shape"])
        self._check_shapes(options)
        if self.params["verbose"]:
            from . import verbose

            verbose.tell_inputs(self, context.obj)
            verbose.tell_time(self, "to read")

    def _check_shapes(self, options):
        """Shapes are said of variables, and of those that have values they are the shapes of these."""
        self.expression.check_names(self.shapes, options)
        for name, shape in self.shapes.items():
            value = self.point.get(name)
            if value is not None and value.shape != shape:
                from ..language.mismatches import shape_text

                message = f"--shape says that {name} is {shape_text(shape)}, but its value is {shape_text(value.shape)}"
                raise AdiffError("shape", message, help="leave the shape out: a value has its own")

    def _check_options(self):
        """The options that go into no analysis: whether their values are any, and go together."""
        if self.params["color"] not in ("always", "never", "auto"):
            raise AdiffError("usage", "--color is always, never or auto")
        if self.params["digits"] is not None and not 1 <= self.params["digits"] <= 17:
            raise AdiffError("usage", "--digits is between 1 and 17: a number has no more")
        if self.params["quiet"] and self.params["verbose"]:
            raise AdiffError("usage", "--quiet and --verbose say the opposite", help="leave one of them out")
        if self.params["seed"] < 0:
            raise AdiffError("usage", f"--seed is a whole number from 0 on, and not {self.params['seed']}")
        for name in ("output", "rows"):
            if self.params[name] == "":
                raise AdiffError("usage", f"--{name} needs the name of a file")
        if self.params["output"] == "-":
            self.params["output"] = None  # standard output, as - is standard input
        for name in FOR_ROWS if self.params["rows"] is None else ():
            if self.params[name] != DEFAULTS[name]:
                raise AdiffError("usage", f"--{name.replace('_', '-')} means nothing without --rows")

    def _format(self):
        """The format asked for: by --json and --raw, --format, the file's extension, or the terminal."""
        if self.params["rows"] is not None:
            from .rows import format_of

            return format_of(self.params)
        asked = [name for name in ("json", "raw") if self.params[name]]
        asked += [] if self.params["format"] is None else [self.params["format"]]
        if len(set(asked)) > 1:
            raise AdiffError("usage", f"{' and '.join(asked)} are two formats", help="ask for one of them")
        if asked and asked[0] not in self.formats:
            close = nearest(asked[0], self.formats)
            help = f"did you mean {close[0]}?" if close else f"known are {', '.join(self.formats)}"
            here = " without --rows" if asked[0] in OF_ROWS else " here" if asked[0] in (*FORMATS, *OF_TRACES) else ""
            raise AdiffError("usage", f"there is no format called {asked[0]}{here}", help=help)
        if asked:
            return asked[0]
        if self.params["output"]:
            return self._format_of(Path(self.params["output"]))
        usual = "table" if is_terminal(sys.stdout) else "text"
        return usual if usual in self.formats else self.formats[0]

    def _format_of(self, path):
        suffix = path.suffix.lower()
        if _SUFFIXES.get(suffix) not in self.formats:
            known = " ".join(name for name, format in _SUFFIXES.items() if name and format in self.formats)
            help = f"known are {known}; or ask with {self.asked_by}"
            raise AdiffError("usage", f"no format is known by {suffix or path}", help=help)
        return _SUFFIXES[suffix]

    def read(self, name, text):
        """The array that a text on the line stands for; errors name the variable or option it was for."""
        from ..expression import constant
        from ..language.values import read_value

        try:
            return read_value(text, constant, self.notes)
        except AdiffError as error:
            error.message = f"--{name}: {error.message}"
            raise error.at(text) from None

    def derive(self, command, analysis, *, order=None, **more):
        """Answer with numbers where all variables have values, and with formulas where one has none, or on demand."""
        more |= {} if order is None else {"order": order}
        if self.params["rows"] is not None:
            return self.compute(command, analysis, **more)
        seed = self.params["seed"]
        if self.params["numeric"] or all(name in self.point for name in self.expression.variables):
            report = analysis(self.expression, self.point, **more, **self.settings)
            if self.params["formula"]:
                from ..formulas import with_formulas

                report = with_formulas(report, self.expression, self.point, seed=seed)
        else:
            from ..formulas import formulas

            wrt = self.settings["wrt"]
            report = formulas(command, self.expression, self.point, wrt, shapes=self.shapes, order=order, seed=seed)
        return self.answer(report)

    def compute(self, command, analysis, **more):
        """Answer with numbers: at the point, or at each row of a file."""
        if self.params["rows"] is None:
            return self.answer(analysis(self.expression, self.point, **more, **self.settings))
        from .partitions import answer

        answer(self, command, analysis, more)
        if self.params["verbose"]:
            from . import verbose

            verbose.tell_time(self, "to answer")
        return None

    def answer(self, report, tail=""):
        """Write the report where it belongs, with a tail, and the remarks to standard error."""
        self.write(render(report, self.format, self.style()) + tail, report)

    def write(self, text, report):
        """Write a text, and the report's remarks."""
        if self.params["output"]:
            write_file(self.params["output"], text)
        else:
            say(text)
        if not self.params["quiet"]:
            notes = [*(Remark("note", note) for note in self.notes), *report.notes]
            notes += [*_summaries(report, self.format), *_doubts(report, self.format, self.params["digits"])]
            color = use_color(self.params["color"], sys.stderr)
            for kind, remark in [*(("warning", r) for r in report.remarks), *(("note", n) for n in notes)]:
                complain(draw(kind, remark, report.source, color=color))
        if self.params["verbose"]:
            from . import verbose

            verbose.tell_method(self, report)
            verbose.tell_time(self, "to answer")

    def style(self):
        """Terminal width for tables; pipes and files have a fixed one."""
        from shutil import get_terminal_size

        width = max(get_terminal_size().columns, _NARROWEST) if is_terminal(sys.stdout) else 80
        color = not self.params["output"] and use_color(self.params["color"], sys.stdout)
        return Style(self.params["digits"], width, color)


def _target(typed):
    """The Target: a function that is named, or an expression as typed, from @FILE, or from standard input."""
    from ..expression import Expression
    from ..usercode.naming import named

    if typed == "-":
        from ..language.values import read_standard_input

        return Expression(_decoded(read_standard_input(), "standard input"))
    if typed.startswith("@"):
        try:
            return Expression(_decoded(Path(typed[1:]).read_bytes(), typed[1:]))
        except (OSError, ValueError) as error:  # ValueError: a null character in the name
            reason = getattr(error, "strerror", None) or str(error)
            raise AdiffError("file", f"{typed[1:] or '@'} cannot be read: {reason.lower()}") from None
    if named(typed) is None:
        return Expression(typed)
    from ..pyfunction import read

    return read(typed)


def _decoded(data, name):
    try:
        return data.decode().strip()
    except UnicodeDecodeError:
        raise AdiffError("encoding", f"{name} is not valid UTF-8") from None


def _names(text):
    """`x, y` as a list; None where nothing is chosen."""
    if text is None:
        return None
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise AdiffError("usage", "--wrt needs the names of variables", help="--wrt x, or several: --wrt x,y")
    return names


def _summaries(report, format):
    from ..render.numbers import MOST_ELEMENTS, is_summarised

    if format not in ("table", "text"):
        return
    for label, _, array, *_ in report.results():
        if is_summarised(array):
            message = f"{label} has {array.size} elements, more than {MOST_ELEMENTS}; only the edges are shown"
            yield Remark("summarised", message, help="--raw and --json show all")


def _doubts(report, format, digits):
    """Where more digits are printed than can be trusted."""
    if format == "json":  # which says it itself
        return
    for block in report.blocks:
        doubtful = _doubtful(block, None if format == "raw" else digits)
        if doubtful:
            what = f"the least certain element of {block.label}" if block.array.shape else block.label
            count = f"{min(doubtful)} digits" if min(doubtful) else "no digit at all"
            help = f"--digits {min(doubtful)} shows no more" if min(doubtful) else ""
            yield Remark("trusted", f"{what} can be trusted to {count}", help=help)


def _doubtful(block, digits):
    """How many digits can be trusted of those parts of a block that are printed with more."""
    from ..render.numbers import most_digits

    parts = block.array if len(block.trusted) > 1 else [block.array]
    pairs = zip(parts, block.trusted, strict=False)  # nothing is trusted or doubted of most blocks
    return [trusted for part, trusted in pairs if trusted < min(most_digits(part, digits), _ENOUGH_DIGITS)]
