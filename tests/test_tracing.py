"""Traces: every line computes what it says, adjoints add up, and slopes are those of differences."""

import json
import re

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.analysis import trace
from autodiff_cli.export.graph import Node as Drawn
from autodiff_cli.export.mermaid import mermaid
from autodiff_cli.language.functions import lookup
from autodiff_cli.render import OF_TRACES, Style, render
from autodiff_cli.render.diagnostic import columns
from tests import graphviz

A, B = np.array([[2.0, 0.5], [0.3, 1.5]]), np.array([[1.0, -2], [0.5, 3]])
x, y = np.array([0.5, 2.0, -1.5]), np.array([1.0, -0.5, 0.25])
# Expressions whose lines are all written in the language.
EXPRESSIONS = {
    "ln(a) + a*b - sin(b)": {"a": 2.0, "b": 5.0},
    "a*a + a^b - -a/b % 3": {"a": 2.0, "b": 5.0},
    "sum(x*y) + s*prod(x)": {"x": x, "y": y, "s": 3.0},
    "s = x'*y; t = sum(s^2); t*s[0] + s @ y": {"x": x, "y": y},
    "f(t) = t^2; f(s) + f(f(s))*f(3)": {"s": 1.5},
    "x @ [[1,2,3],[0,1,4],[2,2,2]] @ x": {"x": x},
    "sum(inv(A) @ B') + logdet(A) + A[0] @ B[:,1]": {"A": A, "B": B},
    "sum(where(x > 0, sqrt(x), x^2)) + sum(x[x < 1])": {"x": x},
    "mean(softmax(x)*y) + logsumexp(x)": {"x": x, "y": y},
    "norm(x) + max(x) + std(y) + floor(x[0]*7)*y[1]": {"x": x, "y": y},
    "sum(cumsum(x)*y) + sum(concatenate([x, 2x])) + [x[0], 4][0]": {"x": x, "y": y},
    "eigvalsh(A*A')[0] + eigh(A @ A')[0][1] + svd(A)[1][0] + slogdet(A)[1]": {"A": A},
    'einsum("i,j,ij->", p, q, A) + tr(A @ A) + sum(A, axis=0)[1]': {"p": x[:2], "q": y[:2], "A": A},
    "v1*f + sum(reshape(x, 1, 3)*x[:, None])": {"v1": 2.0, "f": -1.0, "x": x},
    "0.5*s^3 if s > 1 else exp(s)": {"s": 1.5},
    "t = 3*s; D(t^3, t)*t": {"s": 1.5},
    "2 + 3": {},
    "s": {"s": 4.0},
}
CASES = pytest.mark.parametrize("text", EXPRESSIONS)


def traced(text, point=None, **how):
    return trace(ad.parse(text), EXPRESSIONS[text] if point is None else point, **how)


def values(nodes):
    return {node.id: node.value for node in nodes}


def computed(node, known):
    """What the operation of a node gives for the nodes that it names."""
    operation = ad.parse(node.op)
    return operation.value({name: known[name] for name in operation.variables})


def is_of_language(node):
    """Not in the language are helpers of rules (scatter), and x[mask] where the mask is given as numbers."""
    name = re.match(r"(\w*)\(", node.op)
    return not re.search(r"\[v\d+\]|\(\)", node.op) and (name is None or lookup(name[1]) is not None)


@CASES
def test_every_line_computes_its_value(text):
    report = traced(text, order=2)
    known = values([*report.nodes, *report.backward])
    for node in [*report.nodes, *report.backward]:
        if node.is_input:
            np.testing.assert_array_equal(node.value, EXPRESSIONS[text][node.id])
        elif is_of_language(node):
            np.testing.assert_allclose(computed(node, known), node.value, rtol=2e-5, err_msg=node.op)  # of six digits
    np.testing.assert_array_equal(report.nodes[-1].value, ad.parse(text).value(EXPRESSIONS[text]))


@CASES
def test_adjoints_of_variables_are_those_of_differences(text):
    f, point = ad.parse(text), EXPRESSIONS[text]
    rng = np.random.default_rng(3)
    report = traced(text, order=2)
    for node in report.nodes[: len(point)]:
        direction = rng.normal(size=np.shape(node.value))
        up, down = (f.value(point | {node.id: node.value + s * 1e-6 * direction}) for s in (1, -1))
        slope = (up - down) / 2e-6
        assert np.sum(node.adjoint * direction) == pytest.approx(slope, rel=1e-6, abs=1e-7)
        (end,) = [n for n in report.backward if n.id == f"df/d{node.id}"]
        assert np.sum(end.value * direction) == pytest.approx(slope, rel=1e-6, abs=1e-7)


@CASES
def test_adjoints_are_the_sums_of_what_arrives(text):
    nodes = traced(text).nodes
    assert nodes[-1].adjoint == 1
    for node in nodes[:-1]:
        arrived = [user.to_inputs[node.id] for user in nodes if node.id in user.to_inputs]
        if node.adjoint is not None:
            assert np.shape(node.adjoint) == np.shape(node.value)
            np.testing.assert_allclose(sum(arrived), node.adjoint, rtol=1e-12, atol=1e-14)
        else:
            assert node.value.dtype.kind != "f"


