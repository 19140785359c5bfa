"""The backward sweep over a small graph, written down as straight-line code.

Over small arrays a sweep costs what Python costs: look-ups, loops and calls for each line. But a loop that trains or
fits sweeps over graphs of one form again and again. A form (forms.py) that is met for the second time becomes a Python
function of its own: it goes from the output straight to the lines behind it, and the partials of sums and products in
it are no calls at all. The bits are the same. Values, constants and params are read from the lines when it runs.

A form tells lines apart as a tree does, so a function first sees that lines are shared where they were when it was
written; a form has a function for each way of sharing that was met.

Left to the sweep are large graphs, results that are not float64, and those in which conditions may have to be carried
(see differentiate.py): where a choice or a standing factor lies above a pole.
"""

import re

import numpy as np

from .forms import MET, NEVER, NEW
from .program import INPUT, Line, behind, fragile_lines
from .rules import NO_PARAMS

_LONGEST = 200  # lines in a graph; of longer ones the functions would take more room than they save time
_MOST = 4  # functions for one form

_NUMBERS = (float, int)


def straight(output, cotangent, free, fit):
    """The sweep from a line back to the lines without operands behind it: a list of those, and one of what arrives.

    free   let go of the graph's operands afterwards
    fit    called as fit(g, live, value)[0]: a cotangent in the shape and dtype of a value

    None where the form of this graph has not been met before, or has no such function.
    """
    form = output.form
    if form is None or form.code is NEVER:
        return None
    if form.code is NEW:
        form.code = MET
        return None
    for function in form.code:
        found = function(output, cotangent, free)
        if found is not None:
            return found
    if len(form.code) == _MOST:
        return None
    lines = behind([output])
    function = _Writer(lines).function(fit) if 1 < len(lines) <= _LONGEST else None
    if function is None:
        form.code = NEVER
        return None
    form.code += (function,)
    return function(output, cotangent, free)


class _Writer:
    """Writes the function of one graph: line k has the value v<k> and the cotangent g<k>.

    An array that was made here, and that nothing else looks at (`own`), is written in place.
    """

    def __init__(self, lines):
        self.lines = lines
        self.places = {line: k for k, line in enumerate(lines)}
        self.names = {}
        self.arrived = set()
        self.own = set()
        self.code = []

    def function(self, fit):
        """The function; None where conditions may have to be carried."""
        moving = {line: line.moving for line in self.lines if line.moving}
        fragile = fragile_lines(moving)
        if any(_may_cut(line, positions, fragile) for line, positions in moving.items()):
            return None
        self.add(len(self.lines) - 1, "g", is_own=False)
        for line, positions in reversed(moving.items()):
            k = self.places[line]
            _KINDS[line.rule.kind](self, line, k, positions)
            self.code.append(f"del g{k}")  # NumPy has its memory at hand for what comes next
        computed = [k for line, k in self.places.items() if line.moving]
        self.code += [f"if free: {' = '.join(f'l{k}.operands' for k in computed)} = ()"]
        self.code += [f"if free: l{k}.params = NO_PARAMS" for k in computed if self.lines[k].params]
        leaves = [k for line, k in self.places.items() if line.rule is INPUT]
        self.code += [f"return [{', '.join(f'l{k}' for k in leaves)}], [{', '.join(f'g{k}' for k in leaves)}]"]
        self.names |= {"fit": _fitting(fit), "each": _each, "NO_PARAMS": NO_PARAMS}
        code = "\n ".join([*self.walk(), *self.values(), *self.code])
        exec(f"def sweep(l{len(self.lines) - 1}, g, free):\n {code}", self.names)  # nothing but these names is in it
        return self.names["sweep"]

    def walk(self):
        """From each line to its operands; back with None where lines are shared otherwise than here, or freed."""
        met, checks, steps = {self.lines[-1]}, [], []
        for line in reversed(self.lines):
            if line.moving:
                steps.append(f" {self.operands(line, met, checks)}= l{self.places[line]}.operands")
        everything = ", ".join(f"l{k}" for k in self.places.values())
        checks.append(f"len({{{everything}}}) != {len(self.places)}")
        return ["try:", *steps, "except ValueError:", " return None", f"if {' or '.join(checks)}: return None"]

    def values(self):
        """The values that are used."""
        used = set(re.findall(r"\bv(\d+)\b", "\n".join(self.code)))
        return [f"v{k} = l{k}.value" for k in sorted(map(int, used))]

    def operands(self, line, met, checks):
        """Names for what a line is made of."""
        k, found = self.places[line], ""
        for i, operand in enumerate(line.operands):
            if i not in line.moving:
                name = f"o{k}_{i}"
            elif operand in met:
                name = f"t{k}_{i}"
                checks.append(f"{name} is not l{self.places[operand]}")
            else:
                name = f"l{self.places[operand]}"
                met.add(operand)
            found += f"{name}, "
        return found

    def add(self, place, term, is_own=True):
        """What arrives at a line: a term, which is an array of its own or one that is seen elsewhere."""
        if place in self.own:
            self.code.append(f"g{place} += {term}")
            return
        self.code.append(f"g{place} = g{place} + {term}" if place in self.arrived else f"g{place} = {term}")
        if place in self.arrived or is_own:
            self.own.add(place)
        self.arrived.add(place)

    def send(self, line, position, term):
        """What a call gave."""
        place = self.places[line.operands[position]]
        self.add(place, f"fit({term}, v{place})", is_own=False)

    def arguments(self, line, k):
        """The operands of line k, and its params if it has any."""
        found = [self.argument(line, k, i) for i in range(len(line.operands))]
        return found + [f"**l{k}.params"] * bool(line.params)

    def argument(self, line, k, i):
        if i in line.moving:
            return f"v{self.places[line.operands[i]]}"
        return f"o{k}_{i}.value" if type(line.operands[i]) is Line else f"o{k}_{i}"

    def call(self, function, *arguments):
        """A call of a derivative, which gets a name."""
        name = f"d{len(self.names)}"
        self.names[name] = function
        return f"{name}({', '.join(arguments)})"

    def elementwise(self, line, k, positions):
        arguments = self.arguments(line, k)
        factors = [self.factor(line, k, i, arguments) for i in positions]
        if len(factors) == 2 and line.operands[0] is line.operands[1] and factors[0] == factors[1]:
            self.code.append(f"p{k} = g{k} * {factors[0]}")  # x*x: the same arrives twice
            place = self.places[line.operands[0]]
            self.add(place, f"p{k}", is_own=False)
            self.add(place, f"p{k}")
            return
        for i, factor in zip(positions, factors, strict=True):
            if line.operands[i].value.shape == line.value.shape:
                self.add(self.places[line.operands[i]], *self.product(k, factor, last=i == positions[-1]))
            else:
                self.send(line, i, f"g{k} * {factor}")

    def factor(self, line, k, i, arguments):
        """The partial, which may be known: the text of a number, of a value, or of a call."""
        known = None if line.params else _known_partial(line.rule.derivatives[i], len(arguments))
        if known is None:
            return self.call(line.rule.derivatives[i], f"v{k}", *arguments)
        return [f"v{k}", *arguments][known[0]] if type(known) is tuple else str(known)

    def product(self, k, factor, last):
        """(g times the factor, whether it is an array of its own); g itself is written when it is wanted no more."""
        own = last and k in self.own
        if factor == "-1.0":
            return f"-g{k}", True
        if factor == "1.0":
            self.own.discard(k)  # seen elsewhere from here on
            return f"g{k}", own
        if not own:
            return f"g{k} * {factor}", True
        self.code.append(f"g{k} *= {factor}")
        return f"g{k}", True

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
