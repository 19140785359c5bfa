"""The catalogue: every function of the language, with its notation, a sentence, and sample arguments.

It is data, read without NumPy: completion, help and the evaluator share it. A row is

    notation      the call as it is written; names with a default are structure, `*x` takes any number
    target        where the function is: np. and np.linalg. are NumPy, sp. is scipy.special, nn. and linalg.
                  are files of the engine; a bare name is a method of NumPy's random generator
    summary       what it gives, in one sentence without a full stop
    sample        one value (in value syntax) for each argument, inside the domain and away from kinks

A test demands that every row can be differentiated at its sample.
"""

from typing import NamedTuple

_S = "0.3,0.7"  # inside the domain of most functions
_M = "2,0.5;0.3,1.5"  # a well-conditioned matrix
_P = "2,0.5;0.5,1.5"  # a symmetric positive definite one


class Function(NamedTuple):
    """One row of the catalogue."""

    name: str
    parameters: tuple  # of (name, default text or None)
    target: str
    family: str
    summary: str
    sample: tuple

    @property
    def notation(self):
        return f"{self.name}({', '.join(n if d is None else f'{n}={d}' for n, d in self.parameters)})"


# Constants by name; `inf` and `nan` in the spellings of NumPy and of mathematics.
CONSTANTS = {"pi": 3.141592653589793, "π": 3.141592653589793, "e": 2.718281828459045, "tau": 6.283185307179586,
             "τ": 6.283185307179586, "inf": float("inf"), "nan": float("nan"), "None": None, "True": True,
             "False": False}  # fmt: skip

