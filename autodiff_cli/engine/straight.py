"""The backward sweep over a small graph, written down as straight-line code.

Over small arrays a sweep costs what Python costs: look-ups, loops and calls for each line. But a loop that trains or
fits sweeps over graphs of one form again and again: the same rules, wired in the same way, with values of the same
shapes. A form that is met for the second time becomes a Python function of its own; in it the partials of sums and
products are no calls at all. The sweep over 20 operations on three numbers then takes a quarter of its time, with the
same bits. Values, constants and params are read from the lines when the function runs.

Left to the sweep are large graphs, results that are not float64, and those in which conditions may have to be carried
(see differentiate.py): where a choice or a standing factor lies above a pole.
"""

import numpy as np

from .program import Line, between, fragile_lines

_LONGEST = 200  # lines in a graph; of longer ones the forms would take more room than they save time
_MOST = 500  # forms that are remembered
_MET = "met once"
_FLOAT = np.dtype(np.float64)

_NUMBERS = (float, int)

_functions = {}


def straight(lines, outputs, inputs, fit):
    """The function of this form: called as function(lines, cotangents, inputs) it gives a cotangent for each input.

    lines   those behind the outputs, in order
    fit     called as fit(g, live, value)[0]: a cotangent in the shape and dtype of a value

    None where the form has not been met before, or has no such function.
    """
    form = _form(lines, outputs, inputs) if 0 < len(lines) <= _LONGEST else None
    if form is None:
        return None
    found = _functions.get(form)
    if found is None:
        if len(_functions) >= _MOST:
            _functions.clear()
        _functions[form] = _MET
    elif found is _MET:
        found = _functions[form] = _Writer(lines, outputs, inputs).function(fit)
        return found or None
    return found if callable(found) else None


def _form(lines, outputs, inputs):
    """Rules, shapes and wiring of a graph; None where a result is not a float64 array."""
    places, form = {}, []
    add = form.append
    for place, line in enumerate(lines):
        value = line.value
        if getattr(value, "dtype", None) is not _FLOAT:
            return None
        add(line.rule)
        add(value.shape)
        if line.params:
            add("params")
        for operand in line.operands:
            if type(operand) is Line:
                add(places.get(operand, "line"))
            else:
                add("factor" if type(operand) in _NUMBERS and operand else "constant")
        places[line] = place
    form += [places[line] for line in outputs]
    form += [places.get(line, "elsewhere") for line in inputs]
    return tuple(form)


class _Writer:
    """Writes the function of one form: line k has the value v<k> and the cotangent g<k>."""

    def __init__(self, lines, outputs, inputs):
        self.outputs, self.inputs = outputs, inputs
        self.places = {line: k for k, line in enumerate(lines)}
        self.moving = between(outputs, inputs)
        self.names = {}
        self.arrived = set()
        self.code = [
            f"def sweep(lines, cotangents, inputs):\n {''.join(f'l{k}, ' for k in self.places.values())}= lines"
        ]
        self.code += [f"v{k} = l{k}.value" for k in self.places.values()]

    def function(self, fit):
        """The function; False where conditions may have to be carried."""
        fragile = fragile_lines(self.moving)
        if any(_may_cut(line, positions, fragile) for line, positions in self.moving.items()):
            return False
        for n, line in enumerate(self.outputs):
            self.add(self.places[line], f"cotangents[{n}]")
        for line, positions in reversed(self.moving.items()):
            if self.places[line] in self.arrived:
                _KINDS[line.rule.kind](self, line, self.places[line], positions)
        answers = (self.answer(n, line) for n, line in enumerate(self.inputs))
        self.code.append(f"return [{', '.join(answers)}]")
        self.names |= {"fit": _fitting(fit), "each": _each, "zeros": np.zeros_like}
        exec("\n ".join(self.code), self.names)  # nothing but the names above is in it
        return self.names["sweep"]

    def answer(self, n, line):
        place = self.places.get(line)
        return f"g{place}" if place in self.arrived else f"zeros(inputs[{n}].value)"

    def add(self, place, term):
        self.code.append(f"g{place} = g{place} + {term}" if place in self.arrived else f"g{place} = {term}")
        self.arrived.add(place)

    def send(self, line, position, term, fits=False):
        operand = line.operands[position]
        place = self.places[operand]
        self.add(place, term if fits else f"fit({term}, v{place})")

    def arguments(self, line, k):
        """The operands of line k, and its params if it has any."""
        found = [self.argument(operand, k, i) for i, operand in enumerate(line.operands)]
        return found + [f"**l{k}.params"] * bool(line.params)

    def argument(self, operand, k, i):
        if type(operand) is not Line:
            return f"l{k}.operands[{i}]"
        return f"v{self.places[operand]}" if operand in self.places else f"l{k}.operands[{i}].value"

    def call(self, function, *arguments):
        """A call of a derivative, which gets a name."""
        name = f"d{len(self.names)}"
        self.names[name] = function
        return f"{name}({', '.join(arguments)})"

    def elementwise(self, line, k, positions):
        arguments = self.arguments(line, k)
        for i in positions:
            known = None if line.params else _known_partial(line.rule.derivatives[i], len(arguments))
            fits = line.operands[i].value.shape == line.value.shape
            self.send(line, i, self.product(line, k, i, known, arguments), fits)

    def product(self, line, k, i, known, arguments):
        if known in (1.0, -1.0):
            return f"g{k}" if known > 0 else f"-g{k}"
        if known is not None:
            return f"g{k} * {[f'v{k}', *arguments][known[0]]}"
        return f"g{k} * {self.call(line.rule.derivatives[i], f'v{k}', *arguments)}"

    def linear(self, line, k, positions):
        for i in positions:
            self.send(line, i, self.call(line.rule.derivative(i), f"g{k}", *self.arguments(line, k)))

    def general(self, line, k, positions):
        vjp = self.call(line.rule.derivatives[0], f"g{k}", f"v{k}", *self.arguments(line, k))
        self.code.append(f"r{k} = each({vjp})")
        for i in positions:
            self.send(line, i, f"r{k}[{i}]")


_KINDS = {
    "elementwise": _Writer.elementwise,
    "linear": _Writer.linear,
    "bilinear": _Writer.linear,
    "general": _Writer.general,
}


def _may_cut(line, positions, fragile):
    """Whether something may be kept from a pole here."""
    cuts = line.rule.chooses
    if line.rule.function is np.multiply and len(positions) == 1:
        factor = line.operands[1 - positions[0]]
        cuts = type(factor) not in _NUMBERS or not factor
    return cuts and any(line.operands[i] in fragile for i in positions)


def _known_partial(partial, count):
    """1.0 or -1.0 for a partial that is this whatever it is asked for, (n,) where it is its n-th argument, or None."""
    arguments = [object() for _ in range(count + 1)]
    try:
        found = partial(*arguments)
    except Exception:
        return None  # it computes something
    if type(found) is float and abs(found) == 1:
        return found
    return next(((n,) for n, argument in enumerate(arguments) if found is argument), None)


def _each(answers):
    return answers if isinstance(answers, tuple) else (answers,)


def _fitting(fit):
    def fitted(g, value):
        same = g.shape == value.shape and g.dtype is value.dtype
        return g if same else fit(g, None, value)[0]

    return fitted
