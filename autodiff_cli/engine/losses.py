"""Losses: how far what a model says is from what is true, as one number (or, for the focal losses, one for each datum).

Scores have the shape (N, C): of N data, a score for each of C classes. Labels are N integers from 0 to C - 1. Names
and meanings are MyGrad's where it has them. All raise AdiffError (labels, shape, value) for what does not fit.
"""

import numpy as np

from ..errors import AdiffError
from .creation import asarray
from .differentiate import plain
from .nn import log_softmax, relu

# --- of scores and labels


def softmax_crossentropy(x, y_true):
    """The mean over the data of -log(softmax(x)) at the label: `x` are scores (N, C), `y_true` labels (N,)."""
    x, y_true = _scores_and_labels(x, y_true)
    return -np.mean(_at(log_softmax(x), y_true))


def negative_log_likelihood(x, y_true, *, weights=None):
    """The mean over the data of -weights[label] * x at the label.

    x        logarithms of probabilities (N, C), as log_softmax gives them
    y_true   labels (N,)
    weights  one for each class (C,); 1 for None. The sum is divided by N, as in MyGrad, not by the sum of the weights
    """
    x, y_true = _scores_and_labels(x, y_true)
    found = _at(x, y_true)
    if weights is None:
        return -np.mean(found)
    weights = asarray(weights)
    if np.shape(weights) != np.shape(x)[1:]:
        message = f"weights has shape {np.shape(weights)}, not {np.shape(x)[1:]}"
        raise AdiffError("shape", message, help="it has a weight for each class")
    return -np.mean(found * np.take(weights, y_true))


def multiclass_hinge(x, y_true, hinge=1.0):
    """The mean over the data of the sum of max(0, score - score of the label + hinge) over all classes but the label.

    x       scores (N, C)
    y_true  labels (N,)
    """
    x, y_true = _scores_and_labels(x, y_true)
    margins = x - np.expand_dims(_at(x, y_true), 1) + hinge
    others = np.arange(np.shape(x)[1]) != np.expand_dims(y_true, 1)
    return np.sum(np.where(others, relu(margins), 0.0)) / np.shape(x)[0]


def focal_loss(class_probs, targets, *, alpha=1, gamma=0):
    """-alpha * (1 - p)^gamma * log(p) for each datum, where p is the probability of its label: shape (N,).

    class_probs  probabilities (N, C), each in (0, 1]
    targets      labels (N,)
    gamma        not negative; 0 (with alpha=1) is the cross-entropy

    Lin et al. 2017, arXiv:1708.02002. At p = 1 the loss and its slope are 0 for every gamma above 0.
    """
    class_probs, targets = _scores_and_labels(class_probs, targets)
    p = _at(class_probs, targets)
    return _focal(np.log(p), 1 - p, alpha, gamma)


def softmax_focal_loss(scores, targets, *, alpha=1, gamma=0):
    """The focal loss of softmax(scores), without underflow: one number for each datum, of shape (N,)."""
    scores, targets = _scores_and_labels(scores, targets)
    log_p = _at(log_softmax(scores), targets)
    return _focal(log_p, -np.expm1(log_p), alpha, gamma)


def _focal(log_p, rest, alpha, gamma):
    """With a gamma between integers some slope of rest^gamma is infinite at 0, where the other factor, log_p, is 0 as
    well: nothing comes from there."""
    if not gamma >= 0:
        raise AdiffError("value", f"gamma of the focal loss must not be negative, and is {gamma!r}")
    if gamma % 1 == 0:
        return -alpha * rest**gamma * log_p
    uncertain = np.greater(rest, 0)
    return np.where(uncertain, -alpha * np.where(uncertain, rest, 1.0) ** gamma * log_p, 0.0)


def _scores_and_labels(scores, labels):
    scores, labels = asarray(scores), asarray(labels)
    if np.ndim(scores) != 2:
        message = f"scores have the shape (N, C), not {np.shape(scores)}"
        raise AdiffError("shape", message, help="N data, with a score for each of C classes")
    count, classes = np.shape(scores)
    if labels.dtype.kind not in "iu":
        raise AdiffError("labels", f"labels are integers, not {labels.dtype}", help="use labels.astype(int)")
    if np.shape(labels) != (count,):
        message = f"there must be one label for each of the {count} data, and labels have shape {np.shape(labels)}"
        raise AdiffError("labels", message, help="for one-hot rows take labels.argmax(axis=1)")
    if np.any(plain(labels) < 0) or np.any(plain(labels) >= classes):
        raise AdiffError("labels", f"labels are from 0 to {classes - 1}: there are {classes} classes")
    return scores, labels


def _at(scores, labels):
    """The score of each datum at its label."""
    return np.squeeze(np.take_along_axis(scores, np.expand_dims(labels, 1), 1), 1)


# --- of two arrays


def margin_ranking_loss(x1, x2, y, margin):
    """The mean of max(0, margin - y*(x1 - x2)): y says whether x1 shall be larger (1) or x2 (-1), by a margin.

    x1, x2  of the same shape, (N,) or (N, D)
    y       1 or -1, one for all or (N,)
    margin  a number that is not negative
    """
    x1, y = _alike(x1, x2), asarray(y)
    shape = np.shape(x1)
    if len(shape) not in (1, 2):
        raise AdiffError("shape", f"what is ranked has the shape (N,) or (N, D), not {shape}")
    if (np.size(y) != 1 and np.shape(y) != shape[:1]) or np.any(np.abs(plain(y)) != 1):
        message = f"y of margin_ranking_loss is 1 or -1, one for all or one for each of the {shape[0]} data"
        raise AdiffError("labels", message)
    if not margin >= 0:
        raise AdiffError("value", f"margin of margin_ranking_loss must not be negative, and is {margin!r}")
    y = np.reshape(y, (-1, *(1,) * (len(shape) - 1)))
    return np.mean(relu(margin - y * (x1 - x2)))


def mse(x, y_true):
    """The mean of (x - y_true)^2 over all elements of two arrays of one shape."""
    return np.mean(np.square(_alike(x, y_true) - y_true))


def huber(x, y_true, delta=1.0):
    """The mean over all elements of r^2/2 where |r| <= delta, and of delta*(|r| - delta/2) beyond, with r = x - y_true.

    x, y_true  of one shape
    delta      above 0

    Huber 1964, doi:10.1214/aoms/1177703732.
    """
    if not delta > 0:
        raise AdiffError("value", f"delta of huber must be above 0, and is {delta!r}")
    r = _alike(x, y_true) - y_true
    near = np.clip(r, -delta, delta)
    return np.mean(near * (r - near / 2))


def _alike(x, other):
    """x as an array; broadcasting here is a mistake more often than it is meant."""
    x = asarray(x)
    if np.shape(x) != np.shape(other):
        message = f"the shapes {np.shape(x)} and {np.shape(other)} differ"
        raise AdiffError("shape", message, help="reshape one of them, or use np.broadcast_to")
    return x