_FAMILIES = {
    "arithmetic": [
        ("add(a, b)", "np.add", "the sum a + b", _S, _S),
        ("subtract(a, b)", "np.subtract", "the difference a - b", _S, _S),
        ("multiply(a, b)", "np.multiply", "the elementwise product a*b", _S, _S),
        ("divide(a, b)", "np.true_divide", "the quotient a/b", _S, _S),
        ("power(a, b)", "np.power", "a to the power b", _S, _S),
        ("mod(a, b)", "np.remainder", "the remainder a - b*floor(a/b), as a % b", "2.3,2.7", "0.6,0.8"),
        ("negative(x)", "np.negative", "-x", _S),
        ("reciprocal(x)", "np.reciprocal", "1/x", _S),
        ("square(x)", "np.square", "x^2", _S),
        ("sqrt(x)", "np.sqrt", "the square root", _S),
        ("cbrt(x)", "np.cbrt", "the cube root, of negative numbers too", _S),
        ("hypot(a, b)", "np.hypot", "sqrt(a^2 + b^2) without overflow", _S, _S),
        ("copysign(a, b)", "np.copysign", "the size of a with the sign of b", _S, "-1,1"),
    ],
    "exponentials": [
        ("exp(x)", "np.exp", "e to the power x", _S),
        ("exp2(x)", "np.exp2", "2 to the power x", _S),
        ("expm1(x)", "np.expm1", "exp(x) - 1, precise near 0", _S),
        ("log(x)", "np.log", "the natural logarithm", _S),
        ("log2(x)", "np.log2", "the logarithm to base 2", _S),
        ("log10(x)", "np.log10", "the logarithm to base 10", _S),
        ("log1p(x)", "np.log1p", "log(1 + x), precise near 0", _S),
        ("logaddexp(a, b)", "np.logaddexp", "log(exp(a) + exp(b)) without overflow", _S, "0.1,0.9"),
        ("logaddexp2(a, b)", "np.logaddexp2", "log2(2^a + 2^b) without overflow", _S, "0.1,0.9"),
    ],
    "trigonometry": [
        ("sin(x)", "np.sin", "the sine of x in radians", _S),
        ("cos(x)", "np.cos", "the cosine", _S),
        ("tan(x)", "np.tan", "the tangent", _S),
        ("asin(x)", "np.arcsin", "the inverse sine, between -pi/2 and pi/2", _S),
        ("acos(x)", "np.arccos", "the inverse cosine, between 0 and pi", _S),
        ("atan(x)", "np.arctan", "the inverse tangent, between -pi/2 and pi/2", _S),
        ("atan2(y, x)", "np.arctan2", "the angle of the point (x, y)", _S, _S),
        ("sinc(x)", "np.sinc", "sin(pi*x)/(pi*x), 1 at 0", _S),
        ("sinh(x)", "np.sinh", "the hyperbolic sine", _S),
        ("cosh(x)", "np.cosh", "the hyperbolic cosine", _S),
        ("tanh(x)", "np.tanh", "the hyperbolic tangent", _S),
        ("asinh(x)", "np.arcsinh", "the inverse hyperbolic sine", _S),
        ("acosh(x)", "np.arccosh", "the inverse hyperbolic cosine, for x >= 1", "1.5,2"),
        ("atanh(x)", "np.arctanh", "the inverse hyperbolic tangent", _S),
        ("radians(x)", "np.radians", "degrees to radians", _S),
        ("degrees(x)", "np.degrees", "radians to degrees", _S),
    ],
    "choices": [
        ("where(condition, a, b)", "np.where", "a where the condition holds, b elsewhere", "1,0", _S, _S),
        ("minimum(a, b)", "np.minimum", "the smaller of a and b, elementwise", "0.3,0.7", "0.7,0.3"),
        ("maximum(a, b)", "np.maximum", "the larger of a and b, elementwise", "0.3,0.7", "0.7,0.3"),
        ("clip(x, min=None, max=None)", "np.clip", "x held between two bounds", _S, "0", "0.5"),
        ("abs(x)", "np.absolute", "the absolute value", _S),
        ("sign(x)", "np.sign", "-1, 0 or 1", _S),
        ("heaviside(x, value)", "np.heaviside", "0 below 0, 1 above it, the given value at 0", _S, "0.5"),
        ("floor(x)", "np.floor", "the largest integer not above x", _S),
        ("ceil(x)", "np.ceil", "the smallest integer not below x", _S),
        ("round(x)", "np.rint", "the nearest integer", _S),
        ("trunc(x)", "np.trunc", "x without its fraction", _S),
        ("nan_to_num(x, nan=0)", "np.nan_to_num", "with numbers in place of nan and infinities", _S),
        ("isnan(x)", "np.isnan", "whether an element is nan", _S),
        ("isfinite(x)", "np.isfinite", "whether an element is neither nan nor infinite", _S),
    ],
    "reductions": [
        ("sum(x, axis=None, keepdims=False)", "np.sum", "the sum of all elements, or along axes", _M),
        ("prod(x, axis=None, keepdims=False)", "np.prod", "the product of all elements, or along axes", _M),
        ("mean(x, axis=None, keepdims=False)", "np.mean", "the arithmetic mean", _M),
        ("var(x, axis=None, ddof=0, keepdims=False)", "np.var", "the variance", _M),
        ("std(x, axis=None, ddof=0, keepdims=False)", "np.std", "the standard deviation", _M),
        ("min(x, axis=None, keepdims=False)", "np.min", "the smallest element", _M),
        ("max(x, axis=None, keepdims=False)", "np.max", "the largest element", _M),
        ("median(x, axis=None, keepdims=False)", "np.median", "the middle element", "0.1,0.5,0.7"),
        ("quantile(x, q, axis=None, keepdims=False)", "np.quantile", "above a part q of them", "0.1,0.7", "0.3"),
        ("percentile(x, q, axis=None, keepdims=False)", "np.percentile", "quantile with q in percent", "0.1,0.7", "30"),
        ("average(x, axis=None, weights=None)", "np.average", "the mean, weighted if weights are given", _S),
        ("ptp(x, axis=None, keepdims=False)", "np.ptp", "the largest less the smallest element", "0.1,0.5,0.7"),
        ("nansum(x, axis=None, keepdims=False)", "np.nansum", "the sum of what is not nan", _M),
        ("nanmean(x, axis=None, keepdims=False)", "np.nanmean", "the mean of what is not nan", _M),
        ("nanmax(x, axis=None, keepdims=False)", "np.nanmax", "the largest of what is not nan", _M),
        ("nanmin(x, axis=None, keepdims=False)", "np.nanmin", "the smallest of what is not nan", _M),
        ("cumsum(x, axis=None)", "np.cumsum", "running sums", _S),
        ("cumprod(x, axis=None)", "np.cumprod", "running products", _S),
        ("diff(x, n=1, axis=-1)", "np.diff", "differences of neighbours", "0.1,0.5,0.7"),
        ("trapezoid(y, x=None, axis=-1)", "np.trapezoid", "the integral of y over x by trapezoids", "0.1,0.5,0.7"),
        ("interp(x, xp, fp)", "np.interp", "straight lines through (xp, fp), at x", "0.3,0.9", "0,0.5,1", "1,3,2"),
        ("argmin(x, axis=None)", "np.argmin", "the position of the smallest element", _S),
        ("argmax(x, axis=None)", "np.argmax", "the position of the largest element", _S),
        ("all(x, axis=None, keepdims=False)", "np.all", "whether all elements hold", _S),
        ("any(x, axis=None, keepdims=False)", "np.any", "whether any element holds", _S),
        ("sort(x, axis=-1)", "np.sort", "the elements in ascending order", "0.7,0.1,0.5"),
    ],
    "shapes": [
        ("reshape(x, *shape)", "np.reshape", "the same elements in another shape", "1,2,3,4", "(2,2)"),
        ("ravel(x)", "np.ravel", "all elements as one vector", _M),
        ("transpose(x, axes=None)", "np.transpose", "the axes reversed, or in the given order", _M),
        ("swapaxes(x, axis1, axis2)", "np.swapaxes", "two axes exchanged", _M, "0", "1"),
        ("moveaxis(x, source, destination)", "np.moveaxis", "an axis moved to another place", _M, "0", "1"),
        ("squeeze(x, axis=None)", "np.squeeze", "without axes of length 1", "1,2;"),
        ("expand_dims(x, axis)", "np.expand_dims", "a new axis of length 1", _S, "0"),
        ("broadcast_to(x, shape)", "np.broadcast_to", "repeated to a larger shape", _S, "(3,2)"),
        ("flip(x, axis=None)", "np.flip", "in reverse order", _S),
        ("roll(x, shift, axis=None)", "np.roll", "shifted around the end", _S, "1"),
        ("fliplr(x)", "np.fliplr", "each row in reverse order", _M),
        ("flipud(x)", "np.flipud", "the rows in reverse order", _M),
        ("rot90(x, k=1)", "np.rot90", "turned by k right angles", _M),
        ("tile(x, reps)", "np.tile", "repeated as a whole", _S, "2"),
        ("repeat(x, repeats, axis=None)", "np.repeat", "each element repeated", _S, "2"),
        ("diag(x, k=0)", "np.diag", "the diagonal of a matrix, or the matrix with this diagonal", _M),
        ("diagonal(x, offset=0)", "np.diagonal", "the diagonal of a matrix", _M),
        ("tril(x, k=0)", "np.tril", "the lower triangle", _M),
        ("triu(x, k=0)", "np.triu", "the upper triangle", _M),
        ("take(x, indices, axis=None)", "np.take", "the elements at some positions", _S, "0,0,1"),
        ("size(x)", "np.size", "the number of elements", _S),
    ],
    "joining": [
        ("concatenate(arrays, axis=0)", "np.concatenate", "arrays one after the other", None),
        ("stack(arrays, axis=0)", "np.stack", "arrays along a new axis", None),
        ("hstack(arrays)", "np.hstack", "arrays side by side", None),
        ("vstack(arrays)", "np.vstack", "arrays on top of each other", None),
        ("dstack(arrays)", "np.dstack", "arrays behind each other", None),
        ("column_stack(arrays)", "np.column_stack", "vectors as the columns of a matrix", None),
        ("append(x, values, axis=None)", "np.append", "values after the end", _S, _S),
        ("outer(a, b)", "np.outer", "all products of two vectors' elements", _S, _S),
    ],
    "products": [
        ("dot(a, b)", "np.dot", "the inner or matrix product", _M, _S),
        ("matmul(a, b)", "np.matmul", "the matrix product, as a @ b", _M, _M),
        ("inner(a, b)", "np.inner", "the inner product over the last axes", _S, _S),
        ("vdot(a, b)", "np.vdot", "the sum of the products of all elements", _M, _M),
        ("einsum(subscripts, *x)", "np.einsum", "sums of products by Einstein's convention", None),
        ("tensordot(a, b, axes=2)", "np.tensordot", "sums of products over chosen axes", _M, _M),
        ("kron(a, b)", "np.kron", "the Kronecker product", _S, _M),
        ("cross(a, b)", "np.cross", "the vector product in three dimensions", "1,2,3", "3,1,2"),
        ("convolve(a, b)", "np.convolve", "the coefficients of the product of two polynomials", _S, "1,2,3"),
        ("polyval(p, x)", "np.polyval", "the polynomial at x, its highest coefficient first", "1,2,3", _S),
        ("trace(x)", "np.trace", "the sum of the diagonal", _M),
    ],
    "linear algebra": [
        ("inv(A)", "np.linalg.inv", "the inverse matrix", _M),
        ("solve(A, b)", "np.linalg.solve", "the x with A @ x = b", _M, _S),
        ("det(A)", "np.linalg.det", "the determinant", _M),
        ("logdet(A)", "linalg.logdet", "log(abs(det(A))) without overflow", _M),
        ("slogdet(A)", "np.linalg.slogdet", "the sign of det(A) and log(abs(det(A))): take [0] or [1]", None),
        ("norm(x, ord=None, axis=None, keepdims=False)", "np.linalg.norm", "the norm of a vector or matrix", _S),
        ("cholesky(A)", "np.linalg.cholesky", "the lower triangular L with L @ L' = A", _P),
        ("eigh(A)", "np.linalg.eigh", "eigenvalues [0] and eigenvectors [1] of a symmetric matrix", None),
        ("eigvalsh(A)", "np.linalg.eigvalsh", "the eigenvalues of a symmetric matrix", _P),
        ("svd(A, full_matrices=False)", "np.linalg.svd", "U [0], singular values [1] and V' [2]", None),
        ("svdvals(A)", "np.linalg.svdvals", "the singular values", _M),
        ("qr(A)", "np.linalg.qr", "orthonormal Q [0] and upper triangular R [1] with Q @ R = A", None),
        ("pinv(A)", "np.linalg.pinv", "the pseudo-inverse", _M),
        ("cond(A)", "np.linalg.cond", "the condition number", _M),
        ("matrix_power(A, n)", "np.linalg.matrix_power", "A @ A @ ... n times", _M, "3"),
    ],
    "learning": [
        ("softmax(x, axis=-1)", "nn.softmax", "exp(x)/sum(exp(x)) along an axis", _S),
        ("log_softmax(x, axis=-1)", "nn.log_softmax", "log(softmax(x)), precise", _S),
        ("logsumexp(x, axis=None, keepdims=False)", "nn.logsumexp", "log(sum(exp(x))) without overflow", _S),
        ("sigmoid(x)", "nn.sigmoid", "1/(1 + exp(-x))", _S),
        ("log_sigmoid(x)", "nn.log_sigmoid", "log(sigmoid(x)), precise", _S),
        ("logit(x)", "nn.logit", "log(x/(1 - x))", _S),
        ("softplus(x)", "nn.softplus", "log(1 + exp(x)) without overflow", _S),
        ("relu(x)", "nn.relu", "the larger of x and 0", _S),
        ("leaky_relu(x, slope=0.01)", "nn.leaky_relu", "x above 0, slope*x below", _S),
        ("elu(x, alpha=1)", "nn.elu", "x above 0, alpha*(exp(x) - 1) below", _S),
        ("gelu(x)", "nn.gelu", "x times the normal distribution function of x", _S),
        ("silu(x)", "nn.silu", "x*sigmoid(x)", _S),
        ("selu(x)", "nn.selu", "the elu that keeps mean 0 and variance 1 from layer to layer", _S),
        ("mish(x)", "nn.mish", "x*tanh(softplus(x))", _S),
        ("softsign(x)", "nn.soft_sign", "x/(1 + abs(x))", _S),
        ("relu6(x)", "nn.relu6", "x held between 0 and 6", _S),
        ("hardtanh(x, lower_bound=-1, upper_bound=1)", "nn.hard_tanh", "x held between two numbers", _S),
    ],
    "derivatives": [
        ("D(expr, x, n=1)", "slopes.derivative", "the n-th derivative by a variable; f'(x) is that of f", None),
    ],
    "special": [
        ("erf(x)", "sp.erf", "the error function", _S),
        ("erfc(x)", "sp.erfc", "1 - erf(x), precise", _S),
        ("erfinv(x)", "sp.erfinv", "the inverse of erf", _S),
        ("gamma(x)", "sp.gamma", "the gamma function, (x - 1)!", _S),
        ("lgamma(x)", "sp.gammaln", "log(abs(gamma(x))) without overflow", _S),
        ("digamma(x)", "sp.digamma", "the derivative of lgamma", _S),
        ("polygamma(n, x)", "sp.polygamma", "the n-th derivative of digamma", None),
        ("beta(a, b)", "sp.beta", "gamma(a)*gamma(b)/gamma(a + b)", _S, _S),
        ("betaln(a, b)", "sp.betaln", "log(beta(a, b))", _S, _S),
        ("ndtr(x)", "sp.ndtr", "the normal distribution function", _S),
        ("ndtri(x)", "sp.ndtri", "the inverse of ndtr", _S),
        ("erfcx(x)", "sp.erfcx", "exp(x^2)*erfc(x) without underflow", _S),
        ("log_ndtr(x)", "sp.log_ndtr", "log(ndtr(x)), precise", _S),
        ("xlogy(x, y)", "sp.xlogy", "x*log(y), 0 where x is 0", _S, _S),
        ("j0(x)", "sp.j0", "the Bessel function of the first kind, order 0", _S),
        ("j1(x)", "sp.j1", "the Bessel function of the first kind, order 1", _S),
        ("i0(x)", "np.i0", "the modified Bessel function, order 0", _S),
    ],
    "constructors": [
        ("zeros(*shape)", "np.zeros", "an array of zeros", None),
        ("ones(*shape)", "np.ones", "an array of ones", None),
        ("full(shape, value)", "np.broadcast_to", "an array of one value", None),
        ("eye(n)", "np.eye", "the identity matrix", None),
        ("arange(start, stop=None, step=1)", "np.arange", "numbers from start up to stop", None),
        ("linspace(start, stop, n=50)", "np.linspace", "n numbers from start to stop, both included", None),
        ("rand(*shape)", "random", "numbers drawn between 0 and 1 (see --seed)", None),
        ("randn(*shape)", "standard_normal", "numbers drawn from the normal distribution (see --seed)", None),
    ],
}  # fmt: skip

