import numpy as np

from autodiff_cli.engine import losses

from . import sample

LABELS = np.array([2, 0, 2])
SIGNS = np.array([1, -1, 1])


def scores(name, call, *shapes):
    return sample(name, call, (3, 4), *shapes, low=-2, high=2)


def weighted(x, labels, w):
    return losses.negative_log_likelihood(x, labels, weights=w) + losses.multiclass_hinge(x**3, labels)


def of_two(name, call, *shapes):
    return sample(name, call, *shapes, low=-2, high=2)


SAMPLES = [
    scores("softmax_crossentropy", lambda x: losses.softmax_crossentropy(x, LABELS)),
    scores("labels that are computed", lambda x, w: weighted(x, np.argmax(x, axis=1), w), (4,)),
    scores("negative_log_likelihood", lambda x: losses.negative_log_likelihood(x**2, LABELS)),
    scores("weights", lambda x, w: losses.negative_log_likelihood(x, LABELS, weights=w), (4,)),
    scores("multiclass_hinge", lambda x: losses.multiclass_hinge(x**2, LABELS, hinge=0.5)),
    sample("focal_loss", lambda p: losses.focal_loss(p, LABELS, alpha=0.3, gamma=1.5), (3, 4)),
    sample("focal_loss, gamma=0", lambda p: losses.focal_loss(p, LABELS), (3, 4)),
    scores("softmax_focal_loss", lambda x: losses.softmax_focal_loss(x, LABELS, gamma=2)),
    of_two("margin_ranking_loss", lambda a, b: losses.margin_ranking_loss(a**2, b, SIGNS, 0.7), (3, 2), (3, 2)),
    of_two("margin_ranking_loss, one sign", lambda a, b: losses.margin_ranking_loss(a, b, -1, 0.7), (3,), (3,)),
    of_two("mse", losses.mse, (2, 3), (2, 3)),
    of_two("huber", lambda x, y: losses.huber(x**2, y, delta=0.7), (2, 3), (2, 3)),
]
