"""Functions that change the form of an array, and questions about it."""

import numpy as np

from ..rules import linear, question

question(np.shape, np.ndim, np.size, np.result_type, np.iscomplexobj, np.isrealobj, np.may_share_memory)

linear(np.reshape, lambda g, x, shape=None, order="C": np.reshape(g, np.shape(x), order=order))
linear(np.expand_dims, lambda g, x, axis=None: np.reshape(g, np.shape(x)))
linear(np.broadcast_to, lambda g, x, shape=None: g)
linear(np.astype, lambda g, x, dtype=None: g)
