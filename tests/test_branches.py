"""Functions of Python at many points: the answers are those one by one, by whatever way their code goes."""

import itertools
import random
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pytest
from scipy import special

import autodiff_cli as ad
from autodiff_cli.errors import AdiffError, UserError
from autodiff_cli.pyfunction import PythonFunction, read
from autodiff_cli.runner import Runner
from tests.test_pyfunction import filled

ROWS = 800
SOME = 20  # rows that are compared


def points(shapes, count=ROWS, low=-2.0, high=2.0):
    draw = np.random.default_rng(0)
    return {name: draw.uniform(low, high, (count, *shape)) for name, shape in shapes.items()}


def asked(function, arrays, question="grad", wrt=None, constants=None, **details):
    """(a Runner that has answered, its answers, its Branches, the number of rows that it asked one by one)."""
    shapes = {name: np.shape(array)[1:] for name, array in arrays.items()}
    target = function if isinstance(function, PythonFunction) else PythonFunction(function)
    runner = Runner(target, question, wrt or tuple(arrays), shapes, constants or {}, **details)
    _ = runner.results
    one_by_one, at = [], runner._asked
    runner._asked = lambda row, looks: one_by_one.append(row) or at(row, looks)
    found, errors = None, {}
    found = runner(arrays, errors)
    (branches,) = runner._branches.values()
    del runner._asked
    return runner, found, branches, len(one_by_one), errors


