import numpy as np

from autodiff_cli.engine import nn

from . import Sample, sample

INF = np.inf


def both_signs(name, call, *shapes):
    return sample(name, call, *shapes, low=-3, high=3)


SAMPLES = [
    *(
        both_signs(f.__name__, f, (2, 3))
        for f in (
            nn.softplus, nn.log_sigmoid, nn.silu, nn.mish, nn.gelu, nn.relu, nn.leaky_relu, nn.elu, nn.selu,
            nn.relu6, nn.hard_tanh, nn.soft_sign, nn.softmax, nn.log_softmax, nn.logsumexp,
        )
    ),
    both_signs("gelu by tanh", lambda x: nn.gelu(x, approximate=True), (2, 3)),
    both_signs("glu", nn.glu, (2, 4)),
    both_signs("glu(axis)", lambda x: nn.glu(x, axis=0), (2, 3)),
    sample("logit", nn.logit, (2, 3), low=0.05, high=0.95),
    both_signs("logsumexp(axis)", lambda x: nn.logsumexp(x, 0), (2, 3)),
    both_signs("logsumexp(axis, keepdims)", lambda x: nn.logsumexp(x, axis=(0, -1), keepdims=True), (2, 2, 2)),
    both_signs("softmax(axis)", lambda x: nn.softmax(x, axis=0), (3, 2)),
    both_signs("log_softmax(axis)", lambda x: nn.log_softmax(x, axis=0), (3, 2)),
    both_signs("softmax of equal elements", lambda x: nn.softmax(np.stack([x, x, -x])), (2,)),
    Sample("logsumexp with -inf", nn.logsumexp, (np.array([0.3, -0.4, 0.9]),), (np.array([-INF, 0.4, -INF]),)),
    Sample("logsumexp of nothing", nn.logsumexp, (np.array([0.3, -0.4]),), (np.array([-INF, -INF]),)),
    Sample("far apart", nn.log_softmax, (np.array([0.3, -0.4]),), (np.array([-1000.0, 1000.0]),)),
    both_signs("slopes", lambda x: nn.leaky_relu(x, 0.3) + nn.elu(x, alpha=0.5), (5,)),
    both_signs("hard_tanh(lower_bound)", lambda x: nn.hard_tanh(x, lower_bound=-0.5), (5,)),
]  # fmt: skip
