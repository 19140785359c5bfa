"""The cause of a wrong gradient: mistakes planted in textbook gradients, and what must not be claimed."""

import numpy as np
import pytest

from autodiff_cli.check.causes import likely
from autodiff_cli.check.evidence import Evidence
from autodiff_cli.expression import Expression

from .planted import GRADIENTS

POINTS, FRESH = 4, 20
PLANTED = [(*gradient[:5], kind, claim) for gradient in GRADIENTS for kind, claim in gradient[5]]


def drawn(shapes, draw, count):
    """Points with arrays of these shapes."""
    return [{name: array(shape, draw) for name, shape in shapes.items()} for _ in range(count)]


def array(shape, draw):
    if isinstance(shape, tuple):
        return draw.uniform(0.3, 1.7, shape)
    if shape[0] == "R":
        return draw.uniform(-2, 2, int(shape[1:]))
    n = int(shape[1:])
    return 2 * np.eye(n) + draw.uniform(-0.4, 0.4, (n, n))


def value(formula, point):
    expression = Expression(formula)
    return np.asarray(expression.value({name: point[name] for name in expression.variables}))


def evidence(target, name, claim, points, of="grad", others=()):
    """What the checker hands over, for a claim that is a formula or a function of a point."""
    target = Expression(target) if isinstance(target, str) else target
    claims = {name: claim, **dict(others)}
    yours = {n: [value(c, p) if isinstance(c, str) else np.asarray(c(p)) for p in points] for n, c in claims.items()}
    true = {n: [derivative(target, of, n, p) for p in points] for n in claims}
    formula = Expression(claim) if isinstance(claim, str) else None
    return Evidence(target, formula, name, of, tuple(claims), points, yours[name], true[name], yours, true, 1e-6, 1e-9)


def derivative(target, of, name, point):
    if of == "hess":
        first, last = name.split(",")
        return target.hessian(point, wrt=tuple(dict.fromkeys((first, last))))[first][last]
    return (target.grad if of == "grad" else target.jacobian)(point, wrt=(name,))[name]


def differences(target, name, point, step=1e-6):
    """The gradient by central differences."""
    x, found = np.asarray(point[name]), np.zeros(np.shape(point[name]))
    for index in np.ndindex(x.shape):
        moved = [x.copy(), x.copy()]
        moved[0][index] -= step
        moved[1][index] += step
        low, high = (Expression(target).value(point | {name: m}) for m in moved)
        found[index] = (high - low) / (2 * step)
    return found


def cause(target, claim, shapes, name="x", of="grad", others=(), count=POINTS, seed=5):
    return likely(evidence(target, name, claim, drawn(shapes, np.random.default_rng(seed), count), of, others))


# --- the promise: at least 90 % of the planted mistakes are named, and none is named wrongly


def test_what_is_planted_is_wrong_and_what_is_right_is_right():
    assert len(GRADIENTS) == 20 and len(PLANTED) >= 200
    for _, target, name, right, shapes, planted in GRADIENTS:
        (point,) = drawn(shapes, np.random.default_rng(1), 1)
        np.testing.assert_allclose(value(right, point), differences(target, name, point), rtol=1e-5, atol=1e-7)
        for _, claim in planted:
            assert not np.allclose(value(claim, point), value(right, point)), claim


@pytest.fixture(scope="module")
def named():
    """The cause that is found of each planted mistake."""
    return [cause(target, claim, shapes, name) for _, target, name, _, shapes, _, claim in PLANTED]


def test_planted_mistakes_are_named(named):
    right = [c is not None and c.kind in kind.split() for c, (*_, kind, _) in zip(named, PLANTED, strict=True)]
    by_kind = {}
    for found, (*_, kind, _) in zip(right, PLANTED, strict=True):
        by_kind.setdefault(kind.split()[0], []).append(found)
    for kind, found in sorted(by_kind.items()):
        print(f"{kind:12} {sum(found):3} of {len(found):3}")
    print(f"{'all':12} {sum(right):3} of {len(right):3}")
    assert sum(right) >= 0.9 * len(right)


def test_no_mistake_is_named_wrongly(named):
    wrong = []
    for found, (_, _, _, right, shapes, kind, claim) in zip(named, PLANTED, strict=True):
        if found is not None and (found.kind not in kind.split() or not holds(found.formula, right, shapes)):
            wrong.append((claim, found))
    assert wrong == []


def holds(formula, right, shapes):
    """Whether a corrected formula is the right one at points that were never seen."""
    points = drawn(shapes, np.random.default_rng(99), FRESH)
    return all(np.allclose(value(formula, p), value(right, p), rtol=1e-6, atol=1e-9) for p in points)
