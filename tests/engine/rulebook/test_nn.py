import subprocess
import sys

import mpmath
import numpy as np
import pytest

from autodiff_cli.engine import nn, rules
from autodiff_cli.errors import AdiffError
from tests.engine.checks import check_against_mpmath, slopes, value_and_vjp

INF = np.inf


def logistic(x):
    return 1 / (1 + mpmath.exp(-x))


def softplus(x):
    return mpmath.log1p(mpmath.exp(x))


def gelu_by_tanh(x):
    return x * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (x + mpmath.mpf("0.044715") * x**3))) / 2


@pytest.mark.parametrize(
    "call, reference, points",
    [
        (nn.softplus, softplus, [-600, -40, 0.3, 40, 600]),
        (nn.log_sigmoid, lambda x: -softplus(-x), [-600, -40, 0.3, 40, 600]),
        (nn.logit, lambda p: mpmath.log(p / (1 - p)), [1e-70, 1e-10, 0.3, 0.6, np.nextafter(1, 0)]),
        (nn.silu, lambda x: x * logistic(x), [-600, -40, -1, 0.3, 40, 300]),
        (nn.mish, lambda x: x * mpmath.tanh(softplus(x)), [-600, -40, -1, 0.3, 40]),
        (nn.gelu, lambda x: x * mpmath.ncdf(x), [-10, -1, 0.3, 3]),
        (lambda x: nn.gelu(x, True), gelu_by_tanh, [-5, -1, 0.3, 3, 25]),
        (nn.soft_sign, lambda x: x / (1 + abs(x)), [-1e50, -1, 0.3, 1e50]),
        (nn.elu, mpmath.expm1, [-600, -40, -1e-10]),
        (nn.elu, lambda x: x, [1e-10, 1000]),
    ],
)
def test_full_accuracy(call, reference, points):
    for x in points:
        check_against_mpmath(call, reference, x, rtol=4e-14)


def test_logit_near_a_half():
    """logit(1/2 + t) is 4t + 16t^3/3 + ..., which a difference of logarithms does not see."""
    assert nn.logit(0.5 + 2.0**-40) == pytest.approx(4 * 2.0**-40, rel=1e-15)


def gradient(call, x):
    return value_and_vjp(call, [np.array(x, float)], 1.0)[2][0]


class TestGelu:
    def test_its_approximation_far_out(self):
        """The cube of x overflows long before its function says anything but 0 and 1."""
        for x, value, slope in ((1e200, 1e200, 1), (40.0, 40, 1), (-40.0, 0, 0), (-1e200, 0, 0)):
            assert nn.gelu(x, approximate=True) == value
            assert slopes(lambda t: nn.gelu(t, approximate=True), [x], 1) == [slope]

    def test_the_approximation_needs_no_scipy(self, monkeypatch):
        monkeypatch.setattr(nn, "special", None)
        assert nn.gelu(0.0, approximate=True) == 0

    def test_no_text_is_true(self):
        with pytest.raises(AdiffError, match="approximate of gelu is True or False, not 'none'"):
            nn.gelu(1.0, approximate="none")


def test_halves_of_glu_are_equal():
    with pytest.raises(AdiffError, match=r"glu needs two equal halves along axis 0, and x has shape \(3, 2\)"):
        nn.glu(np.ones((3, 2)), axis=0)


class TestSoftMaxima:
    def test_far_out(self):
        assert nn.logsumexp(np.array([1000.0, 1000.0])) == 1000 + np.log(2)
        assert nn.logsumexp(np.array([-1000.0, -1000.0])) == -1000 + np.log(2)
        assert list(nn.softmax(np.array([-1000.0, 1000.0]))) == [0, 1]
        assert list(nn.log_softmax(np.array([-1000.0, 1000.0]))) == [-2000, 0]
        assert list(gradient(nn.logsumexp, [1000, 1000])) == [0.5, 0.5]
        assert list(gradient(lambda x: nn.log_softmax(x)[0], [-1000, 1000])) == [1, -1]

    def test_impossible_elements(self):
        """An element at -inf has no weight, and gets no slope."""
        assert nn.logsumexp(np.array([-INF, 3.0])) == 3
        assert list(gradient(nn.logsumexp, [-INF, 3])) == [0, 1]
        assert list(gradient(lambda x: nn.softmax(x)[1], [-INF, 3, 3])) == [0, 0.25, -0.25]

    def test_nothing_but_impossible_elements(self):
        assert nn.logsumexp(np.array([-INF, -INF])) == -INF
        assert list(gradient(nn.logsumexp, [-INF, -INF])) == [0, 0]
        with np.errstate(invalid="ignore"):
            assert np.all(np.isnan(nn.softmax(np.array([-INF, -INF]))))

    def test_some_rows_are_impossible(self):
        rows = [[-INF, -INF], [1, 1]]
        assert gradient(lambda x: nn.logsumexp(x, axis=1)[1], rows).tolist() == [[0, 0], [0.5, 0.5]]
        assert gradient(lambda x: np.sum(nn.logsumexp(x, axis=1)), rows).tolist() == [[0, 0], [0.5, 0.5]]

    def test_nan_is_not_swallowed(self):
        assert np.isnan(nn.logsumexp(np.array([np.nan, 1.0])))
        assert np.isnan(nn.logsumexp(np.array([INF, -INF, np.nan])))

    def test_no_kink_at_equal_elements(self):
        """The largest element only shifts: the second derivative is smooth where two are equal."""
        hessian = [gradient(lambda x, i=i: nn.softmax(x)[i], [0.0, 0.0]) for i in (0, 1)]
        assert np.allclose(hessian, [[0.25, -0.25], [-0.25, 0.25]], rtol=1e-15, atol=0)

    @pytest.mark.parametrize("name", ["logsumexp", "softmax", "log_softmax"])
    @pytest.mark.parametrize("axis", [None, 0, -1, (0, 2)])
    def test_the_same_as_scipy(self, name, axis):
        from scipy import special

        x = np.random.default_rng(0).normal(size=(2, 3, 4))
        assert np.allclose(getattr(nn, name)(x, axis=axis), getattr(special, name)(x, axis=axis), rtol=1e-14)


