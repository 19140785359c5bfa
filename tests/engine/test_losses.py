"""Losses against PyTorch 2.13's printed answers (torch.nn.functional, float64), mpmath, and MyGrad's documentation."""

import mpmath
import numpy as np
import pytest

from autodiff_cli.engine import losses
from autodiff_cli.engine.imperative import leaf
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import variable
from autodiff_cli.engine.transforms import grad, hessian
from autodiff_cli.errors import AdiffError

SCORES, LABELS = np.array([[2.0, -1.0, 0.5], [0.0, 3.0, 1.0]]), np.array([0, 2])
A, B = np.array([1.0, 2.0, -0.5]), np.array([0.5, 3.0, 4.0])


@pytest.mark.parametrize(
    "call, value, slopes",
    [
        (  # cross_entropy
            lambda x: losses.softmax_crossentropy(x, LABELS),
            1.2055786581067214,
            [[-0.10720148270536206, 0.019556286635343725, 0.08764519607001835],
             [0.021005033067033024, 0.4218973672406698, -0.4429024003077028]],
        ),
        (lambda x: losses.negative_log_likelihood(x, LABELS), -1.5, [[-0.5, 0, 0], [0, 0, -0.5]]),  # nll_loss
        (  # nll_loss(weight, reduction="sum") / 2
            lambda x: losses.negative_log_likelihood(x, LABELS, weights=[0.5, 1, 3]),
            -2.0,
            [[-0.25, 0, 0], [0, 0, -1.5]],
        ),
        (  # multi_margin_loss(margin=2) * 3, as PyTorch divides by the number of classes too
            lambda x: losses.multiclass_hinge(x, LABELS, hinge=2.0),
            2.75,
            [[-0.5, 0, 0.5], [0.5, 0.5, -1]],
        ),
    ],
)  # fmt: skip
def test_scores(call, value, slopes):
    assert call(SCORES) == pytest.approx(value, rel=1e-15)
    np.testing.assert_allclose(grad(call)(SCORES), slopes, rtol=1e-14)


@pytest.mark.parametrize(
    "call, value, slopes",
    [
        (
            lambda a, b: losses.margin_ranking_loss(a, b, [1, 1, -1], 0.75),
            2 / 3,
            [[-1 / 3, -1 / 3, 0], [1 / 3, 1 / 3, 0]],
        ),
        (losses.mse, 7.166666666666667, [[1 / 3, -2 / 3, -3], [-1 / 3, 2 / 3, 3]]),
        (
            lambda a, b: losses.huber(a, b, delta=2.0),
            2.5416666666666665,
            [[1 / 6, -1 / 3, -2 / 3], [-1 / 6, 1 / 3, 2 / 3]],
        ),
    ],
)
def test_two_arrays(call, value, slopes):
    """margin_ranking_loss, mse_loss and huber_loss."""
    assert call(A, B) == pytest.approx(value, rel=1e-15)
    np.testing.assert_allclose(grad(call)(A, B), slopes, rtol=1e-14)


def test_mygrad():
    """The examples in the documentation of MyGrad's losses."""
    x = np.array([[2.0, 2, 2], [0, 0, 1e6]])
    assert losses.softmax_crossentropy(x[:1], [0]) == pytest.approx(1.09861229, rel=1e-8)
    assert losses.softmax_crossentropy(x, [0, 2]) == pytest.approx(0.54930614, rel=1e-7)
    assert losses.negative_log_likelihood(np.array([[0, -20, -20]]), [0]) == 0
    assert losses.negative_log_likelihood([[-4.6, -4.6, -0.02]], [0], weights=[2, 1, 1]) == 9.2


class TestFarOut:
    def test_crossentropy(self):
        x = np.array([[1000.0, -1000, 0], [1e300, 0, 0]])
        assert losses.softmax_crossentropy(x[:1], [1]) == 2000
        assert losses.softmax_crossentropy(x, [0, 0]) == 0
        assert grad(lambda x: losses.softmax_crossentropy(x, [1]))(x[:1]).tolist() == [[1, -1, 0]]
        assert losses.softmax_crossentropy(np.full((1, 2), 1e16), [0]) == pytest.approx(np.log(2), rel=1e-15)

    def test_focal_loss_where_softmax_is_0(self):
        x = np.array([[-1000.0, 1000]])
        assert losses.softmax_focal_loss(x, [0], gamma=2).tolist() == [2000]
        assert grad(lambda x: losses.softmax_focal_loss(x, [0], gamma=2)[0])(x).tolist() == [[-1, 1]]

    def test_huber_of_huge_differences(self):
        assert losses.huber(np.array([1e200]), np.array([-1e200])) == 2e200


def focal(p, alpha, gamma):
    return -alpha * (1 - p) ** gamma * mpmath.log(p)