# Other spellings of the same functions.
ALIASES = {
    "ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "absolute": "abs", "fabs": "abs", "pow": "power", "tr": "trace",
    "expit": "sigmoid", "concat": "concatenate", "gammaln": "lgamma", "loggamma": "lgamma", "psi": "digamma",
    "deg2rad": "radians", "rad2deg": "degrees", "amin": "min", "amax": "max", "rint": "round", "identity": "eye",
    "remainder": "mod", "true_divide": "divide", "swish": "silu", "lse": "logsumexp", "trapz": "trapezoid",
    "flatten": "ravel", "permute_dims": "transpose", "len": "size",
}  # fmt: skip


def _split(notation):
    """`clip(x, min=None)` as its name and ((x, None), (min, "None"))."""
    name, _, rest = notation[:-1].partition("(")
    parts = (part.partition("=") for part in rest.split(", "))
    return name, tuple((n, d if eq else None) for n, eq, d in parts)


def _rows():
    for family, rows in _FAMILIES.items():
        for notation, target, summary, *sample in rows:
            name, parameters = _split(notation)
            yield Function(name, parameters, target, family, summary, tuple(sample))


FUNCTIONS = {row.name: row for row in _rows()}
_BEHIND = {row.target.rpartition(".")[2]: row for row in reversed(FUNCTIONS.values())}  # the first of several counts


def lookup(name):
    """The row of a function, whatever its spelling; None where there is none."""
    return FUNCTIONS.get(ALIASES.get(name, name))


def behind(name):
    """The row that a function has by its own name: that of asin for arcsin; None where it has none."""
    return _BEHIND.get(name)
