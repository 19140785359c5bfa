"""The parser against cases in files, against Python's own grammar, and against what nobody would write."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff_cli.errors import AdiffError, Span
from autodiff_cli.language.parser import parse
from autodiff_cli.language.syntax import Call, Keyword, Number, Primed, Script, Slice, children, outline, walk
from tests.language.writer import trees, written

CASES = Path(__file__).parents[1] / "cases"
MANY, SOME = 100_000, 20_000


def cases(folder):
    """A case is a file: the text, a line of three dashes, and what comes of it."""
    for path in sorted((CASES / folder).glob("*.txt")):
        text, answer = path.read_bytes().decode().split("\n---\n")
        yield pytest.param(text, answer.removesuffix("\n"), id=path.stem)


def complaint(text):
    with pytest.raises(AdiffError) as caught:
        parse(text)
    assert caught.value.source == text
    return caught.value


def drawn(error):
    """An error as the command line shows it."""
    lines = [f"error[{error.code}]: {error.message}"]
    if error.span is not None:
        first = error.source.rfind("\n", 0, error.span.start) + 1
        lines.append(f"  | {error.source[first:].partition(chr(10))[0]}")
        lines.append("  | " + " " * (error.span.start - first) + "^" * (error.span.end - error.span.start))
    return "\n".join([*lines, f"help: {error.help}"])


@pytest.mark.parametrize(("text", "tree"), [*cases("trees")])
def test_tree(text, tree):
    assert outline(parse(text)) == tree


@pytest.mark.parametrize(("text", "error"), [*cases("syntax_errors")])
def test_syntax_error(text, error):
    assert drawn(complaint(text)) == error


@pytest.mark.parametrize(
    ("text", "code", "start", "message"),
    [
        ("x\udcff", "encoding", 1, "the byte 0xff is not valid UTF-8"),
        ("x + \ud800", "encoding", 4, "half a character (U+D800) is not valid UTF-8"),
        ("x\0y", "encoding", 1, "a NUL byte cannot be part of a text"),
        ("x\x1b", "syntax", 1, "unknown character U+001B (a control character)"),
    ],
)
def test_what_is_no_text(text, code, start, message):
    error = complaint(text)
    assert (error.code, error.span, error.message) == (code, Span(start, start + 1), message)


# Places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("x + 2*y", ["x + 2*y", "x", "2*y", "2", "y"]),
        ("((x)) * (y + 1)", ["((x)) * (y + 1)", "((x))", "(y + 1)", "y", "1"]),
        ("-(x')", ["-(x')", "(x')", "x"]),
        ("f(x, k=(1))[ 0 ]", ["f(x, k=(1))[ 0 ]", "f(x, k=(1))", "x", "k=(1)", "(1)", "0"]),
        ("A[1:, ...]", ["A[1:, ...]", "A", "1:", "1"]),
        ("√x y⁻²", ["√x y⁻²", "√x", "x", "y⁻²", "y", "⁻²", "⁻²"]),
        ("0 < x # less\n", ["0 < x", "0", "x"]),
        ("a if b else c", ["a if b else c", "a", "b", "c"]),
        (
            "2f''(x, (y))' + D(t^2, t)",
            [
                "2f''(x, (y))' + D(t^2, t)",
                "2f''(x, (y))'",
                "2",
                "f''(x, (y))'",
                "f''(x, (y))",
                "x",
                "(y)",
                "D(t^2, t)",
                "t^2",
                "t",
                "2",
                "t",
            ],
        ),
    ],
)
def test_places(text, places):
    nodes = list(walk(parse(text).result))
    assert [text[slice(*node.span)] for node in nodes] == places


def test_place_of_a_called_name():
    calls = [node for node in walk(parse("1 + sin (x) + √y + f''(x)")) if type(node) in (Call, Primed)]
    assert [node.name_span for node in calls] == [Span(4, 7), Span(14, 15), Span(19, 20)]


@given(trees(), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_a_place_holds_its_node(tree, random):
    """Cut out of the text, a part means what it meant there, and parts lie in order inside the whole."""
    text = written(tree, random, superscripts=False)
    for node in walk(parse(text)):
        places = [child.span for child in children(node)]
        inside = [node.span.start, *(place for span in places for place in span), node.span.end]
        assert inside == sorted(inside)
        if type(node) not in (Script, Keyword, Slice):
            assert outline(parse(text[slice(*node.span)]).result) == outline(node)


# Against independent readings


@given(trees(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_back(tree, random):
    text = written(tree, random)
    assert outline(parse(text).result) == outline(tree), text


LEAVES = st.sampled_from(["x", "y", "z", "2", "0.5", "1e3", "x[0]", "x[1:, ::2]", "x[..., y]"])
TEMPLATES = [
    *(f"{{}} {op} {{}}" for op in ("+", "-", "*", "/", "%", "@", "**", "<", "<=", "==", "!=", "and", "or")),
    *("-{}", "+{}", "not {}", "({})", "[{}, {}]", "({}, {})", "({},)", "{} if {} else {}"),
    *("f({}, k={})", "({})[{}]", "g({})"),
]
SHARED = st.recursive(
    LEAVES,
    lambda parts: st.tuples(st.sampled_from(TEMPLATES), parts, parts, parts).map(
        lambda drawn: drawn[0].format(*drawn[1:])
    ),
    max_leaves=12,
)


@given(SHARED)
@settings(max_examples=300, deadline=None)
def test_precedence_is_that_of_python(text):
    """What both languages write alike they read alike, or both refuse."""
    try:
        expected = python_outline(ast.parse(text, mode="eval").body)
    except SyntaxError:
        complaint(text)
    else:
        assert outline(parse(text).result) == expected


SYMBOLS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%", ast.MatMult: "@", ast.Pow: "^",
    ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.And: "and", ast.Or: "or",
    ast.USub: "-", ast.UAdd: "+", ast.Not: "not",
}  # fmt: skip


def python_outline(node):
    """The tree of Python's parser in the words of `outline`."""
    read = python_outline
    match node:
        case None:
            return "none"
        case ast.Constant(value):
            return "..." if value is ... else repr(float(value)).removesuffix(".0")
        case ast.Name(name):
            return name
        case ast.UnaryOp(op, operand):
            return f"({SYMBOLS[type(op)]} {read(operand)})"
        case ast.BinOp(left, op, right):
            return f"({SYMBOLS[type(op)]} {read(left)} {read(right)})"
        case ast.BoolOp(op, [*first, last]):
            left = read(first[0] if len(first) == 1 else ast.BoolOp(op, first))
            return f"({SYMBOLS[type(op)]} {left} {read(last)})"
        case ast.Compare(left, ops, rights):
            links = (f"{SYMBOLS[type(op)]} {read(right)}" for op, right in zip(ops, rights, strict=True))
            return f"(compare {' '.join([read(left), *links])})"
        case ast.IfExp(condition, yes, no):
            return f"(choose {read(yes)} if {read(condition)} else {read(no)})"
        case ast.List(items):
            return f"(array {' '.join(map(read, items))})"
        case ast.Tuple(items):
            return f"(tuple {' '.join(map(read, items))})"
        case ast.Call(function, args, keywords):
            return f"(call {' '.join(map(read, [function, *args, *keywords]))})"
        case ast.keyword(name, value):
            return f"(keyword {name} {read(value)})"
        case ast.Slice(start, stop, step):
            return f"(slice {read(start)} {read(stop)} {read(step)})"
        case ast.Subscript(operand, key):
            # a tuple in an index is Python's way to write several items; ours keeps (a, b) apart from a, b
            items = key.elts if isinstance(key, ast.Tuple) else [key]
            return f"(index {' '.join(map(read, [operand, *items]))})"


