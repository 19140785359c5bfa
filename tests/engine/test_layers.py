"""Batch normalization and the recurrent layer, against PyTorch 2.13's printed answers and mpmath."""

import mpmath
import numpy as np
import pytest

from autodiff_cli.engine.layers import batchnorm, gru
from autodiff_cli.engine.transforms import grad
from autodiff_cli.errors import AdiffError
from tests.engine.test_convolution import squares


class TestBatchnorm:
    def test_pytorch(self):
        """torch.nn.functional.batch_norm(training=True), and the gradients of a weighted sum of squares."""
        x, gamma, beta = squares(3, 2, 2), np.array([2.0, -1.0]), np.array([0.5, 3.0])
        weights = np.arange(12.0).reshape(3, 2, 2)
        value = [
            [[-1.9886840673530206, -0.7443420336765103], [1.3489983489975241, 2.87299987299981]],
            [[0.5, 2.9886840673530206], [3.635000635000953, 4.397001397002096]],
            [[-0.7443420336765103, 2.9886840673530206], [2.87299987299981, 2.87299987299981]],
        ]
        by_x = [
            [[13.617599070455553, -2.74662800686786], [9.145862663558304, 17.013745790548437]],
            [[-10.428622629741477, -7.240128495484173], [5.356385601445717, 0.13335713700187735]],
            [[-15.713653125971, 22.51143318760897], [-13.635447503822144, -18.013903688732228]],
        ]

        def layer(x, gamma, beta):
            return batchnorm(x, gamma=gamma, beta=beta, eps=0.25)

        gradients = grad(lambda *args: np.sum(weights * layer(*args) ** 2))(x, gamma, beta)
        np.testing.assert_allclose(layer(x, gamma, beta), value, rtol=1e-13)
        np.testing.assert_allclose(gradients[0], by_x, rtol=1e-11)
        np.testing.assert_allclose(gradients[1], [112.46641061024941, -87.27275311148448], rtol=1e-12)
        np.testing.assert_allclose(gradients[2], [74.28499727970738, 248.47801447802172], rtol=1e-12)

    def test_mygrad(self):
        """The example in the documentation of MyGrad's batchnorm."""
        answer = batchnorm(np.array([[1.0], [4.0], [1.0]]), eps=0)
        np.testing.assert_allclose(answer, [[-0.70710678], [1.41421356], [-0.70710678]], rtol=1e-8)

    def test_a_large_mean_does_not_drown_the_variance(self):
        x = np.array([[1e9 - 1], [1e9], [1e9 + 1]])
        assert batchnorm(x, eps=0).ravel().tolist() == [-np.sqrt(1.5), 0, np.sqrt(1.5)]

    @pytest.mark.parametrize(
        "shape, how, message",
        [
            ((3,), {}, r"batchnorm needs data \(N, C, ...\), not the shape \(3,\)"),
            ((3, 2), {"gamma": np.ones(3)}, r"gamma has shape \(3,\), and must have \(2,\)"),
            ((3, 2), {"beta": 1.0}, r"beta has shape \(\), and must have \(2,\)"),
        ],
    )
    def test_what_does_not_fit(self, shape, how, message):
        with pytest.raises(AdiffError, match=message):
            batchnorm(np.ones(shape), **how)


def parameters(channels, units, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for _ in "zrh" for shape in ((channels, units), (units, units), (units,))]


