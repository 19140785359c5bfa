"""The catalogue: every row can be called and differentiated at its sample, and says what it is."""

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.language.functions import ALIASES, CONSTANTS, FUNCTIONS, lookup
from autodiff_cli.language.values import read_value

# Rows whose arguments are no plain arrays, with a call for each: a function of x and a point.
SPECIAL_CALLS = {
    "concatenate": ("concatenate([x, 2x])", "0.3,0.7"),
    "stack": ("stack([x, 2x], axis=1)", "0.3,0.7"),
    "hstack": ("hstack([x, 2x])", "0.3,0.7"),
    "vstack": ("vstack([x, 2x])", "0.3,0.7"),
    "dstack": ("dstack([x, 2x])", "0.3,0.7"),
    "column_stack": ("column_stack([x, 2x])", "0.3,0.7"),
    "einsum": ('einsum("ij,kj->ik", x, x)', "1,2;3,4"),
    "slogdet": ("slogdet(x)[1]", "2,0.5;0.3,1.5"),
    "eigh": ("eigh(x)[0] + sum(abs(eigh(x)[1]))", "2,0.5;0.5,1.5"),
    "svd": ("svd(x)[1] + sum(abs(svd(x)[0])) + sum(abs(svd(x)[2]))", "2,0.5;0.3,1.5"),
    "qr": ("qr(x)[0] + qr(x)[1]", "2,0.5;0.3,1.5"),
    "D": ("D(x^3*sum(x), x)", "0.3,0.7"),
    "polygamma": ("polygamma(1, x)", "0.3,0.7"),
    "zeros": ("x*zeros(2)", "1,2"),
    "ones": ("x*ones((3, 2))", "1,2"),
    "full": ("full(2, x)", "3"),
    "eye": ("x @ eye(2)", "1,2"),
    "arange": ("x*arange(1, 5, 2)", "1,2"),
    "linspace": ("linspace(x[0], x[1], 4)", "1,2"),
    "rand": ("x*rand(2)", "1,2"),
    "randn": ("x*randn(2)", "1,2"),
}
CONSTANT = {"argmin", "argmax", "all", "any", "size", "floor", "ceil", "round", "trunc", "sign", "heaviside", "isnan",
            "isfinite"}  # fmt: skip


def call_of(row):
    """The text of a call at the sample, and the point of its array arguments."""
    if row.name in SPECIAL_CALLS:
        text, sample = SPECIAL_CALLS[row.name]
        return text, {"x": read_value(sample, None)}
    assert None not in row.sample, f"{row.name} has neither a sample nor a call in this test"
    names = "uvw"
    structure = ("condition", "shape", "axis1", "axis2", "source", "destination", "axis", "shift", "reps", "repeats",
                 "indices", "n", "q")  # fmt: skip
    args, point = [], {}
    for (parameter, default), sample in zip(row.parameters, row.sample, strict=False):
        if parameter.removeprefix("*") in structure:
            args.append(f"[{sample}]" if parameter in ("indices", "condition") else sample)
        else:
            name = names[len(point)]
            point[name] = read_value(sample, None)
            args.append(name if default is None else f"{parameter}={name}")
    return f"{row.name}({', '.join(args)})", point


@pytest.mark.parametrize("row", FUNCTIONS.values(), ids=lambda row: row.name)
def test_row_is_differentiable_at_its_sample(row):
    call, point = call_of(row)
    weight = np.cos(1 + np.arange(np.size(ad.parse(call).value(point))))
    f = ad.parse(f"sum(ravel({call})*weight)")
    point = point | {"weight": weight}
    gradient = f.grad(point)
    rng = np.random.default_rng(5)
    direction = {name: rng.normal(size=np.shape(value)) for name, value in point.items()}
    if row.name in ("eigh", "eigvalsh", "cholesky"):
        direction = {n: (d + d.T) / 2 if d.ndim == 2 else d for n, d in direction.items()}  # these read one triangle
    h = 1e-5
    up, down = (f.value({n: v + s * h * direction[n] for n, v in point.items()}) for s in (1, -1))
    slope = sum(np.sum(gradient[n] * direction[n]) for n in point)
    assert slope == pytest.approx((up - down) / (2 * h), rel=1e-6, abs=1e-7)
    if row.name in CONSTANT:
        assert all(not g.any() for n, g in gradient.items() if n != "weight")


def test_notation_of_every_row():
    for row in FUNCTIONS.values():
        assert row.notation.startswith(row.name + "(")
        assert row.summary
        assert not row.summary.endswith(".")


def test_aliases_lead_to_rows():
    assert [name for name, target in ALIASES.items() if target not in FUNCTIONS] == []
    assert [name for name in ALIASES if name in FUNCTIONS] == []
    assert lookup("ln") is FUNCTIONS["log"]
    assert lookup("nothing") is None


def test_constants():
    for name, value in CONSTANTS.items():
        if isinstance(value, float):
            assert np.array_equal(ad.parse(name).value(), value, equal_nan=True)
