"""Sums of products over any axes: dot, tensordot, kron and einsum."""

from string import ascii_letters, ascii_lowercase, ascii_uppercase

import numpy as np

from ..rules import bilinear, composed, question
from ..tensor import primitive
from .products import matmul_a, matmul_b


def _contraction(a, b, axes):
    """The axes of a and of b that are summed over in pairs, and those that are left."""
    n, m = np.ndim(a), np.ndim(b)
    sum_a, sum_b = axes if np.iterable(axes) else (range(n - axes, n), range(axes))
    sum_a, sum_b = [int(k) % n for k in np.ravel(sum_a)], [int(k) % m for k in np.ravel(sum_b)]
    return sum_a, sum_b, [k for k in range(n) if k not in sum_a], [k for k in range(m) if k not in sum_b]


def _in_order(x, axes):
    """x, whose axes are those named, with its axes in ascending order."""
    return np.transpose(x, sorted(range(len(axes)), key=axes.__getitem__))


def _tensordot_a(g, a, b, axes=2):
    sum_a, sum_b, free_a, free_b = _contraction(a, b, axes)
    product = np.tensordot(g, b, (list(range(len(free_a), np.ndim(g))), free_b))
    return _in_order(product, free_a + [sum_a[k] for k in np.argsort(sum_b)])


def _tensordot_b(g, a, b, axes=2):
    sum_a, sum_b, free_a, free_b = _contraction(a, b, axes)
    product = np.tensordot(a, g, (free_a, list(range(len(free_a)))))
    return _in_order(product, [sum_b[k] for k in np.argsort(sum_a)] + free_b)


def _dot_a(g, a, b):
    """dot multiplies by scalars, is matmul up to two axes, and else sums the last axis of a, the last but one of b."""
    if 0 in (np.ndim(a), np.ndim(b)):
        return g * b
    return matmul_a(g, a, b) if max(np.ndim(a), np.ndim(b)) <= 2 else _tensordot_a(g, a, b, _dot_axes(b))


def _dot_b(g, a, b):
    if 0 in (np.ndim(a), np.ndim(b)):
        return g * a
    return matmul_b(g, a, b) if max(np.ndim(a), np.ndim(b)) <= 2 else _tensordot_b(g, a, b, _dot_axes(b))


def _dot_axes(b):
    return -1, max(np.ndim(b) - 2, 0)


bilinear(np.tensordot, _tensordot_a, _tensordot_b)
bilinear(np.dot, _dot_a, _dot_b)
bilinear(
    np.inner,
    lambda g, a, b: g * b if 0 in (np.ndim(a), np.ndim(b)) else _tensordot_a(g, a, b, (-1, -1)),
    lambda g, a, b: g * a if 0 in (np.ndim(a), np.ndim(b)) else _tensordot_b(g, a, b, (-1, -1)),
)
bilinear(np.multiply.outer, lambda g, a, b: _tensordot_a(g, a, b, 0), lambda g, a, b: _tensordot_b(g, a, b, 0))


def _kron(g, x, other, first):
    """Each block of g against the other factor; `first` is 0 where x is the left factor and 1 where it is the right."""
    n = max(np.ndim(x), np.ndim(other))
    of_x, of_other = ((1,) * (n - np.ndim(f)) + np.shape(f) for f in (x, other))
    pairs = zip(*((of_other, of_x) if first else (of_x, of_other)), strict=True)
    blocks = np.reshape(g, [size for pair in pairs for size in pair])
    summed = list(range(1 - first, 2 * n, 2))
    return np.reshape(np.tensordot(blocks, np.reshape(other, of_other), (summed, list(range(n)))), np.shape(x))


bilinear(np.kron, lambda g, a, b: _kron(g, a, b, 0), lambda g, a, b: _kron(g, b, a, 1))

# --- einsum, written out: a term of distinct labels for each factor and one for the result


@primitive
def contract(*factors, subscripts="", optimize=False):
    """np.einsum with the subscripts as structure, so that all operands are arrays."""
    return np.einsum(subscripts, *factors, optimize=optimize)


def _contract(i, g, *factors, subscripts="", optimize=False):
    """g takes the place of factor i, and ones that of the labels which only factor i has."""
    left, result = subscripts.split("->")
    terms, factors = left.split(","), list(factors)
    wanted, sizes = terms[i], np.shape(factors[i])
    terms[i], factors[i] = result, g
    for label, size in zip(wanted, sizes, strict=True):
        if not any(label in term for term in terms):
            terms.append(label)
            factors.append(np.ones(size))
    return contract(*factors, subscripts=f"{','.join(terms)}->{wanted}", optimize=bool(optimize))


bilinear(contract, _contract, sequence="args")


def _einsum(*operands, optimize=False):
    """einsum in all its spellings: the result named, the ellipsis spelled, repeated labels taken as diagonals."""
    subscripts, *factors = operands if isinstance(operands[0], str) else _spelled(operands)
    left, arrow, result = subscripts.replace(" ", "").partition("->")
    if not arrow:
        result = "..." + "".join(sorted(c for c in set(left) - set(".,") if left.count(c) == 1))
    terms = left.split(",")
    widths = [np.ndim(f) - len(t) + 3 if "..." in t else 0 for t, f in zip(terms, factors, strict=True)]
    dots = "".join(sorted(set(ascii_letters) - set(subscripts)))[: max(widths)]
    terms = [t.replace("...", dots[len(dots) - n :]) for t, n in zip(terms, widths, strict=True)]
    terms, factors = zip(*map(_distinct, terms, factors), strict=True)
    result = result.replace("...", dots)
    if len(terms) == 1 and sorted(terms[0]) == sorted(result):  # nothing is summed: a view
        return np.transpose(factors[0], [terms[0].index(label) for label in result])
    return contract(*factors, subscripts=f"{','.join(terms)}->{result}", optimize=optimize)


def _spelled(operands):
    """einsum(a, [0, 1], b, [1, 2], [0, 2]) with its lists as a string; NumPy counts the capitals first."""
    count = len(operands) // 2
    lists = (*operands[1 : 2 * count : 2], *operands[2 * count :])
    terms = ["".join("..." if k is Ellipsis else (ascii_uppercase + ascii_lowercase)[k] for k in ks) for ks in lists]
    return (",".join(terms[:count]) + "->".join(["", *terms[count:]]), *operands[: 2 * count : 2])


def _distinct(term, factor):
    """A factor whose repeated labels have become one axis each, their diagonal, which NumPy puts last."""
    for label in dict.fromkeys(term):
        while term.count(label) > 1:
            first = term.index(label)
            second = term.index(label, first + 1)
            factor = np.diagonal(factor, 0, first, second)
            term = term[:first] + term[first + 1 : second] + term[second + 1 :] + label
    return term, factor


composed(np.einsum, _einsum)
question(np.einsum_path)
