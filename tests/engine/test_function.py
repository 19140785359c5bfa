"""Operations of one's own: Function.

What they are compared with is NumPy's own functions, whose rules are checked elsewhere, differences, and SymPy.
"""

import numpy as np
import pytest
import sympy

import autodiff_cli as ad
from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import variable
from autodiff_cli.engine.transforms import flatten

X = np.array([0.3, -0.5, 1.2])


class Exp(ad.Function):
    """PyTorch's way, which saves the result."""

    @staticmethod
    def forward(ctx, x):
        y = np.exp(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y


class Multiply(ad.Function):
    """ad's way, which saves the arguments."""

    def forward(self, a, b):
        self.a, self.b = a, b
        return a * b

    def backward(self, g):
        return g * self.b, g * self.a


class Tanh(ad.Function):
    """Saves what is neither argument nor result."""

    def forward(self, x):
        y = np.tanh(x)
        self.kept = {"slope": [1 - y * y]}
        return y

    def backward(self, g):
        return g * self.kept["slope"][0]


class MatMul(ad.Function):
    def forward(self, a, b):
        self.save_for_backward(a, b)
        return a @ b

    def backward(self, g):
        a, b = self.saved_tensors
        return g @ b.T, a.T @ g


def assert_same(got, want, rtol=1e-12):
    np.testing.assert_allclose(got, want, rtol=rtol, atol=1e-14)


class TestFunction:
    CASES = [(Exp.apply, np.exp), (Tanh(), np.tanh), (lambda x: Multiply()(x, x * x), lambda x: x**3)]

    @pytest.mark.parametrize(("own", "known"), CASES)
    def test_it_is_as_good_as_a_function_of_the_house(self, own, known):
        def total(f):
            return lambda x: np.sum(f(x) * np.sin(x))

        v = np.array([1.0, -2.0, 0.5])
        assert_same(own(X), known(X))
        assert_same(ad.grad(total(own))(X), ad.grad(total(known))(X))
        assert_same(ad.jacobian(own)(X), ad.jacobian(known)(X))
        assert_same(ad.jacobian(own, mode="forward")(X), ad.jacobian(known)(X))
        assert_same(ad.hessian(total(own))(X), ad.hessian(total(known))(X))
        assert_same(ad.jvp(own, (X,), (v,)), ad.jvp(known, (X,), (v,)))
        assert_same(ad.hvp(total(own), (X,), (v,)), ad.hvp(total(known), (X,), (v,)))
        assert_same(ad.derivatives(own, 0.3, 6), ad.derivatives(known, 0.3, 6), rtol=1e-9)

    @pytest.mark.parametrize(("own", "known"), CASES)
    def test_nested_gradients_and_differences(self, own, known):
        ad.check_grads(own, (X,), order=2)
        for _ in range(4):
            own, known = ad.elementwise_grad(own), ad.elementwise_grad(known)
            assert_same(own(X), known(X), rtol=1e-10)

    @pytest.mark.parametrize(("own", "known"), CASES)
    def test_the_imperative_face(self, own, known):
        x = ad.tensor(X, requires_grad=True)
        np.sum(own(x)).backward(create_graph=True)
        assert_same(x.grad.value, ad.elementwise_grad(known)(X))
        (second,) = ad.grad(np.sum(x.grad), [x])
        assert_same(second, ad.elementwise_grad(ad.elementwise_grad(known))(X))

    def test_a_second_call_accumulates_and_forgets_nothing(self):
        product = MatMul()
        a, b = ad.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True), ad.tensor([[1.0, 0.0], [2.0, 5.0]])
        first, second = product(a, b), product(b, a)
        np.sum(first).backward()
        assert a.grad.tolist() == [[1.0, 7.0], [1.0, 7.0]]
        np.sum(second).backward()
        assert a.grad.tolist() == [[1.0 + 3, 7.0 + 3], [1.0 + 5, 7.0 + 5]]

    def test_arrays_alone_give_arrays(self):
        assert type(Exp.apply(X)) is np.ndarray
        assert Multiply()(2.0, 3.0) == 6
        assert isinstance(Exp.apply(ad.tensor(X)), ad.Tensor)

    def test_arguments_that_are_no_tensors_pass_through(self):
        class Power(ad.Function):
            @staticmethod
            def forward(ctx, x, n, name, *, scale=1.0):
                assert name == "cube"
                ctx.save_for_backward(x)
                ctx.n, ctx.scale = n, scale
                return scale * x**n

            @staticmethod
            def backward(ctx, g):
                assert ctx.needs_input_grad == (True, False, False)
                (x,) = ctx.saved_tensors
                return g * ctx.scale * ctx.n * x ** (ctx.n - 1), None, None

        def f(x):
            return np.sum(Power.apply(x, 3, "cube", scale=2.0))

        assert_same(ad.grad(f)(X), 6 * X**2)
        assert_same(ad.hessian(f)(X), np.diag(12 * X))

    def test_none_at_the_end_can_be_left_out_and_there_may_be_too_many(self):
        for tail in ((), (None,), (None, None)):

            class Scaled(ad.Function):
                def forward(self, x, k):
                    self.k = k
                    return self.k * x

                def backward(self, g, tail=tail):
                    return (self.k * g, *tail)

            assert ad.grad(lambda x, F=Scaled: F.apply(x, 5))(2.0) == 5

    def test_none_for_a_tensor_is_zero(self):
        class First(ad.Function):
            def forward(self, a, b):
                return a * 1

            def backward(self, g):
                return g, None

        assert ad.grad(First.apply)(2.0, 3.0) == (1, 0)

    def test_settings_of_an_instance(self):
        class Power(ad.Function):
            def __init__(self, n):
                self.n = n

            def forward(self, x):
                self.x = x
                return x**self.n

            def backward(self, g):
                return g * self.n * self.x ** (self.n - 1)

        cube = Power(3)
        assert_same(ad.hessian(lambda x: np.sum(cube(x)))(X), np.diag(6 * X))
        assert vars(cube) == {"n": 3}

    def test_several_results(self):
        class Polar(ad.Function):
            def forward(self, x, y):
                r = np.sqrt(x * x + y * y)
                self.save_for_backward(x, y, r)
                return r, np.arctan2(y, x)

            def backward(self, g, h):
                x, y, r = self.saved_tensors
                return g * x / r - h * y / (r * r), g * y / r + h * x / (r * r)

        def known(x, y):
            return np.hypot(x, y), np.arctan2(y, x)

        for f in (lambda f: f, lambda f: lambda x, y: f(x, y)[1]):
            assert_same(ad.jacobian(f(Polar.apply))(0.3, 0.7), ad.jacobian(f(known))(0.3, 0.7))
        assert_same(ad.hessian(lambda x, y: Polar.apply(x, y)[0])(0.3, 0.7), ad.hessian(np.hypot)(0.3, 0.7))
        assert_same(ad.jvp(Polar.apply, (0.3, 0.7), (1.0, 2.0)), ad.jvp(known, (0.3, 0.7), (1.0, 2.0)))
        r, angle = Polar.apply(ad.tensor(3.0), ad.tensor(4.0))
        assert (r.item(), angle.item()) == (5, np.arctan2(4, 3))

    @pytest.mark.parametrize("shapes", [((), (3,)), ((3, 1), (2,)), ((1, 2), (2, 3, 2)), ((2, 2), (2, 2))])
    def test_broadcasting_is_undone(self, shapes):
        a, b = (np.random.default_rng(n).uniform(size=shape) for n, shape in enumerate(shapes))
        for derivative in (ad.grad, ad.hessian):
            own, known = (derivative(lambda a, b, f=f: np.sum(f(a, b) ** 2))(a, b) for f in (Multiply(), np.multiply))
            for got, want in zip(flatten(own), flatten(known), strict=True):
                assert_same(got, want)
        assert_same(ad.jvp(Multiply(), (a, b), (a, b))[1], 2 * a * b)

    def test_integer_results_pass_nothing_back(self):
        class Split(ad.Function):
            def forward(self, x):
                return x - np.floor(x), np.floor(x).astype(int)

            def backward(self, g, h):
                assert not np.any(h)
                return g + h

        def f(x):
            fraction, whole = Split.apply(x)
            return fraction * fraction + 1.5 * whole

        assert ad.grad(f)(2.75) == 1.5

    def test_structures(self):
        class Dot(ad.Function):
            def forward(self, p):
                self.p = p
                return np.sum(p["a"] * p["b"][0])

            def backward(self, g):
                return {"a": g * self.p["b"][0], "b": [g * self.p["a"]]}

        def known(p):
            return np.sum(p["a"] * p["b"][0])

        point = {"a": X, "b": [X**2]}
        gradient = ad.grad(Dot.apply)(point)
        assert_same(gradient["a"], X**2)
        assert_same(gradient["b"][0], X)
        own, want = ad.hessian(Dot.apply)(point), ad.hessian(known)(point)
        assert_same(own["a"]["b"][0], want["a"]["b"][0])

    def test_an_argument_with_the_memory_of_another_is_not_the_other(self):
        """By the second argument, which is a constant, nothing is differentiated."""

        def f(x):
            return np.sum(Multiply()(x, X))

        assert_same(ad.grad(f)(X), X)
        assert_same(ad.hessian(f)(X), np.zeros((3, 3)))

    def test_derivatives_within_forward(self):
        """A root by Newton's method, and its derivative by the implicit function theorem."""

        def residual(y, x):
            return y**3 + y - x

        class Root(ad.Function):
            def forward(self, x):
                y = np.ones_like(x)
                for _ in range(30):
                    y = y - residual(y, x) / ad.elementwise_grad(residual, 0)(y, x)
                self.y = y
                return y

            def backward(self, g):
                return g / (3 * self.y**2 + 1)

        x, y = sympy.symbols("x y")
        first = 1 / (3 * y**2 + 1)
        second = sympy.diff(first, y) * first
        root = float(sympy.nsolve(y**3 + y - 0.7, y, 0.5, prec=30))
        f = Root.apply
        assert_same(f(0.7), root)
        assert_same(ad.grad(f)(0.7), float(first.subs(y, root)))
        assert_same(ad.grad(ad.grad(f))(0.7), float(second.subs(y, root)))
        assert_same(ad.grad(lambda x: ad.grad(f)(x) * x)(0.7), float((first + x * second).subs({y: root, x: 0.7})))

    def test_no_grad(self):
        class Asked(ad.Function):
            def forward(self, x):
                assert self.needs_input_grad == (False,)
                return x

        with ad.no_grad():
            assert not Asked.apply(ad.tensor(1.0, requires_grad=True)).requires_grad

    def test_what_it_saved_goes_with_the_graph(self):
        import gc
        from weakref import ref

        found = []

        class Saves(ad.Function):
            def forward(self, x):
                self.kept = np.ones(3)
                found.append(ref(self.kept))
                return x * 1

            def backward(self, g):
                return g

        gc.disable()
        try:
            ad.grad(lambda x: Saves.apply(x))(2.0)
            assert found[0]() is None
        finally:
            gc.enable()