TOKENS = [
    *"xy()[],;:='.²√-+*/^@%<!&|${\\#_\"\0\n\t ",
    *("2", ".5", "1e", "0x1", "1_0", "__", "f(", "f'("),
    *("and", "or", "not", "if", "else", "lambda", "...", ".T", "**", "==", "<=", "//", "⁻¹", "ᵀ", "·", "½", "ｘ", "’"),
    *("\u200b", "\u0301", "\udcff", "\u2028", "𝑥", "e999", "f(t)=", "s=", "np.", " ", "  "),
]


@given(st.lists(st.sampled_from(TOKENS) | st.characters(), max_size=25).map("".join))
@settings(max_examples=600, deadline=None)
def test_no_text_does_more_than_complain(text):
    try:
        assert type(parse(text)) is Script
    except AdiffError as error:
        assert error.code in {"syntax", "ambiguous", "empty", "encoding"}
        assert "\n" not in error.message + error.help
        assert error.help and not error.message[:1].isspace()
        assert error.span is None or 0 <= error.span.start < error.span.end <= len(text) + 1


# Size


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * MANY + "x" + ")" * MANY, id="parentheses"),
        pytest.param("[" * MANY + "x" + "]" * MANY, id="brackets"),
        pytest.param("sin(" * MANY + "x" + ")" * MANY, id="calls"),
        pytest.param("f'(" * MANY + "x" + ")" * MANY, id="derivatives"),
        pytest.param("f" + "'" * MANY + "(x)", id="primes"),
        pytest.param("x[" * SOME + "0" + "]" * SOME, id="indices"),
        pytest.param("-" * MANY + "x", id="signs"),
        pytest.param("not " * SOME + "x", id="not"),
        pytest.param("√" * SOME + "x", id="roots"),
        pytest.param("x" + "'" * MANY, id="transposes"),
        pytest.param("^".join("2" * MANY), id="powers"),
        pytest.param("<".join("x" * SOME), id="comparisons"),
        pytest.param(" ".join("x" * SOME), id="products"),
        pytest.param("x if y else " * SOME + "z", id="choices"),
        pytest.param("f(" + ",".join("x" * SOME) + ")", id="arguments"),
        pytest.param("".join(f"a{i} = x;" for i in range(SOME)) + "x", id="definitions"),
        pytest.param(" + ".join(["long_name"] * MANY), id="a megabyte"),
    ],
)
def test_long_and_deep(text):
    """Nothing calls itself: not the parser, nor the outline, nor Python when it compares, hashes or frees a tree."""
    tree = parse(text)
    assert tree != parse("x") and hash(tree) and len(outline(tree)) >= len(text) - 2 * text.count("(")


@pytest.mark.parametrize("begun", ["(", "[", "-", "sin(", "√", "x[", "([", "x if ", "x^"])
def test_long_and_unfinished(begun):
    complaint(begun * SOME)


@pytest.mark.parametrize("text", ["9" * 1_000_000, "x" + "²" * SOME, "1/" + " ".join("x" * SOME), "√" * SOME + "x²"])
def test_a_long_complaint_quotes_little(text):
    error = complaint(text)
    assert len(error.message) + len(error.help) < 500


def test_numbers_keep_their_value():
    assert [node.value for node in walk(parse("[0.1, 1e-300, 0e-999, x²]")) if type(node) is Number] == [
        0.1,
        1e-300,
        0,
        2,
    ]
