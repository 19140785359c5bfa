"""The imperative face: tensors that keep gradients, and backward passes through what was computed with them.

The contract is PyTorch's. A leaf that requires a gradient is bound to an input line, which knows its Tensor (`owner`);
a backward pass is one reverse sweep to the lines behind its outputs that have an owner. It is the same sweep that the
functions of transforms.py run.
"""

from weakref import ref

import numpy as np

from ..errors import AdiffError, GraphError
from .creation import asarray, holds_tensor
from .differentiate import to_leaves, vjp
from .forms import FLOAT
from .modes import enable_grad, stopped
from .mutation import laid, layout
from .program import INPUT, behind, input_line
from .recording import LEAVES, check_eager, modes, tell
from .rules import DELICATE, NO_PARAMS
from .simplify import simplified
from .tensor import Tensor, View

_ONE = np.float64(1)

# Why a Tensor keeps its gradient.
LEAF, RETAINED = "leaf", "retained"


def leaf(data, requires_grad=False, dtype=None):
    """A Tensor of its own memory, of numbers, arrays or Tensors in nested lists (which give their values).

    Raises GraphError where integers or truth values shall require a gradient.
    """
    nested = type(data) is not np.ndarray and holds_tensor(data)
    array = np.array(asarray(data).value if nested else data, dtype)
    if array.dtype.kind not in "fciub":
        help = "a tensor is made of numbers, nested lists of them, or arrays"
        raise AdiffError("not-a-number", f"there is no tensor of {type(data).__name__} {data!r:.40}", help=help)
    made = Tensor(array)
    if not requires_grad:
        made._owns = True
        return made
    return _required(made)


# --- what a Tensor says of its gradient


def _requires_grad(tensor):
    """Whether derivatives with respect to this tensor can be taken."""
    return tensor.line is not None


def _requires_grad_(tensor, requires_grad=True):
    """Make a leaf require a gradient, or no longer; gives the tensor itself. GraphError for what is not a leaf."""
    if requires_grad == (tensor.line is not None):
        return tensor
    looks = tensor.base is not None and not tensor.cut
    if looks or (tensor.line is not None and not _is_leaf(tensor)):
        what = "a view" if looks else "a computed tensor"
        raise GraphError("not-a-leaf", f"{what} has its gradient from what it was made of",
                         help="set it there, or use .detach().copy()")  # fmt: skip
    if not requires_grad:
        tensor.bind(tensor.value, None)
        tensor._owns = False
        return tensor
    return _required(tensor)


def _required(tensor):
    value = tensor.value
    if value.dtype.kind not in "fc":
        kind = {"b": "boolean"}.get(value.dtype.kind, "integer")
        raise GraphError("not-differentiable", f"{kind} tensors cannot require gradients",
                         help="make it of floats, as with dtype=float")  # fmt: skip
    line = input_line(value)
    line.owner = ref(tensor)
    tensor.bind(value, line)
    tensor._keeps = LEAF
    return tensor


def _is_leaf(tensor):
    """Whether it was made by hand and not computed; what has no gradient is a leaf too."""
    return tensor.line is None or (tensor.base is None and getattr(tensor, "_keeps", None) is LEAF)


def _retain_grad(tensor):
    """Keep the gradient of a computed tensor too; a view has that of its base."""
    if tensor.line is None:
        raise GraphError("no-gradient", "this tensor requires no gradient", help="there is none to be retained")
    kept = tensor if tensor.base is None else tensor.base
    if not _is_leaf(kept):
        kept.line.owner = ref(kept)
        kept._keeps, modes.retained = RETAINED, True


def _grad(tensor):
    """The accumulated gradient, or None; that of a view lies in that of its base."""
    if tensor.base is None:
        return getattr(tensor, "_grad", None)
    found = None if tensor.cut else getattr(tensor.base, "_grad", None)
    if found is None:
        return None
    for rule, params in tensor.steps:
        found = rule.call(found, **params)
    return found


def _set_grad(tensor, grad):
    """Set the gradient: an array or Tensor of the tensor's shape, or None."""
    if tensor.base is not None:
        raise GraphError("view", "a view has its gradient from its base", help="set t.base.grad")
    if grad is not None and np.shape(grad) != tensor.shape:
        raise GraphError("shape", f"a gradient of shape {np.shape(grad)} is none of a tensor of shape {tensor.shape}")
    tensor._grad = grad if grad is None or isinstance(grad, Tensor) else np.asarray(grad)