@CASES
def test_partials_are_those_of_differences(text):
    nodes = traced(text).nodes
    known = values(nodes)
    rng = np.random.default_rng(4)
    for node in nodes:
        for name, slope in node.partials.items():
            if slope is None or not is_of_language(node) or "eig" in node.op:  # which reads one triangle
                continue
            direction = rng.normal(size=np.shape(known[name]))
            up, down = (computed(node, known | {name: known[name] + s * 1e-6 * direction}) for s in (1, -1))
            moved = slope * direction
            expected = (up - down) / 2e-6
            np.testing.assert_allclose(
                np.sum(moved) if np.ndim(node.value) == 0 else np.broadcast_to(moved, np.shape(node.value)), expected,
                rtol=1e-5, atol=1e-4 * (1 + np.nanmax(np.abs(node.value))), err_msg=node.op)  # fmt: skip


@CASES
def test_every_line_knows_its_piece(text):
    for node in traced(text).nodes:
        if node.span is not None:
            assert node.text == text[node.span.start : node.span.end]
        else:
            assert text == node.op == "2 + 3"


def test_definitions_name_lines():
    report = traced("s = x'*y; t = sum(s^2); t*s[0] + s @ y")
    assert [node.id for node in report.nodes] == ["x", "y", "s", "v1", "t", "v2", "v3", "v4", "f"]


def test_names_that_are_taken():
    report = traced("v1*f + sum(reshape(x, 1, 3)*x[:, None])")
    assert [n.id for n in report.nodes] == ["v1", "f", "x", "v2", "v3", "v4", "v5", "v6", "v7"]


def test_only_the_variables_that_are_asked_for():
    report = trace(ad.parse("a*b + exp(b)"), {"a": 2.0, "b": 1.0}, ["a"], order=2)
    by_name = {node.id: node for node in report.nodes}
    assert by_name["a"].adjoint == 1
    assert (by_name["b"].adjoint, by_name["v2"].op, by_name["v2"].adjoint) == (None, "exp(b)", None)
    assert [(n.id, n.op, n.args) for n in report.backward] == [("df/da", "b", ("b",))]


@pytest.mark.parametrize("text", ["sin(x + y)", "sin(x + y^2)"])
def test_a_derivative_that_others_use_has_a_name_of_its_own(text):
    backward = trace(ad.parse(text), {"x": 1.0, "y": 2.0}, order=2).backward
    assert backward[0].op.startswith("cos(v")
    assert (backward[0].id[0], [node.id for node in backward[-2:]]) == ("v", ["df/dx", "df/dy"])
    assert backward[-2].op == backward[0].id
    assert backward[-1].args[-1] in {node.id for node in backward}


def test_a_choice_has_a_slope_for_each_entry():
    choice = trace(ad.parse("sum(where(x > 0, 3*x, x))"), {"x": [1, -1]}).nodes[-2]
    assert (choice.partials["v2"].tolist(), choice.partials["x"].tolist()) == ([1, 0], [0, 1])


def test_a_strong_zero_sends_nothing():
    report = trace(ad.parse("sum(where(x > 0, sqrt(x), 0))"), {"x": [0, 4]})
    root = next(node for node in report.nodes if node.op == "sqrt(x)")
    assert root.to_inputs["x"].tolist() == report.nodes[0].adjoint.tolist() == [0, 0.25]
    assert root.partials["x"].tolist() == [np.inf, 0.25]


def test_what_has_no_slope_as_written_is_shown_as_it_is_differentiated():
    report = trace(ad.parse("sum(sqrt(x^2))"), {"x": [0, -2]})
    assert [node.op for node in report.nodes] == ["input", "abs(x)", "sum(v1)"]
    assert report.nodes[0].adjoint.tolist() == [0, -1]
    assert [note.code for note in report.notes] == ["rewritten"]
    assert trace(ad.parse("sum(sqrt(x^2))"), {"x": [1, -2]}).notes == ()


def test_undefined():
    report = trace(ad.parse("log(x) + y"), {"x": -1, "y": 2}, order=2)
    assert [np.isnan(node.adjoint) for node in report.nodes if node.is_input] == [True, False]
    assert np.isnan(report.backward[0].value)
    with pytest.raises(ad.AdiffError, match="not defined"):
        trace(ad.parse("log(x) + y"), {"x": -1, "y": 2}, strict=True)


@pytest.mark.parametrize(("text", "code"), [("x*y", "not-scalar"), ("x*z", "unknown-name"), ("x*", "syntax")])
def test_errors(text, code):
    with pytest.raises(ad.AdiffError) as caught:
        trace(ad.parse(text), {"x": x, "y": y})
    assert caught.value.code == code
    with pytest.raises(ad.AdiffError, match="order 1 or 2"):
        trace(ad.parse("x"), {"x": 1}, order=3)


