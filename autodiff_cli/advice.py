"""What to write instead, where an expression is well formed and still not what was wanted."""

import math

import numpy as np

from .engine.recording import Recording
from .engine.tensor import variable
from .errors import AdiffError
from .language.evaluate import Evaluator
from .language.syntax import Binary, Script, Unary


def not_scalar(command, source, script, inputs, wrt, shape):
    """Help for a gradient or Hessian of something that is not one number."""
    product = _matrix_product(source, script, inputs)
    if product:
        return f"* is elementwise; for matrix products write  {product}"
    text = source[script.result.span.start : script.result.span.end]
    if command == "check":
        return f"sum({text}) for one number, or --of jac for all derivatives"
    if command != "grad":
        return f"sum({text}) for one number, or ({text})[{', '.join('0' * len(shape))}] for one of them"
    sizes = {np.size(inputs[name]) for name in wrt}
    count = f"{math.prod(shape)} x {sizes.pop()} " if len(sizes) == 1 else ""
    return f'sum({text}) for one number, or adiff jac "{source}" for all {count}derivatives'


def _matrix_product(source, script, inputs):
    """x'*A*x as x @ A @ x, where a product of matrices would have been one number; else ''."""
    factors = _factors(script.result)
    if len(factors) < 2 or all(np.ndim(v) < 2 for v in inputs.values()):
        return ""
    factors = [f.operand if _is_transposed_vector(f, inputs) else f for f in factors]
    product = factors[0]
    for factor in factors[1:]:
        product = Binary("@", product, factor, factor.span)
    try:
        with Recording() as recording:
            tensors = {name: variable(value) for name, value in inputs.items()}
            result = Evaluator(source, recording).script(Script(script.definitions, product, script.span), tensors)
    except AdiffError:
        return ""
    return " @ ".join(source[f.span.start : f.span.end] for f in factors) if np.shape(result) == () else ""


def _factors(node):
    """The factors of a * b * c, as they are written."""
    factors = []
    while type(node) is Binary and node.op == "*":
        factors.append(node.right)
        node = node.left
    return [node, *reversed(factors)]


def _is_transposed_vector(node, inputs):
    if type(node) is not Unary or node.op != "'":
        return False
    return np.ndim(inputs.get(getattr(node.operand, "name", None), np.eye(2))) == 1
