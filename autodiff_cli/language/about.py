"""What `adiff functions NAME` tells beyond a row of the catalogue: shapes, and a call to show a function by.

It is data, as the catalogue is, and is read without NumPy.
"""

_ENTRIES = "arrays of any shape, entry by entry; several broadcast"
_ALONG = "an array of any shape; along an axis, which stays"
_REDUCED = "an array of any shape to a number, or along axes to an array without them"
_MOVED = "an array of any shape"
_SQUARE = "a square matrix (or a stack of them)"

_OF_FAMILIES = {
    "arithmetic": _ENTRIES,
    "exponentials": _ENTRIES,
    "trigonometry": _ENTRIES,
    "choices": _ENTRIES,
    "reductions": _REDUCED,
    "shapes": _MOVED,
    "learning": _ENTRIES,
    "special": _ENTRIES,
}
_OF_FUNCTIONS = {
    "cumsum": _ALONG, "cumprod": _ALONG, "sort": _ALONG, "softmax": _ALONG, "log_softmax": _ALONG,
    "logsumexp": _REDUCED, "diff": "an array of any shape; along an axis, which is n shorter",
    "interp": "x of any shape; xp (ascending) and fp two vectors of one length",
    "polygamma": "n a whole number; x of any shape, entry by entry",
    "fliplr": "a matrix", "flipud": "a matrix", "rot90": "a matrix", "tril": "a matrix", "triu": "a matrix",
    "diag": "a matrix to a vector, or a vector to a square matrix", "diagonal": "a matrix to a vector",
    "concatenate": "arrays whose shapes agree but for the axis", "stack": "arrays of one shape",
    "hstack": "vectors, or arrays with as many rows", "vstack": "vectors, or arrays with as many columns",
    "dstack": "matrices of one shape", "column_stack": "vectors of one length",
    "append": "two arrays; as vectors, or joined along an axis", "outer": "vectors of n and m to n x m",
    "dot": "as @: (n), (n) to a number; n x m, (m) to (n); n x m, m x k to n x k",
    "matmul": "n x m, m x k to n x k; a vector is a row on the left and a column on the right",
    "inner": "the last axes agree, and go", "vdot": "two arrays of one size to a number",
    "einsum": "as the letters say: one for each axis", "tensordot": "the axes that are summed agree, and go",
    "kron": "n x m, p x q to np x mq", "cross": "two vectors of 3 to one of 3", "convolve": "(n), (m) to (n + m - 1)",
    "polyval": "a vector of coefficients; x of any shape", "trace": "a matrix to a number",
    "inv": f"{_SQUARE} to another", "det": f"{_SQUARE} to a number", "logdet": f"{_SQUARE} to a number",
    "slogdet": f"{_SQUARE} to two numbers", "solve": "n x n, (n) to (n); n x n, n x k to n x k",
    "norm": "a vector or a matrix to a number, or along axes to an array without them",
    "cholesky": "a symmetric positive definite matrix to a lower triangular one; the lower triangle is read",
    "eigh": "a symmetric n x n to (n) and n x n; the lower triangle is read",
    "eigvalsh": "a symmetric n x n to (n), ascending; the lower triangle is read",
    "svd": "n x m to n x k, (k) and k x m, where k is the smaller of n and m",
    "svdvals": "n x m to (k), descending, where k is the smaller of n and m", "qr": "n x m, n >= m, to n x m and m x m",
    "pinv": "n x m to m x n", "cond": f"{_SQUARE} to a number", "matrix_power": f"{_SQUARE} to another; n is whole",
    "D": "x a variable or a definition; of a number by an array, the gradient",
    "zeros": "of the shape that is asked for", "ones": "of the shape that is asked for",
    "full": "of the shape that is asked for", "eye": "n x n", "arange": "a vector", "linspace": "a vector of n",
    "rand": "of the shape that is asked for", "randn": "of the shape that is asked for",
}  # fmt: skip

# Derivatives of those calls whose formula the algebra of export/formula.py does not find; g is the adjoint of a call
# that is no number. A test holds them against differences.
_EIGENVALUES = "eigh(A)[1] @ diag(g) @ eigh(A)[1]'"
_SINGULAR_VALUES = "svd(A)[0] @ diag(g) @ svd(A)[2]"
_FACTORS = "U = svd(A)[0]; s = svd(A)[1]; V = svd(A)[2]'"
FORMULAS = {
    "log_ndtr": {"x": "exp(-x^2/2 - log_ndtr(x))/sqrt(2*pi)"},
    "j1": {"x": "j0(x) - j1(x)/x"},
    "cumprod": {"x": "flip(cumsum(flip(g*cumprod(x))))/x"},
    "roll": {"x": "roll(g, -1)"},
    "tile": {"x": "sum(reshape(g, 2, size(x)), axis=0)"},
    "repeat": {"x": "sum(reshape(g, size(x), 2), axis=1)"},
    "kron": {"a": 'einsum("ikj,ij->k", reshape(g, 2, 2, 2), b)', "b": 'einsum("ikj,k->ij", reshape(g, 2, 2, 2), a)'},
    "convolve": {"a": "convolve(g, flip(b))[2:4]", "b": "convolve(g, flip(a))[1:4]"},
    "polyval": {"p": "[sum(g*x^2), sum(g*x), sum(g)]", "x": "g*polyval([2*p[0], p[1]], x)"},
    "cholesky": {"A": "L = cholesky(A); M = tril(L' @ g); S = inv(L)' @ (M - diag(diag(M))/2) @ inv(L); (S + S')/2"},
    "qr": {"A": "R = qr(A)[1]; M = R @ g'; qr(A)[0] @ (tril(M) + tril(M, k=-1)') @ inv(R)'"},
    "cond": {"A": f"{_FACTORS}; outer(U[:,0], V[:,0])/s[-1] - s[0]/s[-1]^2*outer(U[:,-1], V[:,-1])"},
    "linspace": {"a": "sum(g*linspace(1, 0, 5))", "b": "sum(g*linspace(0, 1, 5))"},
    "reshape": {"x": "ravel(g)"},
    "ravel": {"x": "reshape(g, 2, 2)"},
    "eigh": {"A": _EIGENVALUES},
    "eigvalsh": {"A": _EIGENVALUES},
    "svd": {"A": _SINGULAR_VALUES},
    "svdvals": {"A": _SINGULAR_VALUES},
}

