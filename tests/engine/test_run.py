"""Programs over rows: blocks, registers, threads, and lines that cost less."""

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine import blocks, mkl, monomials
from autodiff_cli.engine.cheaper import cheaper
from autodiff_cli.engine.compiled import lean
from autodiff_cli.engine.run import Rows


def program_of(text, **point):
    recorded, wrt = ad.parse(text).ask(point)
    return recorded.gradient_program(wrt)


def run(program, points, jobs=1, **more):
    """(results, doubtful rows)."""
    results = [np.empty((len(points[0]), *np.shape(getattr(o, "value", o)))) for o in program.outputs]
    return results, Rows(program, [True] * len(points))(points, results, jobs)


# --- sharing out blocks


@pytest.mark.parametrize(("count", "size", "jobs"), [(10, 3, 1), (10, 10, 4), (1000, 7, 3), (5, 1, 8)])
def test_each_row_is_done_once_but_for_the_last_block(count, size, jobs):
    done = np.zeros(count, int)

    class Worker:
        finished = 0

        def __init__(self, rows):
            assert rows == size

        def __call__(self, start, stop, over):
            assert stop - start == size
            done[start + over : stop] += 1

        def finish(self):
            Worker.finished += 1

    blocks.over_blocks(count, size, jobs, Worker)
    assert (done == 1).all() and Worker.finished <= jobs


def test_a_failure_in_a_thread_is_raised_here():
    class Worker:
        def __init__(self, size):
            pass

        def __call__(self, start, stop, over):
            if start == 50:
                raise OSError("full")

        def finish(self):
            pass

    with pytest.raises(OSError, match="full"):
        blocks.over_blocks(100, 10, 4, Worker)


@pytest.mark.parametrize("row_bytes", [8, 72, 300, 10_000, 10**9])
@pytest.mark.parametrize("count", [1, 5, 8191, 8192, 100_000, 10**7])
@pytest.mark.parametrize("jobs", [1, 2, 64])
def test_blocks_have_a_size(row_bytes, count, jobs):
    size = blocks.block_size(row_bytes, count, jobs)
    assert 1 <= size <= count and (size < blocks.PIECE or size % blocks.PIECE == 0)


# --- lines that cost less

FORMULAS = {
    "(1-x)^2 + 100*(y-x^2)^2": 12,
    "x^3*y/(x*y)": 12,
    "sin(x)*exp(y)/x": 10,
    "x/y": 4,
}
POINT = {"x": 1.3, "y": 0.7}


@pytest.mark.parametrize(
    "text", [*FORMULAS, "x^-3 + y^4 + x^0.5", "tanh(x*y)", "sqrt(x/y)*log(y/x)", "-x*-y/(2*x)*(3*y)"]
)
def test_cheaper_lines_are_equal(text):
    program = program_of(text, **POINT)
    other = [np.float64(2.1), np.float64(0.4)]
    found, expected = cheaper(program)(*other), program(*other)
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize("text", FORMULAS)
def test_cheaper_lines_are_few(text):
    assert len(cheaper(program_of(text, **POINT)).lines) <= FORMULAS[text]


def test_factors_cancel():
    """The derivatives of log(x/y) are 1/x and -1/y, however they come about."""
    lines = cheaper(program_of("log(x/y)", **POINT)).lines
    assert sorted(line.rule.name for line in lines) == ["divide", "log", "negative", "reciprocal", "reciprocal"]


def test_the_value_is_computed_as_it_stands():
    """Its overflow is that of the formula: x^3 is infinite here, and inf*0 is nan."""
    program = program_of("x^3*y^-2", **POINT)
    with np.errstate(all="ignore"):
        value, *_ = cheaper(program)(np.float64(1e200), np.float64(1e200))
    assert np.isnan(value)


def test_sums_of_vectors_are_scaled_once():
    """A number of each row meets other numbers before it meets a vector."""
    u, v = np.array([1.0, 2, 3]), np.array([3.0, 1, 2])
    program = cheaper(program_of("dot(u, v)/(norm(u)*norm(v))", u=u, v=v))
    wide = [line.rule.name for line in program.lines if line.value.shape == (3,)]
    assert sorted(wide) == ["divide"] * 2 + ["multiply"] * 3 + ["square"] * 2 + ["subtract"] * 2


def test_long_products_stay_as_they_are():
    """Where multiplying out would not pay, like the gradient of a product of many factors."""
    names = [f"x{k}" for k in range(40)]
    program = lean(program_of("*".join(names), **dict.fromkeys(names, 1.5)))
    assert len(monomials.regrouped(program).lines) <= len(program.lines)


# --- over rows


def test_the_same_bits_where_nothing_is_reordered(monkeypatch):
    monkeypatch.setattr(mkl, "functions", dict)
    x, y = np.random.default_rng(0).uniform(0.5, 2, (2, 30_000))
    (value, dx, dy), doubtful = run(program_of("sin(x)*y", **POINT), [x, y])
    np.testing.assert_array_equal(value, np.sin(x) * y)
    np.testing.assert_array_equal(dx, np.cos(x) * y)
    np.testing.assert_array_equal(dy, np.sin(x))
    assert not len(doubtful)


def test_numbers_that_leave_their_range_on_the_way():
    """x*y*z grouped as (x*z)*y would be 0 or infinite; the program itself is not."""
    point = {"s": 2.0, "t": 3.0, "u": np.ones(3)}
    program = program_of("sum(s*(t*u))", **point)
    s, t = np.array([1e-200, 1e200, 3.0]), np.array([1e-150, 1e150, 2.0])
    u = np.array([[1e200] * 3, [1e-300] * 3, [1.0] * 3])
    (value, ds, dt, _), _ = run(program, [s, t, u])
    for k in range(3):
        with np.errstate(all="ignore"):
            expected = [np.sum(s[k] * (t[k] * u[k])), np.sum(t[k] * u[k]), np.sum(s[k] * u[k])]
        np.testing.assert_allclose([value[k], ds[k], dt[k]], expected, rtol=1e-15)


def test_rows_with_poles_are_told():
    x = np.linspace(-1, 1, 2001)
    (_, dx, _), doubtful = run(program_of("log(x)*y", **POINT), [x, np.ones(2001)])
    np.testing.assert_array_equal(doubtful, np.arange(1001))
    np.testing.assert_array_equal(dx[1001:], 1 / x[1001:])


def test_what_cannot_be_done_in_a_block_is_told():
    A = np.tile(np.eye(2), (5, 1, 1))
    A[3] = 0
    _, doubtful = run(program_of("sum(inv(A))", A=np.eye(2)), [A])
    np.testing.assert_array_equal(doubtful, np.arange(5))


def test_registers_are_lent_and_come_back():
    rows = Rows(program_of("sin(x)*y + x/y", **POINT), [True, True])
    points = np.random.default_rng(0).uniform(1, 2, (2, 50_000))
    for jobs in (1, 2, 2):
        rows(points, np.empty((3, 50_000)), jobs)
    buffers = [buffer.ctypes.data for registers in rows.cheap.idle for buffer in registers.all]
    assert len(rows.cheap.idle) <= 2 and len(set(buffers)) == len(buffers)