class TestFocal:
    @pytest.mark.parametrize("gamma", [0, 0.5, 1, 2, 2.5])
    @pytest.mark.parametrize("p", [1e-200, 0.3, 0.9999])
    def test_mpmath(self, gamma, p):
        value = losses.focal_loss(np.array([[p, 1 - p]]), [0], alpha=0.25, gamma=gamma)
        slope = grad(lambda x: losses.focal_loss(x, [0], alpha=0.25, gamma=gamma)[0])(np.array([[p, 1 - p]]))[0]
        with mpmath.workdps(40):
            exact = mpmath.mpf(p)
            h = exact * mpmath.mpf(10) ** -15
            want = (focal(exact + h, 0.25, gamma) - focal(exact - h, 0.25, gamma)) / (2 * h)
            assert value == pytest.approx([float(focal(exact, 0.25, gamma))], rel=1e-12)
        assert slope == pytest.approx([float(want), 0], rel=1e-11)

    @pytest.mark.parametrize(
        "gamma, slope, second", [(0, -1, 1), (0.5, 0, None), (1, 0, 2), (1.5, 0, 0), (2, 0, 0), (3, 0, 0)]
    )
    def test_certainty(self, gamma, slope, second):
        """At p = 1 the loss is u^(gamma + 1) in u = 1 - p, and its slopes are those of that."""
        call, certain = (lambda p: losses.focal_loss(p, [0], gamma=gamma)[0]), np.array([[1.0, 0.0]])
        assert call(certain) == 0
        assert grad(call)(certain)[0, 0] == slope
        if second is not None:
            assert hessian(call)(certain)[0, 0, 0, 0] == second

    def test_of_scores(self):
        x = np.random.default_rng(0).normal(size=(3, 4))
        p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        got = losses.softmax_focal_loss(x, [3, 1, 0], alpha=0.5, gamma=1.5)
        np.testing.assert_allclose(got, losses.focal_loss(p, [3, 1, 0], alpha=0.5, gamma=1.5), rtol=1e-13)

    @pytest.mark.parametrize("gamma", [-1, np.nan])
    def test_gamma_is_not_negative(self, gamma):
        with pytest.raises(AdiffError, match="gamma of the focal loss must not be negative, and is"):
            losses.focal_loss(SCORES, LABELS, gamma=gamma)


class TestBounds:
    """Where two pieces meet: 0 at the kinks, as of relu. The pieces of huber meet smoothly."""

    def test_hinge(self):
        assert grad(lambda x: losses.multiclass_hinge(x, [0]))(np.array([[1.0, 0.0]])).tolist() == [[0, 0]]

    def test_ranking(self):
        slopes = grad(lambda a: losses.margin_ranking_loss(a, np.zeros(2), 1, 1.0))(np.array([1.0, 0.5]))
        assert slopes.tolist() == [0, -0.5]

    def test_huber(self):
        assert grad(lambda x: losses.huber(x, np.zeros(2)))(np.array([1.0, -1.0])).tolist() == [0.5, -0.5]


LOSSES = [
    losses.softmax_crossentropy,
    losses.negative_log_likelihood,
    losses.multiclass_hinge,
    losses.focal_loss,
    losses.softmax_focal_loss,
]


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.__name__)
class TestLabels:
    @pytest.mark.parametrize(
        "labels, message",
        [
            ([0.0, 2.0], "labels are integers, not float64"),
            ([True, False], "labels are integers, not bool"),
            ([0], r"there must be one label for each of the 2 data, and labels have shape \(1,\)"),
            ([[1, 0, 0], [0, 0, 1]], r"labels have shape \(2, 3\)"),
            ([0, 3], "labels are from 0 to 2: there are 3 classes"),
            ([0, -1], "labels are from 0 to 2"),
        ],
    )
    def test_what_they_are(self, loss, labels, message):
        with pytest.raises(AdiffError, match=message) as error:
            loss(SCORES, labels)
        assert error.value.code == "labels"

    def test_scores_are_a_table(self, loss):
        with pytest.raises(AdiffError, match=r"scores have the shape \(N, C\), not \(3,\)"):
            loss(SCORES[0], LABELS)

    def test_they_may_be_a_tensor(self, loss):
        """Also one that was computed inside of a program, as by argmax."""
        want = loss(np.abs(SCORES), np.argmax(SCORES, axis=1))
        assert np.array_equal(loss(np.abs(SCORES), leaf(np.argmax(SCORES, axis=1))), want)
        with Recording():
            x = variable(SCORES)
            assert np.array_equal(loss(np.abs(x), np.argmax(x, axis=1)).value, want)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: losses.mse(np.ones(3), np.ones((3, 1))), r"the shapes \(3,\) and \(3, 1\) differ"),
        (lambda: losses.huber(np.ones(3), 1.0), r"the shapes \(3,\) and \(\) differ"),
        (lambda: losses.huber(A, B, delta=0), "delta of huber must be above 0, and is 0"),
        (lambda: losses.margin_ranking_loss(A, B[:2], 1, 1.0), r"the shapes \(3,\) and \(2,\) differ"),
        (lambda: losses.margin_ranking_loss(1.0, 2.0, 1, 1.0), r"what is ranked has the shape \(N,\) or \(N, D\)"),
        (lambda: losses.margin_ranking_loss(A, B, 2, 1.0), "is 1 or -1, one for all or one for each of the 3 data"),
        (lambda: losses.margin_ranking_loss(A, B, [1, -1], 1.0), "is 1 or -1, one for all or one for each"),
        (lambda: losses.margin_ranking_loss(A, B, 1, -1), "margin of margin_ranking_loss must not be negative"),
        (
            lambda: losses.negative_log_likelihood(SCORES, LABELS, weights=[1, 1]),
            r"weights has shape \(2,\), not \(3,\)",
        ),
    ],
)
def test_what_does_not_fit(call, message):
    with pytest.raises(AdiffError, match=message):
        call()