def _zero_grad(tensor):
    """Forget the gradient: it is None again."""
    tensor.grad = None


def _detach(tensor):
    """The same memory, without a derivative."""
    if modes.recording is not None and tensor.line is not None:
        return stopped(tensor)
    base, steps = (tensor, ()) if tensor.base is None else (tensor.base, tensor.steps)
    return View(base, steps, tensor.value, None, cut=True)


def _numpy(tensor):
    """The array itself, in shared memory; only to be read where a graph may need it."""
    check_eager(tensor.line is not None, ".numpy()")
    tell(tensor.line, "numpy", LEAVES)
    array = np.asarray(tensor.value)
    seen = tensor if tensor.base is None else tensor.base
    if seen.line is None:
        return array
    array = array.view()
    array.flags.writeable = False
    return array


def _reduced(tensor):
    """What copy and pickle make another one of: its numbers, and whether it requires a gradient."""
    if not _is_leaf(tensor):
        raise GraphError("not-a-leaf", "a computed tensor cannot be copied with its history",
                         help="x.copy() keeps it; x.detach() is without it")  # fmt: skip
    tell(tensor.line, "copy", LEAVES)
    return leaf, (np.asarray(tensor.value), tensor.requires_grad)


# --- backward passes


def backward(tensors, grad_tensors=None, retain_graph=None, create_graph=False, inputs=None):
    """Add to the gradients of leaves what `tensors` contribute to them.

    grad_tensors   a cotangent for each tensor, of its shape; None where it is one number
    retain_graph   keep the graph for another pass; by default where `create_graph`
    create_graph   gradients are Tensors, which can be differentiated again
    inputs         leaves to which the pass is limited; by default all behind the tensors

    Raises GraphError (a RuntimeError): a graph that was freed, a seed that is missing or of a wrong shape, an input
    that is not a leaf.
    """
    lines, seeds = _seeded(*_listed(tensors, grad_tensors), create_graph)
    if inputs is not None:
        inputs = _leaves([inputs] if isinstance(inputs, Tensor) else list(inputs))
    _run(lines, seeds, inputs, create_graph if retain_graph is None else retain_graph, create_graph)


def _backward(tensor, grad=None, retain_graph=None, create_graph=False, inputs=None):
    """Add to the gradients of leaves what this tensor contributes to them; see backward for what can be given."""
    if tensor.line is None or grad is not None or inputs is not None or create_graph:
        backward([tensor], None if grad is None else [grad], retain_graph, create_graph, inputs)
    else:
        _run([tensor.line], [_seed(tensor, None, False)], None, retain_graph, False)


def _run(outputs, seeds, inputs, retain, create):
    found = None
    if len(outputs) == 1 and inputs is None and not create and not modes.retained:
        found = to_leaves(outputs[0], seeds[0], free=not retain)
    if found is None:
        lines = behind(outputs)
        inputs = [line for line in lines if line.owner is not None] if inputs is None else inputs
        found = inputs, _swept(outputs, seeds, inputs, lines, create)
        if not retain:
            _free(lines)
    for line, g in zip(*found, strict=True):
        tensor = None if line.owner is None else line.owner()
        if tensor is not None:
            _accumulate(tensor, g, create)


def _accumulate(tensor, g, create):
    before = getattr(tensor, "_grad", None)
    if before is not None:
        tensor._grad = before + g
    elif create:
        tensor._grad = g
    else:
        value = tensor.value
        tensor._grad = np.array(g, order="C") if value.flags.c_contiguous else laid(g, layout(value))


def gradients(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False):
    """The derivatives of the sum of `outputs` by `inputs`, any tensors; no .grad is touched.

    One input gives an array, several a tuple; zeros where nothing depends on it. What can be given is as for backward.
    """
    lines, seeds = _seeded(*_listed(outputs, grad_outputs), create_graph)
    asked = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    wanted = []
    for tensor in asked:
        if not isinstance(tensor, Tensor) or tensor.line is None:
            raise GraphError("no-gradient", "an input requires no gradient", help="make it with requires_grad=True")
        wanted.append(tensor.line)
    live = behind(lines)
    found = _swept(lines, seeds, wanted, live, create_graph)
    if not (create_graph if retain_graph is None else retain_graph):
        _free(live)
    return found[0] if isinstance(inputs, Tensor) else tuple(found)