class TestKinks:
    @pytest.mark.parametrize(
        "call, x, slope",
        [
            (nn.relu, 0.0, 0),
            (nn.relu, -0.0, 0),
            (nn.leaky_relu, 0.0, 0.01),
            (nn.elu, 0.0, 1),
            (nn.hard_tanh, 1.0, 0),
            (nn.hard_tanh, -1.0, 0),
            (nn.relu6, 0.0, 0),
            (nn.relu6, 6.0, 0),
            (nn.soft_sign, 0.0, 1),
            (nn.selu, 0.0, 1.0507009873554805 * 1.6732632423543772),
        ],
    )
    def test_what_is_answered(self, call, x, slope):
        assert slopes(call, [x], 1) == [slope]

    @pytest.mark.parametrize(
        "function, at, params",
        [
            (nn.relu, 0.0, {}),
            (nn.leaky_relu, 0.0, {}),
            (nn.elu, 0.0, {"alpha": 2.0}),
            (nn.hard_tanh, 1.0, {}),
            (nn.hard_tanh, -0.5, {"lower_bound": -0.5}),
        ],
    )
    def test_the_predicate(self, function, at, params):
        predicate, words = rules.find(function).kink
        for x in (at, at - 0.25, at + 0.25):
            assert predicate(function(x, **params), x, **params) == (x == at)
        assert "is used" in words

    def test_elu_is_smooth_with_alpha_1(self):
        assert not rules.find(nn.elu).kink[0](0.0, 0.0)

    def test_what_is_cut_off_passes_nothing(self):
        """0 * inf: relu of a negative number stops the infinite slope of the root behind it."""
        assert slopes(lambda x: nn.relu(np.sqrt(x) - 1), [0.0], 1) == [0]
        assert slopes(lambda x: nn.hard_tanh(np.log(x)), [0.0], 1) == [0]

    def test_nan_is_not_swallowed(self):
        for call in (nn.relu, nn.leaky_relu, nn.elu, nn.hard_tanh, nn.soft_sign):
            assert np.isnan(call(np.nan))


class TestScipyIsAnExtra:
    def test_it_is_not_imported_before_it_is_needed(self):
        program = (
            "import sys, numpy as np\n"
            "from autodiff_cli.engine import nn, differentiate\n"
            "from autodiff_cli.engine.tensor import variable\n"
            "nn.softmax(variable(np.ones(2)))\n"
            "assert not any(name.partition('.')[0] == 'scipy' for name in sys.modules)\n"
            "nn.gelu(variable(np.ones(2)))\n"
            "assert 'scipy' in sys.modules\n"
        )
        subprocess.run([sys.executable, "-c", program], check=True)

    def test_what_to_install_is_said(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "scipy", None)
        monkeypatch.delitem(sys.modules, "autodiff_cli.engine.rulebook.special", raising=False)
        monkeypatch.delattr("autodiff_cli.engine.rulebook.special", raising=False)
        for call, name in ((lambda: nn.special("erf"), "erf"), (lambda: nn.gelu(1.0), "gelu")):
            with pytest.raises(AdiffError) as error:
                call()
            assert error.value.message == f"{name} needs SciPy"
            assert error.value.help == "pip install 'autodiff-cli[special]'"

    def test_a_function_by_its_name(self):
        from scipy import special

        assert nn.special("erf") is special.erf
        assert nn.special("polygamma") is not special.polygamma
