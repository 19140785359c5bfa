"""Mistakes that a derivation by hand makes at every turn of a loop."""

import re

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.check import check


def path(k, dt, steps=6):
    """A damped pendulum, step by step."""
    angle, speed = 1.0, 0.0
    for _ in range(steps):
        force = np.sin(angle)
        speed = speed - dt * k * force
        angle = angle + dt * speed
    return angle**2


def slopes(k, dt, steps, *, by_angle=1.0, by_speed=1.0, by_k=1.0):
    angle, speed, d_angle, d_speed = 1.0, 0.0, 0.0, 0.0
    for _ in range(steps):
        d_force = by_angle * np.cos(angle) * d_angle
        d_speed = d_speed - dt * (by_k * np.sin(angle) + k * d_force)
        speed = speed - dt * k * np.sin(angle)
        d_angle, angle = d_angle + by_speed * dt * d_speed, angle + dt * speed
    return 2 * angle * d_angle


def test_the_derivation_is_right():
    found = check(path, lambda k, dt: slopes(k, dt, 6), wrt="k", k=2.0, dt=0.1)
    assert found.verdict == "pass"
    assert slopes(2.0, 0.1, 6) == pytest.approx(ad.grad(path, 0)(2.0, 0.1), rel=1e-12)


def test_what_is_forgotten_at_every_turn_is_named():
    found = check(path, lambda k, dt: slopes(k, dt, 6, by_angle=0.0), wrt="k", k=2.0, dt=0.1)
    (finding,) = found.findings
    assert finding.verdict == "fail"
    assert re.match(r"what dt \* k \* force \S* ?\S* ?moves by angle \+ dt \* speed .*is forgotten", finding.cause.text)


def test_nothing_is_claimed_where_nothing_explains_it():
    found = check(path, lambda k, dt: slopes(k, dt, 6, by_angle=0.5, by_k=0.9), wrt="k", k=2.0, dt=0.1)
    assert found.findings[0].cause is None