def check(function, arrays, question="grad", ways=None, left=8, rtol=1e-12, **more):
    """Compare some rows with the answers at one point.

    ways  how many programs there must be; left, how many rows may be asked one by one
    """
    runner, found, branches, one_by_one, errors = asked(function, arrays, question, **more)
    assert not errors
    for k in range(0, len(found[0]), len(found[0]) // SOME):
        answer = runner.at({name: array[k] for name, array in arrays.items()})
        for one, many in zip(answer.values(), found, strict=True):
            scale = np.max(np.abs(one), initial=0, where=np.isfinite(one))
            np.testing.assert_allclose(many[k], one, rtol=rtol, atol=1e-13 * scale, err_msg=f"row {k}")
    if ways is not None:
        assert (len(branches.ways), one_by_one <= left) == (ways, True), one_by_one
    return found


def check_one_by_one(function, arrays=None, **more):
    """Check that no row is answered by a program."""
    arrays = points({"x": ()}, 40) if arrays is None else arrays
    _, found, branches, one_by_one, _ = asked(function, arrays, **more)
    assert (branches.ways, one_by_one) == ([], len(found[0]))


# --- ways


def straight(x, y):
    return np.sin(x) * y**2


def piecewise(x):
    if x < -1:
        return -x
    if x < 0:
        return x * x
    return np.sin(x) if x < 1 else np.exp(x - 1)


def newton(x):
    a, root = x * x + 0.5, 1.0
    while abs(root * root - a) > 1e-9:
        root = (root + a / root) / 2
    return root


def clipped(x):
    total = 0.0
    for entry in x:
        if entry < -1 or entry > 1:
            continue
        total += min(entry, 0.5) ** 2
    return total


def largest(x):
    return max(x) * x[0] + sorted(x)[0] ** 2


def constant_below(x):
    return 0.0 if x < 0 else x**3


def truths(x):
    if np.any(x > 1.5) and not np.all(x > -1):
        return np.sum(x)
    return np.prod(x) if np.mean(x) > 0 else x @ x


def of_float(x):
    steps = 0
    while x:
        x, steps = np.floor(np.abs(x)) - 1 if np.abs(x) > 1 else x * 0, steps + 1
    return x + steps


WAYS = {
    straight: ({"x": (), "y": ()}, 1),
    piecewise: ({"x": ()}, 4),
    newton: ({"x": ()}, 3),
    clipped: ({"x": (2,)}, 10),
    filled: ({"x": (2,)}, 4),
    largest: ({"x": (2,)}, 2),
    constant_below: ({"x": ()}, 2),
    truths: ({"x": (4,)}, 4),
}


@pytest.mark.parametrize("function", WAYS)
def test_rows_are_points(function):
    shapes, ways = WAYS[function]
    check(function, points(shapes), ways=ways, left=150)


@pytest.mark.parametrize(("question", "more"), [("value", {}), ("hess", {}), ("hvp", {"tangents": {"x": [1.0, 2.0]}})])
def test_questions(question, more):
    check(clipped, points({"x": (2,)}), question, ways=10, left=150, rtol=1e-10, **more)


def test_against_closed_forms():
    (x,) = points({"x": ()}, 3000).values()
    _, (value, slope), *_ = asked(piecewise, {"x": x})
    parts = [x < -1, x < 0, x < 1]
    np.testing.assert_allclose(value, np.select(parts, [-x, x * x, np.sin(x)], np.exp(x - 1)), rtol=1e-14)
    np.testing.assert_allclose(slope, np.select(parts, [-1, 2 * x, np.cos(x)], np.exp(x - 1)), rtol=1e-14)
    _, (root, slope), *_ = asked(newton, {"x": x})
    np.testing.assert_allclose(root, np.sqrt(x * x + 0.5), rtol=1e-8)
    np.testing.assert_allclose(slope, x / np.sqrt(x * x + 0.5), rtol=1e-4)


def test_deciding_by_what_is_no_truth_value():
    check(of_float, {"x": np.repeat([0.25, 0.5, 1.5, 2.5], 60) + np.linspace(0, 0.2, 240)}, ways=3)


def test_comparisons_that_hang_on_the_last_bit():
    """Numbers at the threshold, which sums in another order would send to the other side."""

    def above(x):
        return np.sum(x) * 2 if np.sum(x) > 0.6 else -np.sum(x)

    x = np.tile([[0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.1, 0.1, 0.1], [0.4, 0.2, 0.1]], (100, 1))
    _, found, _, one_by_one, _ = asked(above, {"x": x})
    assert one_by_one >= 200
    np.testing.assert_array_equal(found[0], [above(row) for row in x])


def test_long_sums_that_are_used_again():
    def long(x):
        total = np.exp(x)
        for k in range(100):
            total = total + (total - x) * 1e-3 if k % 2 else total * 0.999
        return total if total > -1 else -total

    check(long, points({"x": ()}, 100), "value", ways=1)


def test_equality_of_numbers_as_they_are_given():
    def at_zero(x, y):
        return y if x == 0 else np.sin(x) / x * y

    x = np.tile([0.0, -0.0, 1.0, 1e-300], 100)
    check(at_zero, {"x": x, "y": np.linspace(1, 2, 400)}, ways=2)


def test_decisions_at_nan_and_infinity():
    def f(x, y):
        if x > 0:
            return x * y
        return y if x <= 0 else y * 3

    x = np.tile([np.nan, 1.0, -1.0, np.inf], 100)
    value, *_ = check(f, {"x": x, "y": np.linspace(1, 2, 400)}, ways=3, left=8)
    np.testing.assert_array_equal(value[::4], 3 * np.linspace(1, 2, 400)[::4])


def test_whole_numbers_and_what_is_taken_as_it_is():
    def power(x, n: int, k=2.0):
        total = 0.0
        for i in range(n):
            total = total + x**i
        return total * int(k)

    draw = np.random.default_rng(1)
    arrays = {"x": draw.uniform(1, 2, 600), "n": draw.integers(1, 4, 600).astype(float)}
    check(power, arrays, wrt=("x",), ways=3, left=20)
    check(power, arrays, wrt=("x",), constants={"k": 3.0}, ways=3, left=20)
    arrays["k"] = draw.integers(1, 3, 600).astype(float)
    check(power, arrays, wrt=("x",), ways=6, left=20)


# --- functions as people write them

FOLDER = Path(__file__).parent.parent
CASES = "tests/cases/files/functions.py"
HAND = "examples/hand_derived"
WRITTEN = {
    f"{CASES}:newton": ({"a": (), "n": ()}, {"wrt": ("a",)}, 3),
    f"{CASES}:branch": ({"x": ()}, {}, 1),
    f"{CASES}:filled": ({"x": ()}, {"question": "jac"}, 1),
    f"{CASES}:stacked": ({"x": (), "y": ()}, {"question": "jac"}, 1),
    f"{CASES}:in_place": ({"x": (3,)}, {}, 1),
    f"{CASES}:listed": ({"r": (), "t": ()}, {"question": "jac"}, 1),
    f"{CASES}:helped": ({"x": (2,)}, {}, 1),
    f"{CASES}:chatty": ({"x": ()}, {}, 0),
    f"{CASES}:options": ({"x": ()}, {"constants": {"power": 3.0}}, 1),
    f"{CASES}:order": ({"x": (), "y": (), "z": ()}, {}, 1),
    f"{CASES}:constant": ({"x": ()}, {}, 1),
    f"{CASES}:model": ({"x": ()}, {}, 1),
    f"{CASES}:model.square": ({"x": ()}, {}, 1),
    f"{CASES}:Model.cube": ({"x": ()}, {}, 1),
    f"{CASES}:cube": ({"x": ()}, {}, 1),
    f"{CASES}:turns": ({"n": (), "x": ()}, {"wrt": ("x",)}, 3),
    "tests/cases/files/model.py:loss": ({"x": (2,), "A": (2, 2)}, {}, 1),
    "examples/gradient_checks/model.py:loss": ({"w": (2,), "A": (3, 2), "b": (3,)}, {"wrt": ("w",)}, 1),
    f"{HAND}/logistic.py:loss": ({"w": (2,), "y": (4,)}, {"constants": {"X": np.eye(4, 2)}}, 1),
    f"{HAND}/black_scholes.py:price": (dict.fromkeys(("S", "K", "r", "sigma", "T"), ()), {}, 1),
    f"{HAND}/kalman.py:loss": ({"q": (), "r": (), "z": (5,)}, {}, 1),
    f"{HAND}/network.py:loss": ({"W1": (2, 2), "b1": (2,), "W2": (2,)},
                                {"constants": {"b2": 0.5, "X": np.eye(3, 2), "y": [1.0, 0.0, 2.0]}}, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_functions_of_files(name, capsys):
    shapes, more, ways = WRITTEN[name]
    arrays = points(shapes, 120, 0.5, 2.5)
    if "n" in arrays:
        arrays["n"] = np.resize([1.0, 2.0, 3.0], 120)
    check(read(str(FOLDER / name)), arrays, ways=ways, left=120 if not ways else 8, rtol=1e-10, **more)


# --- what a function may see and do


Pair = namedtuple("Pair", ["scale", "shift"])
settings = {"pair": Pair(2.0, np.arange(3.0)), "names": ["a", "b"], "limits": (0.1, np.float64(3))}


@dataclass
class Line:
    slope: float
    offset: float = 1.0

    def at(self, x):
        return self.slope * x + self.offset


class Kind(Enum):
    SQUARE = 2
    CUBE = 3


fixed = Line(3.0)


@lru_cache
def binomial(n, k):
    return 1 if k in (0, n) else binomial(n - 1, k - 1) + binomial(n - 1, k)


def with_settings(x):
    scale, shift = settings["pair"]
    return scale * x * shift[1] + len(settings["names"]) if x > settings["limits"][0] else x


def with_objects(x):
    made = Line(x, offset=2.0)
    return made.at(x) * fixed.at(x) ** (2 if Kind(2) is Kind.SQUARE else 3)


def with_closures(x):
    import math

    parts = []

    def add(part):
        parts.append(part)
        return len(parts)

    for k in range(3):
        add(binomial(4, k) * x**k / math.factorial(k))
    return sum(parts) * math.pi


def recursive(x, depth: int = 3):
    return x if depth == 0 or x > 1e6 else np.sin(x) * recursive(x + 1, depth - 1)


def with_tables(x):
    return np.interp(x, [-2.0, 0.0, 2.0], [0.0, 1.0, 0.5]) + special.erf(x) + np.log1p(np.abs(x))


def with_generators(x):
    return sum(np.cos(k * x) for k in range(4)) + ad.array([x, 2 * x]) @ ad.array([1.0, x])


def checked(x):
    if x > 1e8:
        raise ValueError(f"{x:.3f}")
    return x**2


@pytest.mark.parametrize("function", [with_objects, with_closures, recursive, with_tables, with_generators, checked])
def test_one_way(function):
    check(function, points({"x": ()}, 100), ways=1)


def test_settings_are_seen():
    arrays = points({"x": ()}, 200)
    runner, *_ = asked(with_settings, arrays)
    before, _ = runner(arrays)
    settings["names"].append("c")
    try:
        after, _ = runner(arrays)
    finally:
        settings["names"].pop()
    np.testing.assert_allclose(after - before, arrays["x"] > 0.1, atol=1e-12)
    assert [branches.is_doubted for branches in runner._branches.values()] == [True]


def test_truth_values_as_numbers():
    check(lambda x: np.where(bool(2), x * True, 1.0) * x, points({"x": ()}, 100), "hess", ways=1)


def test_results_that_are_no_floats():
    check(lambda x: x > 0, points({"x": ()}, 100), "value", ways=1)
    check(lambda x: np.argmax(x), points({"x": (3,)}, 100), "value", ways=1)
    check(lambda x: np.floor(x).astype(int) if x > 5 else np.ceil(x), points({"x": ()}, 100), ways=1)


def test_complex_numbers_on_the_way():
    check(lambda x: np.real(np.exp(1j * x)) + np.imag((1 + 2j) * x**2), points({"x": ()}, 100), "hess", ways=1)


def test_rows_that_fail():
    def f(x):
        if x > 1:
            raise ValueError("too large")
        return np.linalg.inv(ad.array([[x, 1.0], [1.0, x]])).sum() if x < 0 else x**2

    x = np.concatenate([np.linspace(-3, 2, 400), [-1.0]])
    *_, branches, one_by_one, errors = asked(f, {"x": x})
    assert sorted(errors) == [*np.flatnonzero(x > 1), 400]
    assert isinstance(errors[400], UserError) and "Singular" in errors[400].message
    assert (len(branches.ways), one_by_one < 160) == (2, True)


def test_forms_of_rows():
    arrays = points({"x": ()}, 2000)
    runner, (value, slope), *_ = asked(piecewise, arrays)
    for count in (0, 1, 5, 40, 1999):
        found = runner({"x": arrays["x"][:count]})
        np.testing.assert_array_equal(found[0], value[:count])
    found = runner({"x": arrays["x"].astype(np.float32)})
    np.testing.assert_allclose(found[1], slope, rtol=1e-5)
    with pytest.raises(AdiffError):
        runner({"x": ["a"]})


def test_a_live_pipe():
    """Rows that come one by one."""
    arrays = points({"x": ()}, 60)
    runner = Runner(PythonFunction(piecewise), "grad", ("x",), {"x": ()}, {})
    found = [runner({"x": arrays["x"][k : k + 1]})[0][0] for k in range(60)]
    np.testing.assert_array_equal(found, [piecewise(x) for x in arrays["x"]])


# --- what is asked one by one


calls = 0
seen, memory = [], {}
generator = np.random.default_rng(3)
endless = itertools.count()


class Counter:
    def __init__(self):
        self.calls, self.log = 0, []

    def __call__(self, x):
        self.calls += 1
        return x * self.calls

    def method(self, x):
        return x * np.random.rand()

    def seldom(self, x):
        if x > 1.9:
            self.calls += 1
        return x * (1 + self.calls)

    def notes(self, x):
        if x > 1.9:
            self.log.append(x)
        return x * len(self.log)


def counts(x):
    global calls
    calls += 1
    return x**2 * (calls < 10**9)


def collects(x):
    seen.append(1)
    return x * (1 if len(seen) < 10**9 else 2)


def remembers(x):
    memory[len(memory)] = x
    return x**2


def marks(x):
    marks.calls += 1
    return x**2


marks.calls = 0


def counted():
    count = 0

    def inner(x):
        nonlocal count
        count += 1
        return x**2

    return inner


def counted_seldom():
    count = 0

    def inner(x):
        nonlocal count
        if x > 1.9:
            count += 1
        return x * count

    return inner


def seldom(x):
    """What it remembers changes only now and then."""
    if len(seen) < 3 and x > 1.9:
        seen.append(x)
    return x * len(seen)


def imports(x):
    import random as r

    return x * r.choice([1, 1])


def caught(x):
    try:
        np.linalg.cholesky(np.array([[x, 0.0], [0.0, 1.0]], like=x))
    except np.linalg.LinAlgError:
        return x**2
    return x


def validated(x):
    np.linalg.cholesky(np.array([[x, 0.0], [0.0, 1.0]], like=x))
    return x**2


def raising(x):
    try:
        with np.errstate(all="raise"):
            return np.sqrt(x)
    except FloatingPointError:
        return x**2


def masked(x):
    return x[0] * (x > 0.5).nonzero()[0].size + np.sum(x[x > 0]) / len(x[x > 0.1])


def mapped(x):
    return x * {True: 2.0}.get(str(x) == "", 1.0)


def formatted(x):
    return x * {"1": 2.0, "0": 3.0, "-1": 4.0, "-0": 5.0, "2": 1.0, "-2": 0.5}[f"{x:.0f}"]


def stopped(x):
    with ad.no_grad():
        weight = x * 2
    return x * weight


def escapes(x):
    print("here")
    return x


STATEFUL = {
    "a global": counts,
    "a list": collects,
    "a dict": remembers,
    "an attribute of the function": marks,
    "a variable around it": counted(),
    "an object": Counter(),
    "a method": Counter().method,
    "an object that seldom changes": Counter().seldom,
    "an object whose list seldom changes": Counter().notes,
    "a variable around it that seldom changes": counted_seldom(),
    "random numbers": lambda x: x * random.random(),
    "random choices": lambda x: x if random.random() < 0.5 else x * 1,
    "NumPy's random numbers": lambda x: x * np.random.rand(),
    "a generator of them": lambda x: x * generator.uniform(),
    "a generator of its own": lambda x: x if np.random.default_rng().random() < 0.9 else x * 1,
    "an iterator": lambda x: x * next(endless),
    "a method of a list": partial(lambda note, x: x * (note(1) is None), seen.append),
    "an import": imports,
    "an order": seldom,
    "an exception": caught,
    "an exception of NumPy": raising,
    "text": mapped,
    "format": formatted,
    "no_grad": stopped,
    "printing": escapes,
    "item": lambda x: x * round(x.item()),
    "numpy": lambda x: x * np.sign(x.numpy() if isinstance(x, ad.Tensor) else x),
    "what is in a Tensor": lambda x: x * np.sign(x.value if isinstance(x, ad.Tensor) else x),
    "what is in a Tensor, by its name": lambda x: x * np.sign(getattr(x, "value", x)),
    "an operation of one's own": lambda x: own(x),
}


@ad.primitive
def own(x):
    return x * 3


ad.elementwise(own, lambda y, x: 3.0)


@pytest.mark.parametrize("kind", STATEFUL)
def test_one_by_one(kind, capsys):
    check_one_by_one(STATEFUL[kind])
    seen.clear()


@pytest.mark.parametrize("function", [caught, raising, validated])
def test_failures_that_decide(function):
    """Also if nothing fails where a way is recorded."""
    x = np.linspace(1, 2, 60)
    x[7] = -1.0
    *_, one_by_one, errors = asked(function, {"x": x})
    assert (one_by_one, list(errors)) == (60, [7] if function is validated else [])


def test_shapes_that_depend_on_values():
    check_one_by_one(masked, {"x": np.random.default_rng(0).uniform(0.2, 2, (60, 4))})
