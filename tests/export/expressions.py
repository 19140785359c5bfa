"""Expressions with points, for all targets: the whole catalogue, and what the parts of a target have to agree on."""

import shlex

import numpy as np

import autodiff_cli as ad
from autodiff_cli.commands.bindings import split
from autodiff_cli.exporting import export
from autodiff_cli.language.values import read_value
from autodiff_cli.usercode.naming import named
from tests import transcripts
from tests.language.test_functions import FUNCTIONS, call_of

RNG = np.random.default_rng(1)
EXPRESSIONS = [
    ("sum([[x, 2], [1.5, x]]^2) + nanmean([x, e, x])", {"x": 3}),
    ("sum(x*y)", {"x": [1, 2, 3], "y": [4, 5, 6]}),
    ("sum(x*y)", {"x": [1, 2, 3], "y": 4}),
    ("sum(x*y)", {"x": [[1, 2], [3, 4]], "y": [1, 2]}),
    ("s = exp(-x); s/(1 + s)^2", {"x": 1.5}),
    ("s = x*y; r = s + 1; sum(s*r/x)", {"x": [1, 2], "y": [3, 4]}),
    ("x @ A @ x", {"x": [1, 2], "A": [[1, 2], [3, 4]]}),
    ("sum((A@x - b)^2)", {"A": RNG.normal(size=(70, 53)), "x": RNG.normal(size=53), "b": RNG.normal(size=70)}),
    ("mean(log(1 + exp(-y*(X @ w))))",
     {"X": RNG.normal(size=(90, 13)), "w": RNG.normal(size=13), "y": np.sign(RNG.normal(size=90))}),
    ("sum(tanh(W @ tanh(V @ x)))",
     {"W": RNG.normal(size=(7, 9)), "V": RNG.normal(size=(9, 5)), "x": RNG.normal(size=5)}),
    ("(1-x[0])^2 + 100*(x[1]-x[0]^2)^2", {"x": [-1.2, 1]}),
    ("sum(where(x > 0, sqrt(x), 0))", {"x": [4.0, -1, 0]}),
    ("sum(x[x > 1]^2)", {"x": [3.0, -4, 2]}),
    ("sum(x[[0, 0, 2]]) * (x[1:]' @ [1, 2])", {"x": [3.0, -4, 2]}),
    ("sum(A[:, 0]*A[1, ::2])", {"A": [[1, 2, 3], [4, 5, 6]]}),
    ("norm(x)*max(x)*prod(x)*std(x)", {"x": [3.0, 4, 5]}),
    ("x^3*y + D(x^4*y, x)", {"x": 3.0, "y": 2.0}),
    ("x^y - -x - (y - x) + x/(y/x) - -2", {"x": 3.0, "y": 2.0}),
    ("sum(softmax(x)*y)", {"x": [1, 2, 4], "y": [1, 2, 3]}),
    ("trace(A @ B)", {"A": np.ones((2, 3)), "B": np.ones((3, 2))}),
    ("sum(x*linspace(0, 1, 20)*[" + ", ".join(map(str, range(20))) + "])", {"x": np.ones(20)}),
    ("sum(x @ [[1, 2], [3, 4]]'*rand(2))", {"x": [1, 2]}),
    ("lambda*np + f*t1 + df_dx", {"lambda": 2, "np": 3, "f": 4, "t1": 5, "df_dx": 6}),
    ("x if 0 < x < 1 and not y > 1 else x*y", {"x": 3.0, "y": 2.0}),
    ("sum(x > 1)", {"x": [1, 2]}),
    ("x", {"x": 2.0}),
    ("x + y", {"x": 2.0, "y": 3.0}),
    ("2 + 3", {}),
    ("logdet(A)*det(A)*sum(inv(A))*norm(A)", {"A": [[2, 1], [1, 3]]}),
]  # fmt: skip


def arrays(point, factor=1.0):
    return {name: np.array(value, float) * factor for name, value in point.items()}


def of_the_catalogue():
    """Each function at its sample, in a sum with weights."""
    for row in FUNCTIONS.values():
        call, point = call_of(row)
        weight = np.cos(1 + np.arange(np.size(ad.parse(call).value(point))))
        yield f"sum(ravel({call})*weight)", point | {"weight": weight}


def of_the_transcripts():
    """Every gradient that tests/cases has an answer to."""
    for path in sorted(transcripts.CASES.glob("*.txt")):
        case = transcripts.read(path)
        words = shlex.split(case.command)
        asked = {"-", "-h", "--formula", "--rows"} & {*words}
        if words[1:2] != ["grad"] or case.exit_code or asked or "@" in case.command:
            continue
        takes = dict.fromkeys(
            ["-w", "--wrt", "-f", "--format", "--digits", "-o", "--output", "--color", "--seed"], True
        )
        takes |= dict.fromkeys(["--json", "--raw", "-q", "--quiet", "--strict", "--numeric"], False)
        line = split(words[2:], takes | {"--shape": True})
        if named(line.positional[0]):  # a function of Python's
            continue
        point = {name: read_value(text, lambda t: ad.parse(t).value()) for name, text in line.bindings.items()}
        if point.keys() >= {*ad.parse(line.positional[0]).variables}:
            yield line.positional[0], point


def text(source, point, to):
    """What `adiff export --to` writes."""
    return export(ad.parse(source), arrays(point), to=to).record["text"]


def compiled(source, point, to):
    """The function that a file of Python has."""
    names = {}
    exec(compile(text(source, point, to), f"<{to}>", "exec"), names)
    return names["value_and_grad"]