def _swept(outputs, seeds, wanted, lines, create):
    """The cotangents that arrive at the wanted lines."""
    if modes.delicate and any(line.rule.function in DELICATE and DELICATE[line.rule.function](line.value)
                              for line in lines):  # fmt: skip
        better = [simplified(line) for line in outputs]
        if set(wanted) & set(lines) <= set(behind(better)):  # nothing that is asked for went away
            outputs, lines = better, None
    if not create:
        return vjp(outputs, seeds, wanted, lines=lines)
    with enable_grad():
        return vjp(outputs, seeds, wanted, record=True, lines=lines)


def _free(lines):
    """Let go of the graph: nothing is held by lines that stay with their Tensors, and nothing nests."""
    for line in lines:
        if line.rule is INPUT:
            continue
        line.operands, line.params = (), NO_PARAMS
        tensor = line.owner() if line.owner is not None else None
        if tensor is not None and tensor._keeps is LEAF:
            # A leaf that was updated: it is what it is now, and a leaf again.
            tensor.bind(tensor.value, input_line(tensor.value))
            tensor.line.owner = line.owner


# --- seeds


def _listed(tensors, seeds):
    tensors = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    alone = seeds is None or isinstance(seeds, (Tensor, np.ndarray, float, int))
    seeds = [seeds] * len(tensors) if seeds is None else [seeds] if alone else list(seeds)
    if len(seeds) != len(tensors):
        raise GraphError("lengths", f"there are {len(tensors)} tensors, but {len(seeds)} gradients for them",
                         help="give one for each; None will do for a number")  # fmt: skip
    return tensors, seeds


def _seeded(tensors, seeds, create):
    """The lines of tensors that have one, and their cotangents."""
    lines, cotangents = [], []
    for tensor, seed in zip(tensors, seeds, strict=True):
        if not isinstance(tensor, Tensor):
            raise GraphError("not-a-tensor", f"{type(tensor).__name__} is not a tensor", help="ad.tensor makes one")
        line = tensor.line
        if line is None:
            if seed is None:
                continue
            raise GraphError("no-gradient", "a tensor that requires no gradient was given one to send back",
                             help="make what it is computed from with requires_grad=True")  # fmt: skip
        lines.append(line)
        cotangents.append(_seed(tensor, seed, create))
    if not lines:
        raise GraphError("no-gradient", "nothing here requires a gradient",
                         help="make a leaf with ad.tensor(data, requires_grad=True)")  # fmt: skip
    return lines, cotangents


def _seed(tensor, seed, create):
    value = tensor.value
    if seed is None:
        if value.shape == () and value.dtype is FLOAT:
            return _ONE
        if value.shape != () and value.size != 1:
            message = f"a gradient needs one number to start from, but this tensor has shape {value.shape}"
            raise GraphError("not-scalar", message, help="np.sum of it is one; or give a gradient of its shape")
        return np.ones(value.shape, value.dtype)[()]
    if np.shape(seed) != value.shape:
        message = f"a gradient of shape {np.shape(seed)} was given for a tensor of shape {value.shape}"
        raise GraphError("shape", message, help="they have to be the same")
    if isinstance(seed, Tensor):
        return seed if create else np.asarray(seed.value)[()]
    return np.asarray(seed, value.dtype)[()]


def _leaves(inputs):
    lines = []
    if not inputs:
        raise GraphError("inputs", "the list of inputs is empty", help="leave inputs out to reach all leaves")
    for tensor in inputs:
        if not isinstance(tensor, Tensor) or tensor.line is None or not _is_leaf(tensor):
            raise GraphError("not-a-leaf", "an input of a backward pass is not a leaf that requires a gradient",
                             help="ad.grad(outputs, inputs) takes any tensors")  # fmt: skip
        lines.append(tensor.line)
    return lines


Tensor.requires_grad = property(_requires_grad)
Tensor.requires_grad_ = _requires_grad_
Tensor.is_leaf = property(_is_leaf)
Tensor.retain_grad = _retain_grad
Tensor.grad = property(_grad, _set_grad)
Tensor.zero_grad = _zero_grad
Tensor.detach = _detach
Tensor.numpy = _numpy
Tensor.backward = _backward
Tensor.__reduce__ = _reduced
