"""Textbook gradients by hand, and mistakes that people make in them.

A gradient is (name, target, variable, right claim, shapes); its mistakes are (kind, wrong claim). Numbers are drawn
between 0.3 and 1.7 unless a shape says otherwise: `P` is a symmetric positive definite matrix of that size, and `R`
an array with entries of both signs. The kind is that of the mistake; a mistake that can be told in two ways, such
as a factor 2*x that is the inner derivative of x^2, has both.
"""

GRADIENTS = [
    ("quadratic form", "x @ A @ x", "x", "(A + A') @ x", {"x": (3,), "A": (3, 3)}, [
        ("transpose", "2*A @ x"), ("transpose", "2*A' @ x"), ("term", "A @ x"), ("term", "A' @ x"),
        ("sign", "-(A + A') @ x"), ("sign", "(A - A') @ x"), ("factor", "2*(A + A') @ x"),
        ("factor", "(A + A') @ x/2"), ("order", "((A + A') @ x)[::-1]"),
        ("order transpose", "x @ (2*A)"), ("factor", "(A + A') @ x*3"),
    ]),
    ("least squares", "sum((X @ w - y)^2)", "w", "2*X' @ (X @ w - y)", {"X": (5, 5), "w": (5,), "y": (5,)}, [
        ("sign", "2*X' @ (y - X @ w)"), ("sign", "2*X' @ (X @ w + y)"), ("factor", "X' @ (X @ w - y)"),
        ("factor", "2*X' @ (X @ w - y)/5"), ("transpose", "2*X @ (X @ w - y)"), ("chain", "2*(X @ w - y)"),
        ("exponent", "2*X' @ (X @ w - y)^2"), ("parentheses", "2*X' @ X @ w - y"), ("term", "2*X' @ X @ w"),
        ("variable", "2*X' @ (X @ y - y)"),
    ]),
    ("mean squared error", "mean((X @ w - y)^2)", "w", "2*X' @ (X @ w - y)/6", {"X": (6, 4), "w": (4,), "y": (6,)}, [
        ("factor", "2*X' @ (X @ w - y)"), ("factor", "X' @ (X @ w - y)/6"), ("sign", "-2*X' @ (X @ w - y)/6"),
        ("factor number", "X' @ (X @ w - y)/3/2"), ("factor number", "2*X' @ (X @ w - y)/4"),
        ("term", "2*X' @ (X @ w)/6"), ("order", "2*(X' @ (X @ w - y))[::-1]/6"), ("sign", "2*X' @ (X @ w + y)/6"),
        ("exponent", "2*X' @ (X @ w - y)^2/6"), ("order", "roll(2*X' @ (X @ w - y)/6, 1)"),
    ]),
    ("ridge", "sum((X @ w - y)^2) + k*sum(w^2)", "w", "2*X' @ (X @ w - y) + 2*k*w",
     {"X": (5, 3), "w": (3,), "y": (5,), "k": ()}, [
        ("term", "2*X' @ (X @ w - y)"), ("term", "2*k*w"), ("factor parentheses", "2*X' @ (X @ w - y) + k*w"),
        ("factor", "X' @ (X @ w - y) + 2*k*w"), ("sign", "2*X' @ (X @ w - y) - 2*k*w"),
        ("sign", "2*X' @ (y - X @ w) + 2*k*w"), ("factor chain", "2*X' @ (X @ w - y) + 2*w"),
        ("exponent", "2*X' @ (X @ w - y) + 2*k*w^2"), ("function", "2*X' @ (X @ w - y) + 2*k*sign(w)"),
        ("factor", "X' @ (X @ w - y) + k*w"),
    ]),
    ("logistic loss", "sum(log(1 + exp(-y*(X @ w))))", "w", "-X' @ (y*sigmoid(-y*(X @ w)))",
     {"X": (5, 3), "w": (3,), "y": (5,)}, [
        ("sign", "X' @ (y*sigmoid(-y*(X @ w)))"), ("sign", "-X' @ (y*sigmoid(y*(X @ w)))"),
        ("chain factor", "-X' @ sigmoid(-y*(X @ w))"), ("function", "-X' @ (y*tanh(-y*(X @ w)))"),
        ("function", "-X' @ (y*softplus(-y*(X @ w)))"), ("factor", "-X' @ (y*sigmoid(-y*(X @ w)))/5"),
        ("chain", "-X' @ (y*sigmoid(-(X @ w)))"), ("function", "-X' @ (y*relu(-y*(X @ w)))"),
        ("order", "flip(-X' @ (y*sigmoid(-y*(X @ w))))"), ("factor", "-2*X' @ (y*sigmoid(-y*(X @ w)))"),
    ]),
    ("cross entropy", "-sum(p*log_softmax(z))", "z", "sum(p)*softmax(z) - p", {"z": (4,), "p": (4,)}, [
        ("sign", "p - sum(p)*softmax(z)"), ("sign", "sum(p)*softmax(z) + p"), ("function", "sum(p)*log_softmax(z) - p"),
        ("term", "sum(p)*softmax(z)"), ("factor chain", "softmax(z) - p"), ("term sign chain", "-p"),
        ("variable", "sum(p)*softmax(p) - p"), ("reduction function", "mean(p)*softmax(z) - p"),
        ("order", "(sum(p)*softmax(z) - p)[::-1]"), ("factor", "2*(sum(p)*softmax(z) - p)"),
    ]),
    ("log determinant", "logdet(A)", "A", "inv(A)'", {"A": "P4"}, [
        ("transpose", "inv(A) + 0*A"), ("sign", "-inv(A)'"), ("factor", "2*inv(A)'"), ("factor", "inv(A)'/2"),
        ("function", "A'"), ("chain factor", "det(A)*inv(A)'"), ("order", "flip(inv(A)', axis=0)"),
        ("order", "roll(inv(A)', 1, axis=1)"), ("function", "inv(exp(A))'"), ("exponent", "inv(A^2)'"),
    ]),
    ("determinant", "det(A)", "A", "det(A)*inv(A)'", {"A": "P3"}, [
        ("transpose", "det(A)*inv(A)"), ("chain factor", "inv(A)'"), ("function", "logdet(A)*inv(A)'"),
        ("sign", "-det(A)*inv(A)'"), ("function", "det(A)*A'"), ("operator", "det(A)/inv(A)'"),
        ("exponent", "det(A)^2*inv(A)'"), ("factor", "2*det(A)*inv(A)'"), ("order", "det(A)*inv(A)'[::-1]"),
        ("function", "trace(A)*inv(A)'"),
    ]),
    ("trace of a product", "trace(A @ X @ B)", "X", "A' @ B'", {"A": (3, 3), "X": (3, 3), "B": (3, 3)}, [
        ("transpose", "B @ A"), ("transpose", "A @ B'"), ("transpose", "A' @ B"), ("order", "B' @ A'"),
        ("operator", "A'*B'"), ("sign", "-A' @ B'"), ("operator sign term", "A' + B'"), ("factor", "3*A' @ B'"),
        ("variable", "A' @ A'"), ("factor chain", "A' + 0*B"),
    ]),
    ("Frobenius norm", "sum((X - M)^2)", "X", "2*(X - M)", {"X": (3, 4), "M": (3, 4)}, [
        ("sign", "2*(M - X)"), ("sign", "2*(X + M)"), ("factor", "X - M"), ("parentheses", "2*X - M"),
        ("exponent", "2*(X - M)^2"), ("swapped sign", "-2*(X - M)"), ("term", "2*X"), ("factor", "2*(X - M)/12"),
        ("order", "2*(X - M)[::-1]"), ("order", "roll(2*(X - M), 1, axis=1)"),
    ]),
    ("Rosenbrock", "(1 - x)^2 + 100*(y - x^2)^2", "x", "-2*(1 - x) - 400*x*(y - x^2)", {"x": (), "y": ()}, [
        ("sign", "2*(1 - x) - 400*x*(y - x^2)"), ("sign", "-2*(1 - x) + 400*x*(y - x^2)"),
        ("number factor", "-2*(1 - x) - 200*x*(y - x^2)"), ("chain factor", "-2*(1 - x) - 400*(y - x^2)"),
        ("term", "-400*x*(y - x^2)"), ("term", "-2*(1 - x)"), ("exponent", "-2*(1 - x) - 400*x*(y - x^3)"),
        ("parentheses", "-2*1 - x - 400*x*(y - x^2)"), ("swapped", "200*(y - x^2)"),
        ("variable", "-2*(1 - x) - 400*y*(y - x^2)"),
    ]),
    ("Gaussian", "exp(-(x - m)^2/(2*s^2))/sqrt(2*pi*s^2)", "x",
     "-(x - m)/s^2*exp(-(x - m)^2/(2*s^2))/sqrt(2*pi*s^2)", {"x": (), "m": (), "s": ()}, [
        ("sign", "(x - m)/s^2*exp(-(x - m)^2/(2*s^2))/sqrt(2*pi*s^2)"),
        ("chain", "exp(-(x - m)^2/(2*s^2))/sqrt(2*pi*s^2)"),
        ("chain exponent factor", "-(x - m)/s*exp(-(x - m)^2/(2*s^2))/sqrt(2*pi*s^2)"),
        ("factor", "-(x - m)/(2*s^2)*exp(-(x - m)^2/(2*s^2))/sqrt(2*pi*s^2)"),
        ("factor", "-2*(x - m)/s^2*exp(-(x - m)^2/(2*s^2))/sqrt(2*pi*s^2)"),
        ("factor", "-(x - m)/s^2*exp(-(x - m)^2/(2*s^2))/sqrt(s^2)"),
        ("parentheses", "-(x - m)/s^2*exp(-(x - m)^2/2*s^2)/sqrt(2*pi*s^2)"),
        ("chain factor", "-(x - m)/s^2*exp(-(x - m)^2/(2*s^2))"),
        ("sign", "-(x + m)/s^2*exp(-(x - m)^2/(2*s^2))/sqrt(2*pi*s^2)"),
        ("function", "-(x - m)/s^2*log(-(x - m)^2/(2*s^2))/sqrt(2*pi*s^2)"),
    ]),
    ("entropy", "-sum(p*log(p))", "p", "-log(p) - 1", {"p": (4,)}, [
        ("term", "-log(p)"), ("sign", "log(p) + 1"), ("sign", "1 - log(p)"), ("function", "-log2(p) - 1"),
        ("number", "-log(p) - 2"), ("sign", "-1 + log(p)"), ("order", "-log(p)[::-1] - 1"),
        ("factor", "-2*log(p) - 2"), ("function", "-exp(p) - 1"), ("exponent function", "-log(p^2) - 1"),
    ]),
    ("Kullback-Leibler", "sum(p*(log(p) - log(q)))", "q", "-p/q", {"p": (4,), "q": (4,)}, [
        ("sign", "p/q"), ("order", "-q/p"), ("operator", "-p*q"), ("factor chain", "-1/q"), ("factor chain", "-p"),
        ("exponent chain", "-p/q^2"), ("swapped", "log(p) - log(q) + 1"), ("factor", "-2*p/q"), ("factor", "-p/q/4"),
        ("function", "-p/log(q)"),
    ]),
    ("Huber", "sum(where(abs(r) < 1, r^2/2, abs(r) - 1/2))", "r", "where(abs(r) < 1, r, sign(r))", {"r": "R8"}, [
        ("branch", "r"), ("branch function", "sign(r)"), ("operator branch", "where(abs(r) > 1, r, sign(r))"),
        ("branch factor", "where(abs(r) < 1, 2*r, sign(r))"), ("branch chain", "where(abs(r) < 1, r, 1)"),
        ("branch", "where(abs(r) < 1, r, 0)"), ("sign", "-where(abs(r) < 1, r, sign(r))"),
        ("branch sign", "where(abs(r) < 1, -r, sign(r))"), ("order operator", "where(abs(r) < 1, sign(r), r)"),
        ("exponent branch", "where(abs(r) < 1, r^2, sign(r))"),
    ]),
    ("hinge", "sum(maximum(1 - y*(x*w), 0))", "w", "where(1 - y*(x*w) > 0, -y*x, 0)",
     {"x": "R8", "y": "R8", "w": "R8"}, [
        ("branch", "-y*x"), ("sign", "where(1 - y*(x*w) > 0, y*x, 0)"), ("operator", "where(1 - y*(x*w) < 0, -y*x, 0)"),
        ("chain factor", "where(1 - y*(x*w) > 0, -x, 0)"), ("chain factor", "where(1 - y*(x*w) > 0, -y, 0)"),
        ("factor", "where(1 - y*(x*w) > 0, -2*y*x, 0)"), ("variable swapped", "where(1 - y*(x*w) > 0, -y*w, 0)"),
        ("operator", "where(1 - y*(x*w) > 0, -y/x, 0)"), ("operator", "where(1 - y*(x*w) > 0, -y + x, 0)"),
        ("order", "where(1 - y*(x*w) > 0, -y*x, 0)[::-1]"),
    ]),
    ("two layers", "sum(v*tanh(W @ x))", "x", "W' @ (v*(1 - tanh(W @ x)^2))", {"W": (4, 4), "x": (4,), "v": (4,)}, [
        ("transpose", "W @ (v*(1 - tanh(W @ x)^2))"), ("chain", "W' @ v"), ("exponent", "W' @ (v*(1 - tanh(W @ x)))"),
        ("sign", "W' @ (v*(1 + tanh(W @ x)^2))"), ("chain", "v*(1 - tanh(W @ x)^2)"),
        ("function", "W' @ (v*(1 - tan(W @ x)^2))"), ("chain factor", "W' @ (1 - tanh(W @ x)^2)"),
        ("sign", "-W' @ (v*(1 - tanh(W @ x)^2))"), ("parentheses", "W' @ (v*1 - tanh(W @ x)^2)"),
        ("function", "W' @ (v*(1 - sigmoid(W @ x)^2))"),
    ]),
    ("Euclidean norm", "sqrt(sum((x - c)^2))", "x", "(x - c)/sqrt(sum((x - c)^2))", {"x": (4,), "c": (4,)}, [
        ("sign", "(c - x)/sqrt(sum((x - c)^2))"), ("factor", "2*(x - c)/sqrt(sum((x - c)^2))"),
        ("chain exponent", "(x - c)/sum((x - c)^2)"), ("chain", "1/(2*sqrt(sum((x - c)^2))) + 0*x"),
        ("operator", "(x - c)*sqrt(sum((x - c)^2))"), ("chain factor", "x - c"), ("term", "x/sqrt(sum((x - c)^2))"),
        ("reduction function", "(x - c)/sqrt(mean((x - c)^2))"), ("order", "((x - c)/sqrt(sum((x - c)^2)))[::-1]"),
        ("sign", "(x + c)/sqrt(sum((x - c)^2))"),
    ]),
    ("Black-Scholes like", "S*ndtr(log(S/K)/v + v/2) - K*ndtr(log(S/K)/v - v/2)", "K", "-ndtr(log(S/K)/v - v/2)",
     {"S": (), "K": (), "v": ()}, [
        ("sign", "ndtr(log(S/K)/v - v/2)"), ("swapped", "ndtr(log(S/K)/v + v/2)"),
        ("function", "-erf(log(S/K)/v - v/2)"),
        ("sign", "-ndtr(log(S/K)/v + v/2)"), ("order", "-ndtr(log(K/S)/v - v/2)"),
        ("term sign", "-ndtr(log(S/K)/v + v/2)"),
        ("function", "-ndtr(log10(S/K)/v - v/2)"), ("factor", "-2*ndtr(log(S/K)/v - v/2)"),
        ("operator", "-ndtr(log(S*K)/v - v/2)"), ("factor chain", "-K*ndtr(log(S/K)/v - v/2)"),
    ]),
    ("product of three", "sum(x*sin(x)*exp(-x))", "x", "sin(x)*exp(-x) + x*cos(x)*exp(-x) - x*sin(x)*exp(-x)",
     {"x": (3,)}, [
        ("term", "x*cos(x)*exp(-x) - x*sin(x)*exp(-x)"), ("term", "sin(x)*exp(-x) - x*sin(x)*exp(-x)"),
        ("term", "sin(x)*exp(-x) + x*cos(x)*exp(-x)"),
        ("sign", "sin(x)*exp(-x) + x*cos(x)*exp(-x) + x*sin(x)*exp(-x)"),
        ("sign", "sin(x)*exp(-x) - x*cos(x)*exp(-x) - x*sin(x)*exp(-x)"),
        ("function", "sin(x)*exp(-x) + x*sin(x)*exp(-x) - x*sin(x)*exp(-x)"),
        ("factor chain", "sin(x)*exp(-x) + cos(x)*exp(-x) - x*sin(x)*exp(-x)"),
        ("factor", "2*(sin(x)*exp(-x) + x*cos(x)*exp(-x) - x*sin(x)*exp(-x))"),
        ("sign operator", "sin(x)*exp(x) + x*cos(x)*exp(-x) - x*sin(x)*exp(-x)"),
        ("function", "cos(x)*exp(-x) + x*cos(x)*exp(-x) - x*sin(x)*exp(-x)"),
    ]),
]  # fmt: skip