class TestErrors:
    def of(self, answer, *points):
        class Wrong(ad.Function):
            def forward(self, *x):
                return np.sum(x[0]["a"] if isinstance(x[0], dict) else x[0])

            def backward(self, g):
                return answer

        with pytest.raises(ad.AdiffError) as caught:
            ad.grad(Wrong.apply)(*(points or (X,)))
        assert caught.value.help
        return str(caught.value)

    def test_a_wrong_shape(self):
        assert self.of(np.ones(2)) == (
            "Wrong.backward gives a gradient of shape (2,) for input 0, which has shape (3,)"
        )
        assert "gradient of shape () for input 1, which has shape (3,)" in self.of((X, 1.0), X, X)
        assert "gradient of shape (1, 3) for input 0" in self.of(np.ones((1, 3)))

    def test_a_wrong_number(self):
        assert self.of((X, X)) == "Wrong.backward gives 2 gradients for 1 input"
        assert self.of((X,), X, X) == "Wrong.backward gives 1 gradient for 2 inputs"
        assert self.of(X, X, X) == "Wrong.backward gives 1 gradient for 2 inputs"

    @pytest.mark.parametrize("answer", ["text", np.array(["text"] * 3), {1, 2}, np.array([None] * 3)])
    def test_no_array(self, answer):
        assert "as the gradient of input 0" in self.of(answer)

    def test_a_wrong_structure(self):
        assert "gives 1 arrays for input 0, which has 2" in self.of(({"a": X},), {"a": X, "b": X})

    def test_a_forward_that_gives_no_array(self):
        class Text(ad.Function):
            def forward(self, x):
                return "text"

        with pytest.raises(ad.AdiffError, match=r"Text\.forward gives str 'text'"):
            ad.grad(Text.apply)(1.0)

    def test_a_tensor_from_outside(self):
        w = ad.tensor(2.0, requires_grad=True)

        class Outer(ad.Function):
            def forward(self, x):
                return w * x

        with pytest.raises(ad.AdiffError, match=r"Outer\.forward gives a tensor") as caught:
            ad.grad(Outer.apply)(1.0)
        assert "pass the tensors" in caught.value.help

    def test_a_tensor_as_a_keyword(self):
        with pytest.raises(ad.AdiffError, match="Exp is given a tensor as a keyword"):
            Exp.apply(x=ad.tensor(1.0))

    def test_a_result_has_memory_of_its_own(self):
        class Same(ad.Function):
            def forward(self, x):
                return x[::-1]

            def backward(self, g):
                return g[::-1]

        a = ad.tensor(X)
        b = Same.apply(a)
        a[0] = 5.0
        assert b.numpy().tolist() == X[::-1].tolist()

    def test_arguments_are_only_read(self):
        class Writes(ad.Function):
            def forward(self, x):
                x *= 2
                return x

        with pytest.raises(ValueError, match="read-only"):
            ad.grad(lambda x: np.sum(Writes.apply(x)))(X)

    def test_parts_that_are_missing(self):
        class Empty(ad.Function):
            pass

        with pytest.raises(ad.AdiffError, match="Empty has no forward"):
            Empty.apply(1.0)

        class Half(ad.Function):
            def forward(self, x):
                return x * 1

        with pytest.raises(ad.AdiffError, match="Half has no backward"):
            ad.grad(Half.apply)(1.0)

    def test_a_forward_that_cannot_run_again(self):
        """What is behind Python's own numbers is lost: said, not guessed."""

        class Lost(ad.Function):
            def forward(self, x):
                self.slope = float(x) * 2
                return x * x

            def backward(self, g):
                return g * self.slope

        assert ad.grad(Lost.apply)(3.0) == 6
        with pytest.raises(ad.NotDifferentiable, match=r"Lost\.forward cannot run on tensors") as caught:
            ad.grad(ad.grad(Lost.apply))(3.0)
        assert "save only arguments and results" in caught.value.help

    def test_a_backward_that_cannot_be_recorded(self):
        import math

        class Sine(ad.Function):
            def forward(self, x):
                self.x = x
                return math.sin(x)

            def backward(self, g):
                return g * math.cos(self.x)

        assert ad.grad(Sine.apply)(3.0) == math.cos(3.0)
        assert ad.jvp(Sine.apply, (3.0,), (1.0,))[1] == math.cos(3.0)
        with pytest.raises(ad.NotDifferentiable, match=r"Sine\.backward cannot run on tensors"):
            ad.grad(ad.grad(Sine.apply))(3.0)

        class Numbers(Sine):
            def backward(self, g):
                return float(g) * math.cos(self.x)

        assert ad.grad(Numbers.apply)(3.0) == math.cos(3.0)
        with pytest.raises(ad.NotDifferentiable, match=r"Numbers\.backward cannot run on tensors"):
            ad.jvp(Numbers.apply, (3.0,), (1.0,))


