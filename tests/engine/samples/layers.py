import numpy as np

from autodiff_cli.engine import convolution, layers

from . import Sample, sample

SLIDING = {"stride": (2, 1), "dilation": (1, 2)}  # over axes of lengths 5 and 4 with windows of 3 and 2
POOLED = {"window": (2, 2), "stride": (1, 2), "dilation": (2, 1)}
C, D = 2, 3
GRU = [(C, D), (D, D), (D,)] * 3
TIES = np.array([[1.0, 3.0, 3.0, 0.0], [2.0, 3.0, 1.0, 1.0]])


def padded(x, w):
    return convolution.conv_nd(x, w, stride=2, padding=(1, 2), dilation=(1, 2))


SAMPLES = [
    sample("windows", lambda x: convolution.windows(x, **POOLED), (2, 4, 6)),
    sample("windows of x^3", lambda x: convolution.windows(x**3, window=(3,), stride=(1,), dilation=(1,)), (5,)),
    sample("overlap", lambda g: convolution.overlap(g, **SLIDING), (2, 3, 2, 2, 2)),
    sample("overlap of few", lambda g: convolution.overlap(g, stride=(2,), dilation=(1,)), (4, 2)),
    sample("filtered", lambda x, w: convolution.filtered(x, w, **SLIDING), (2, 2, 5, 4), (3, 2, 3, 2)),
    sample("spread_back", lambda w, g: convolution.spread_back(w, g, **SLIDING), (3, 2, 3, 2), (2, 3, 2, 2)),
    sample("matched_filters", lambda x, g: convolution.matched_filters(x, g, **SLIDING), (2, 2, 5, 4), (2, 3, 2, 2)),
    sample("filtered, of one", lambda x: convolution.filtered(x, x, stride=(1,), dilation=(1,)), (2, 2, 3)),
    sample("conv_nd", padded, (1, 2, 3, 3), (2, 2, 3, 2)),
    sample("conv_nd, three axes", convolution.conv_nd, (1, 1, 2, 3, 2), (1, 1, 2, 2, 1)),
    sample("max_pool", lambda x: convolution.max_pool(x, (2, 2), 1), (2, 3, 3), low=-3, high=3),
    Sample(
        "max_pool of ties", lambda x: convolution.max_pool(np.stack([x, x]), (2, 2), (1, 2)), (TIES[0],), (TIES[1],)
    ),
    sample("batchnorm", lambda x, g, b: layers.batchnorm(x, gamma=g, beta=b, eps=0.1), (3, 2, 2), (2,), (2,)),
    sample("batchnorm of rows", layers.batchnorm, (4, 2)),
    sample("steps", lambda x: layers.steps(x)[1] * layers.steps(x)[0] ** 2, (3, 2)),
    sample("gru", layers.gru, (2, 2, C), *GRU, (2, D), orders=2),
]
