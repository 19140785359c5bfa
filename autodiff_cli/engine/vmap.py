"""A function of one point, run on many at once."""

from functools import wraps

import numpy as np

from ..errors import AdiffError, NotDifferentiable
from .differentiate import plain
from .forward import stacked
from .program import behind
from .recording import Recording, modes
from .tensor import Tensor, variable
from .transforms import flatten, rebuild


def vmap(function, in_axes=0, out_axes=0):
    """A function of one point as a function of many, which lie along an axis of its arguments and of its results.

    in_axes    the axis of each argument: a number for all, or a tuple with a number for each; None where an argument is
               the same at all points. A tuple, list or dict in place of a number goes into an argument of that
               structure. Keywords have the axis 0
    out_axes   the axis of each result, in the same way; None where no argument with an axis has an influence

    The function is recorded at the first point, and what it calls is then called once, for all points together. A
    function that cannot be recorded, because it asks for the value of a tensor (if x > 0), is called at one point after
    the other, which gives the same in more time. Only what is read by `x.value` is not noticed, and stays as it is at
    the first point. vmap can be differentiated, and take derivatives: vmap(grad(f)) gives the gradient at each point.
    Raises AdiffError: for axes that are not there, or not of one length.
    """

    @wraps(function)
    def mapped(*args, **kwargs):
        batch = _Batch(function, args, kwargs, in_axes)
        try:
            output, values = batch.recorded()
        except NotDifferentiable:
            output, values = batch.looped()
        axes = _spread(out_axes, output, "out_axes")
        return rebuild(output, [batch.result(*value, axis) for value, axis in zip(values, axes, strict=True)])

    return mapped


class _Batch:
    """One call: the leaves of its arguments with their points in front; `moving` are the numbers of those that have
    an axis, which is `count` long."""

    def __init__(self, function, args, kwargs, in_axes):
        self.function, self.form = function, (args, kwargs)
        axes = _spread(tuple(in_axes) if isinstance(in_axes, list) else in_axes, args, "in_axes")
        axes += [0] * len(flatten(kwargs))
        self.leaves = [
            leaf if axis is None else _in_front(leaf, axis) for leaf, axis in zip(flatten(self.form), axes, strict=True)
        ]
        self.moving = [k for k, axis in enumerate(axes) if axis is not None]
        lengths = {len(self.leaves[k]) for k in self.moving}
        if len(lengths) != 1:
            what = " and ".join(map(str, sorted(lengths))) or "no"
            message = f"vmap needs one number of points, but its arguments have {what}"
            raise AdiffError("axes", message, help="in_axes says along which axes the points lie")
        (self.count,) = lengths

    def call(self, points):
        """The function, with these in place of the leaves that have an axis."""
        leaves = list(self.leaves)
        for k, point in zip(self.moving, points, strict=True):
            leaves[k] = point
        args, kwargs = rebuild(self.form, leaves)
        return self.function(*args, **kwargs)

    def recorded(self):
        """(output at one point, its leaves for all points), by lines recorded at the first point."""
        stacks = [self.leaves[k] for k in self.moving]
        with Recording():
            points = [variable(_first(plain(stack))) for stack in stacks]
            output = self.call(points)
        leaves = flatten(output)
        wanted = self.is_wanted(leaves)
        with np.errstate(all="ignore"):
            stacks = stacked(leaves, [point.line for point in points], stacks, record=wanted)
        moves = [isinstance(leaf, Tensor) and leaf.line in stacks for leaf in leaves]
        standing = [leaf if wanted else plain(leaf) for leaf in leaves]
        pairs = zip(leaves, standing, moves, strict=True)
        return output, [(stacks[leaf.line] if moves else still, moves) for leaf, still, moves in pairs]

    def is_wanted(self, results):
        """Whether someone outside may ask for derivatives: by tensors that are given, or that the function has."""
        if modes.depth or modes.recording is not None or any([isinstance(leaf, Tensor) for leaf in self.leaves]):
            return True
        lines = [leaf.line for leaf in results if isinstance(leaf, Tensor) and leaf.line is not None]
        return any([line.owner is not None for line in behind(lines)])

    def looped(self):
        """The same by one call after the other."""
        if not self.count:
            help = "use where(condition, a, b) in the function, so that it can be recorded"
            raise AdiffError("empty", "vmap has no point at which to find the form of the result", help=help)
        outputs = [self.call([self.leaves[k][i] for k in self.moving]) for i in range(self.count)]
        return outputs[0], [(np.stack(parts), True) for parts in zip(*map(flatten, outputs), strict=True)]

    def result(self, leaf, has_points, axis):
        """A leaf of the result, with its points along an axis."""
        if axis is None and has_points:
            help = "give it an axis in out_axes"
            raise AdiffError("axes", "a result with out_axes=None is not the same at all points", help=help)
        if axis is None:
            return leaf
        stack = leaf if has_points else np.broadcast_to(leaf, (self.count, *np.shape(leaf)))
        if not -np.ndim(stack) <= axis < np.ndim(stack):
            message = f"out_axes asks for the axis {axis} of a result with {np.ndim(stack)} axes"
            raise AdiffError("axes", message, help="the axis of the points is counted among those of the result")
        return np.moveaxis(stack, 0, axis)


def _first(stack):
    """The first point; any numbers where there is none."""
    return stack[0] if len(stack) else np.ones(stack.shape[1:], stack.dtype)[()]


def _in_front(leaf, axis):
    """An array with its points along the first axis."""
    array = leaf if isinstance(leaf, Tensor) else np.asarray(leaf)
    if array.dtype.kind not in "fciub" or not -array.ndim <= axis < array.ndim:
        what = f"shape {array.shape}" if array.dtype.kind in "fciub" else f"{type(leaf).__name__} {leaf!r:.40}"
        help = "in_axes has None for arguments that are the same at all points"
        raise AdiffError("axes", f"vmap finds no axis {axis} in an argument: {what}", help=help)
    return np.moveaxis(array, axis, 0)


def _spread(axes, tree, name):
    """The axis of each leaf."""
    if axes is None or isinstance(axes, int):
        return [axes] * len(flatten(tree))
    if not isinstance(tree, (tuple, list, dict)) or isinstance(axes, dict) != isinstance(tree, dict):
        raise AdiffError(
            "axes", f"{name} has {axes!r} for what has no such structure", help="an axis is a number or None"
        )
    keys = axes if isinstance(axes, dict) else range(len(axes))
    if len(axes) != len(tree) or (isinstance(tree, dict) and set(axes) != set(tree)):
        message = f"{name} has {len(axes)} axes for {len(tree)} parts"
        raise AdiffError("axes", message, help="one for each argument, or one number for all")
    return [axis for key in (tree if isinstance(tree, dict) else keys) for axis in _spread(axes[key], tree[key], name)]