class TestPrograms:
    @pytest.mark.parametrize("own", [Exp.apply, Tanh(), lambda x: Multiply()(x, x * x)])
    def test_a_program_holds_elsewhere(self, own):
        """Value, gradient and second derivative, recorded at one point and run at another."""
        with Recording():
            x = variable(X)
            value = np.sum(own(x))
            first = ad.grad(lambda x: np.sum(own(x)))(x)
            second = ad.elementwise_grad(ad.elementwise_grad(own))(x)
            program = Program([x.line], [t.line for t in (value, first, second)])
        for point in (X, X + 0.7):
            found = program(point)
            want = np.sum(own(point)), ad.elementwise_grad(own)(point)
            assert_same(found[0], want[0])
            assert_same(found[1], want[1])
            assert_same(found[2], ad.elementwise_grad(ad.elementwise_grad(own))(point))

    def test_a_program_on_tensors_has_contexts_of_its_own(self):
        with Recording():
            x = variable(X)
            program = Program([x.line], [Exp.apply(x).line])
        assert_same(ad.jacobian(lambda x: program(x)[0])(X + 1), np.diag(np.exp(X + 1)))

    def test_a_program_that_was_run_elsewhere_leaves_the_line_its_context(self):
        with Recording():
            x = variable(X)
            y = Tanh()(x)
        Program([x.line], [y.line])(X + 1)
        assert_same(vjp([y.line], [np.ones(3)], [x.line])[0], 1 - np.tanh(X) ** 2)

    def test_branches_are_refused_where_they_would_be_frozen(self):
        class Branch(ad.Function):
            def forward(self, x):
                self.x = x
                return x * x if x > 0 else -x

            def backward(self, g):
                return 2 * g * self.x if self.x > 0 else -g

        assert [ad.grad(Branch.apply)(x) for x in (3.0, -3.0)] == [6, -1]
        with Recording(), pytest.raises(ad.NotDifferentiable, match=r"Branch\.backward cannot run on tensors"):
            ad.grad(Branch.apply)(variable(np.float64(3.0)))

    def test_the_line_has_the_name_of_the_class(self):
        with Recording():
            x = variable(X)
            assert "Exp(x" in str(Program([x.line], [Exp.apply(x).line])).replace("v0 = ", "").replace("v0", "x")