# --- what is drawn


def long_program(lines):
    """A chain of definitions over scalars and a vector, each made of earlier ones."""
    steps = ["t0 = sum(x*exp(-x))"]
    patterns = ("sin(t{0})*t{1}", "t{0} + 0.5*t{1}", "t{0}/(1 + t{1}^2)", "sum(tanh(t{0}*x) - t{1}) - norm(x)")
    steps += [f"t{k} = {patterns[k % 4].format(k - 1, max(0, k - 7))}" for k in range(1, lines)]
    return ad.parse("\n".join([*steps, f"t{lines - 1}"]))


@pytest.mark.parametrize(("format", "order"), [("text", 2), ("table", 1), ("tree", 1)])
def test_a_long_program_fits_the_page(format, order):
    report = trace(long_program(200), {"x": x}, order=order)
    assert len(report.nodes) > 400
    shown = render(report, format, Style()).splitlines()
    assert max(map(columns, shown)) <= 80
    assert {node.id for node in report.nodes} <= {line.lstrip("│├└─ ").partition(" ")[0] for line in shown}


def test_large_arrays_are_shown_by_their_ends():
    report = trace(ad.parse("sum(x*A[0,0])"), {"x": np.arange(1.0, 1001), "A": np.ones((30, 20))})
    rows = render(report, "text", Style()).splitlines()
    assert rows[1].split(maxsplit=2)[2].rstrip() == "[1, ..., 1000] (1000)  [1, 1, ..., 1] (1000)"
    assert "[[1, ...]] (30, 20)" in rows[2]
    assert len(json.loads(render(report, "json", Style()))["nodes"][0]["adjoint"]) == 1000


@pytest.mark.parametrize("format", OF_TRACES)
def test_numbers_are_of_six_digits_or_as_asked(format):
    report = trace(ad.parse("s/3"), {"s": 1})
    full, few = (render(report, format, Style(digits)) for digits in (None, 3))
    assert ("0.333333" in full) and ("0.3333333333333333" in full) == (format == "json")
    assert ("0.3333333333333333" in few) == (format == "json")
    assert "0.333" in few


@pytest.mark.parametrize("format", ["table", "tree"])
def test_colours_say_what_is_input_value_and_adjoint(format):
    report = trace(ad.parse("s*s"), {"s": 3})
    shown = render(report, format, Style(color=True))
    for color, text in (("36", "s"), ("32", "9"), ("35", "6")):
        assert re.search(rf"\x1b\[(1;)?{color}m{text}", shown)
    assert "\x1b" not in render(report, format, Style())


def test_json_says_everything_and_is_strict():
    record = json.loads(render(traced("ln(a) + a*b - sin(b)", order=2), "json", Style()))
    keys = ["id", "op", "args", "text", "span", "value", "adjoint", "partials", "to_inputs", "tangent", "from_inputs"]
    assert all(list(node) == keys for node in record["nodes"] + record["backward"])
    assert record["nodes"][5] == {
        "id": "v4", "op": "sin(b)", "args": ["b"], "text": "sin(b)", "span": [14, 20], "value": np.sin(5.0),
        "adjoint": -1.0, "partials": {"b": np.cos(5.0)}, "to_inputs": {"b": -np.cos(5.0)},
        "tangent": None, "from_inputs": {},
    }  # fmt: skip
    undefined = json.loads(render(trace(ad.parse("log(x)"), {"x": -1}), "json", Style()))
    assert undefined["nodes"][0]["adjoint"] is None
    assert {"path": "nodes[0].adjoint", "value": "nan"} in undefined["nonfinite"]


def test_labels_are_escaped():
    report = trace(ad.parse('einsum("i,i->", x, x) + (sum(x) if sum(x) < 3 else 1)'), {"x": [1, 2]})
    shown = '<FONT COLOR="#2e7d32">5</FONT><BR/><FONT COLOR="#ad1457">adjoint 1</FONT>'
    assert f"label=<v1 = einsum(&quot;i,i-&gt;&quot;, x, x)<BR/>{shown}>" in render(report, "dot", Style())
    assert 'v1(["v1 = einsum(#quot;i,i-#gt;#quot;, x, x)<br/>5<br/>adjoint 1"])' in render(report, "mermaid", Style())
    assert mermaid([Drawn("v0", "input", 'a"#<&>b')]) == 'flowchart LR\n  v0["a#quot;#35;#lt;#amp;#gt;b"]\n'


@graphviz.needed
@CASES
def test_graphviz_takes_it(text):
    report = traced(text, order=2)
    nodes, edges = graphviz.shown(graphviz.svg(render(report, "dot", Style())))
    lines = [*report.nodes, *report.backward]
    keys = {node.id: f"v{k}" for k, node in enumerate(lines)}
    assert {key: label[0].partition(" ")[0] for key, label in nodes.items()} == {k: name for name, k in keys.items()}
    arrows = [(keys[arg], keys[node.id]) for node in lines for arg in node.args]
    assert sorted(arrows) == sorted(edge[:2] for edge in edges)
