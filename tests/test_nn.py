"""The public activations, against PyTorch 2.13's answers in float64.

They were printed by torch.nn.functional's function of that name at POINT, with the gradient of the sum of squares.
"""

import numpy as np
import pytest

from autodiff_cli import nn
from autodiff_cli.engine.imperative import leaf
from autodiff_cli.engine.transforms import grad

POINT = [-3.0, -0.5, 0.25, 2.0]
PYTORCH = {
    "elu": (
        lambda x: nn.elu(x, 0.5),
        [-0.475106465816068, -0.1967346701436833, 0.25, 2.0],
        [-0.023654158095598794, -0.11932560927059555, 0.5, 4.0],
    ),
    "glu": (
        nn.glu,
        [-1.686529502657394, -0.44039853898894116],
        [-1.8962545088891982, -0.7758034925743758, 2.4906743528788535, 0.04623902161491493],
    ),
    "hardtanh": (
        lambda x: nn.hard_tanh(x, lower_bound=-1, upper_bound=0.75),
        [-1.0, -0.5, 0.25, 0.75],
        [0.0, -1.0, 0.5, 0.0],
    ),
    "leaky_relu": (
        lambda x: nn.leaky_relu(x, 0.2),
        [-0.6000000000000001, -0.1, 0.25, 2.0],
        [-0.24000000000000005, -0.04000000000000001, 0.5, 4.0],
    ),
    "log_softmax": (
        nn.log_softmax,
        [-5.23317062304326, -2.7331706230432595, -1.9831706230432595, -0.2331706230432596],
        [-10.357659883833001, -4.1423312067920035, -1.1634119709046813, 15.663403061529685],
    ),
    "relu": (nn.relu, [0.0, 0.0, 0.25, 2.0], [0.0, 0.0, 0.5, 4.0]),
    "selu": (
        nn.selu,
        [-1.6705687287671118, -0.6917581878028713, 0.2626752468388701, 2.101401974710961],
        [-0.29245180670227056, -1.4753004472193825, 0.5519862824148908, 4.415890259319126],
    ),
    "sigmoid": (
        nn.sigmoid,
        [0.04742587317756678, 0.3775406687981454, 0.5621765008857981, 0.8807970779778823],
        [0.004285085069968654, 0.17744691734927373, 0.2767415947643171, 0.18495608645965972],
    ),
    "softmax": (
        nn.softmax,
        [0.005336578172650324, 0.06501283135913456, 0.13763216506732487, 0.7920184254008902],
        [-0.006885833438341656, -0.07612717990789143, -0.14117172888167265, 0.22418474222790585],
    ),
    "softsign": (
        nn.soft_sign,
        [-0.75, -0.3333333333333333, 0.2, 0.6666666666666666],
        [-0.09375, -0.2962962962962963, 0.256, 0.14814814814814814],
    ),
    "softplus": (
        nn.softplus,
        [0.04858735157374206, 0.4740769841801067, 0.8259394198788436, 2.1269280110429727],
        [0.004608595147540282, 0.35796668333833054, 0.9286474660222686, 3.7467839543919195],
    ),
    "gelu": (
        nn.gelu,
        [-0.00404969409489031, -0.15426876936299344, 0.14967658142073093, 1.9544997361036416],
        [9.675243388485313e-05, -0.04088272810778121, 0.20816221314009475, 4.242170537637231],
    ),
    "gelu, tanh": (
        lambda x: nn.gelu(x, approximate=True),
        [-0.0036373920817729943, -0.15428599017485606, 0.149675350701685, 1.954597694087775],
        [8.427231195485589e-05, -0.04092593152028876, 0.2081547361071756, 4.245774205093942],
    ),
    "silu": (
        nn.silu,
        [-0.14227761953270035, -0.1887703343990727, 0.14054412522144952, 1.7615941559557646],
        [0.02507048494979, -0.09817522725923249, 0.1753175587468697, 3.843038316136142],
    ),
    "mish": (
        nn.mish,
        [-0.1456474612756246, -0.22074377465173, 0.1695724096638176, 1.9439589595339946],
        [0.027204940064512347, -0.12781535968921987, 0.2557737531359411, 4.157420357865994],
    ),
    "logsigmoid": (
        nn.log_sigmoid,
        [-3.048587351573742, -0.9740769841801067, -0.5759394198788436, -0.1269280110429725],
        [-5.808010868934543, -1.2126466162237373, -0.5043196241783177, -0.03026037960555585],
    ),
    "logsumexp": (
        nn.logsumexp,
        2.2331706230432595,
        [0.023834979205473183, 0.29036949022416986, 0.6147122156283814, 3.537424561028495],
    ),
}


@pytest.mark.parametrize("name", PYTORCH)
def test_pytorch(name):
    call, value, gradient = PYTORCH[name]
    np.testing.assert_allclose(call(np.array(POINT)), value, rtol=2e-13)
    np.testing.assert_allclose(grad(lambda x: np.sum(call(x) ** 2))(np.array(POINT)), gradient, rtol=3e-12)


@pytest.mark.parametrize("name", PYTORCH)
def test_lists_are_arrays(name):
    call, value, _ = PYTORCH[name]
    np.testing.assert_allclose(call(POINT), value, rtol=2e-13)


@pytest.mark.parametrize("name", PYTORCH)
def test_single_precision_stays(name):
    call, x = PYTORCH[name][0], np.array(POINT, np.float32)
    assert call(x).dtype == np.float32
    assert grad(lambda x: np.sum(call(x)))(x).dtype == np.float32


def test_a_tensor_trained_by_hand():
    """The names work together, and backward goes through all of them."""
    rng = np.random.default_rng(0)
    filters = nn.he_normal(3, 2, 3, rng=rng, requires_grad=True)
    weights = nn.glorot_uniform(3, 4, rng=rng, requires_grad=True)
    x, labels = rng.normal(size=(5, 2, 8)), np.array([0, 1, 2, 3, 0])

    def loss():
        hidden = nn.max_pool(nn.relu(nn.batchnorm(nn.conv_nd(x, filters), eps=1e-5)), (6,), 1)
        return nn.softmax_crossentropy(np.reshape(hidden, (5, 3)) @ weights, labels)

    first = loss()
    first.backward()
    steps = [leaf(t.value - 0.1 * t.grad) for t in (filters, weights)]
    filters, weights = steps
    assert loss().value < first.value - 1e-3


def test_every_name_is_there():
    assert all(callable(getattr(nn, name)) for name in nn.__all__)
    assert nn.__all__ == sorted(nn.__all__)