_OF_QUANTILES = "the weights with which the two entries around it enter it; 0 for the others"
# The same in words, for which the language has no formula.
WORDS = {
    "median": {"x": "1 for the middle entry, or 1/2 for each of the two in the middle; 0 for the others"},
    "quantile": {"x": _OF_QUANTILES},
    "percentile": {"x": _OF_QUANTILES},
    "sort": {"x": "each entry of g, at the place from which the entry there came"},
    "take": {"x": "each entry of g, added where the entry there was taken from"},
    "interp": {"x": "g times the slope of the straight line that x lies on",
               "xp": "minus g times that slope, shared between the ends of the line by how near they are",
               "fp": "g, shared between the ends of the line by how near they are"},
    "i0": {"x": "the modified Bessel function of order 1"},
}  # fmt: skip

# Calls of those functions whose row has no sample for each argument, with their variables.
_CALLS = {
    "concatenate": ("concatenate([x, y])", {"x": "1,2", "y": "3,4"}),
    "stack": ("stack([x, y])", {"x": "1,2", "y": "3,4"}),
    "hstack": ("hstack([x, y])", {"x": "1,2", "y": "3,4"}),
    "vstack": ("vstack([x, y])", {"x": "1,2", "y": "3,4"}),
    "dstack": ("dstack([x, y])", {"x": "1,2", "y": "3,4"}),
    "column_stack": ("column_stack([x, y])", {"x": "1,2", "y": "3,4"}),
    "where": ("where(x > 0, a, b)", {"x": "0.3", "a": "1", "b": "2"}),
    "einsum": ('einsum("ij,j->i", A, x)', {"A": "1,2;3,4", "x": "5,6"}),
    "slogdet": ("slogdet(A)[1]", {"A": "2,0.5;0.3,1.5"}),
    "eigh": ("eigh(A)[0]", {"A": "2,0.5;0.5,1.5"}),
    "svd": ("svd(A)[1]", {"A": "2,0.5;0.3,1.5"}),
    "qr": ("qr(A)[1]", {"A": "2,0.5;0.3,1.5"}),
    "D": ("D(x^3, x)", {"x": "2"}),
    "polygamma": ("polygamma(1, x)", {"x": "0.3"}),
    "zeros": ("zeros(2, 3)", {}),
    "ones": ("ones(2, 3)", {}),
    "full": ("full(3, x)", {"x": "7"}),
    "eye": ("eye(2)", {}),
    "arange": ("arange(1, 10, 2)", {}),
    "linspace": ("linspace(a, b, 5)", {"a": "0", "b": "1"}),
    "rand": ("rand(3)", {}),
    "randn": ("randn(3)", {}),
}
# Arguments that are written into the call: they are no arrays to differentiate by.
_WRITTEN = {"shape", "axis1", "axis2", "source", "destination", "axis", "shift", "reps", "repeats",
            "indices", "n", "q", "min", "max", "condition"}  # fmt: skip


def shapes(row):
    """Which shapes a function takes and gives, in words."""
    return _OF_FUNCTIONS.get(row.name) or _OF_FAMILIES[row.family]


def is_entrywise(row):
    """Whether a function takes entries to entries."""
    return shapes(row) is _ENTRIES


def call(row):
    """(a call, values of its variables as they are typed) that show a function; of entries, at single numbers."""
    if row.name in _CALLS:
        return _CALLS[row.name]
    args, point = [], {}
    for (parameter, default), sample in zip(row.parameters, row.sample, strict=False):
        name = parameter.removeprefix("*")
        if name in _WRITTEN:
            args.append(_written(name, default, sample))
        else:
            point[name] = sample.partition(",")[0] if is_entrywise(row) else sample
            args.append(name)
    return f"{row.name}({', '.join(args)})", point


def _written(name, default, sample):
    text = f"[{sample}]" if "," in sample and not sample.startswith("(") else sample
    return text if default is None else f"{name}={text}"