class TestGru:
    X = np.array([[[1.0, 2.0]], [[-1.0, 0.5]], [[0.25, -2.0]]])
    # Of torch.nn.GRU with one unit: there, with b_hn = 0, its state is reset before or after the product alike.
    PARAMETERS = [
        np.array(p)
        for p in ([[0.25], [2.0]], [[-0.5]], [-0.2], [[0.5], [-1.0]], [[1.5]], [0.1], [[-0.75], [1.0]], [[0.75]], [0.3])
    ]
    S0 = np.array([[0.5]])

    def test_pytorch(self):
        """torch.nn.GRU, and the gradients of the sum of squares of its states."""
        states = gru(self.X, *self.PARAMETERS, s0=self.S0)
        want = [0.5, 0.5094676404102493, 0.6926833777360168, -0.8649498426500665]
        np.testing.assert_allclose(states.ravel(), want, rtol=1e-14)
        by_x, by_parameters, by_s0 = grad(lambda X, p, s0: np.sum(gru(X, *p, s0=s0)[1:] ** 2))(
            self.X, self.PARAMETERS, self.S0
        )
        want = [-0.007503896220589081, -0.02758046444722032, -0.06782738864591796, -0.1802731728882701,
                0.27269252790282006, -0.4314572878778168]  # fmt: skip
        np.testing.assert_allclose(by_x.ravel(), want, rtol=1e-11)
        np.testing.assert_allclose(by_s0, [[1.7050169957470849]], rtol=1e-12)
        Uz, Wz, bz, Ur, Wr, br, Uh, Wh, bh = [p.ravel() for p in by_parameters]
        np.testing.assert_allclose(Ur, [-0.006606328501539572, 0.01741479962758292], rtol=1e-11)
        np.testing.assert_allclose(Uz, [0.09169504693105468, -0.0295657413429075], rtol=1e-11)
        np.testing.assert_allclose(Uh, [-0.14516803589205335, 0.7941633427304557], rtol=1e-11)
        want = [-0.08758470804223042, -0.001929435223449943, -0.23833439599533648]
        np.testing.assert_allclose(np.ravel([Wz, Wr, Wh]), want, rtol=1e-11)
        want = [-0.16139436237796406, -0.0012727331510789565, -0.317794933608458]
        np.testing.assert_allclose(np.ravel([bz, br, bh]), want, rtol=1e-11)

    def test_mpmath(self):
        """Several units, where the place of the reset matters, by the equations of the docstring in 40 digits."""
        X, arrays = np.random.default_rng(1).normal(size=(3, 1, 2)), parameters(2, 3)
        with mpmath.workdps(40):
            Uz, Wz, bz, Ur, Wr, br, Uh, Wh, bh = [mpmath.matrix(np.atleast_2d(a).tolist()) for a in arrays]
            s = mpmath.zeros(1, 3)
            for t in range(3):
                x = mpmath.matrix(X[t].tolist())
                z, r = (
                    (x * U + s * W + b).apply(lambda v: 1 / (1 + mpmath.exp(-v)))
                    for U, W, b in ((Uz, Wz, bz), (Ur, Wr, br))
                )
                read = mpmath.matrix([[r[k] * s[k] for k in range(3)]])
                h = (x * Uh + read * Wh + bh).apply(mpmath.tanh)
                s = mpmath.matrix([[(1 - z[k]) * h[k] + z[k] * s[k] for k in range(3)]])
        np.testing.assert_allclose(gru(X, *arrays)[-1, 0], [float(v) for v in s], rtol=1e-13)

    def test_it_begins_with_zeros(self):
        states = gru(np.ones((2, 4, 2)), *parameters(2, 3))
        assert states.shape == (3, 4, 3) and not states[0].any()

    def test_time_grows_with_the_length_not_with_its_square(self):
        """Every step comes back in one call: no line of the sequence's size for each step."""
        from autodiff_cli.engine.recording import Recording
        from autodiff_cli.engine.tensor import variable

        with Recording() as recording:
            gru(variable(np.ones((5, 1, 2))), *parameters(2, 3))
        names = [line.rule.name for line in recording.known.values()]
        assert names.count("steps") == 3 and "index" not in names

    def test_dropout(self):
        X, weights = np.ones((4, 500, 2)), parameters(2, 3)
        once, again, other = (gru(X, *weights, dropout=0.4, rng=seed) for seed in (1, 1, 2))
        assert np.array_equal(once, again) and not np.array_equal(once, other)
        assert np.array_equal(gru(X, *weights, dropout=0.0, rng=1), gru(X, *weights))
        # What reads X is left out for each datum by itself, and the rest is scaled up: on average the sum is the same.
        zeros = [
            np.zeros((3, 3)) if k % 3 == 1 else np.zeros(3) if k % 3 == 2 else np.full((2, 3), 1e-3) for k in range(9)
        ]
        states = gru(X[:1], *zeros, dropout=0.4, rng=0)[1]
        assert {0.0} < set(np.round(np.unique(states), 5)) and abs(states.mean() / 1e-3 - 1) < 0.1

    @pytest.mark.parametrize(
        "change, message",
        [
            ({"X": np.ones((3, 2))}, r"X of gru has shape \(3, 2\), and must have \(T, N, C\)"),
            ({"Wr": np.ones((3, 2))}, r"Wr has shape \(3, 2\), and must have \(3, 3\)"),
            ({"Uh": np.ones((3, 3))}, r"Uh has shape \(3, 3\), and must have \(2, 3\)"),
            ({"bh": np.ones(2)}, r"bh has shape \(2,\), and must have \(3,\)"),
            ({"s0": np.ones(3)}, r"s0 has shape \(3,\), and must have \(1, 3\)"),
            ({"dropout": 1.0}, "dropout must be from 0 to below 1, and is 1.0"),
        ],
    )
    def test_what_does_not_fit(self, change, message):
        names = [f"{kind}{gate}" for gate in "zrh" for kind in "UWb"]
        given = dict(zip(names, parameters(2, 3), strict=True)) | {"X": self.X} | change
        with pytest.raises(AdiffError, match=message):
            gru(**given)
