"""Forms of graphs: which rules a line was made by, of lines of which forms, and shapes; no values.

Every line made eagerly has its form from the start, found by one look into the forms of its operands, so that a graph
like an earlier one is known at once (straight.py). A form tells lines apart as a tree does: whether two operands are
one line or two equal ones, it does not say. Only float64 has forms.
"""

import numpy as np

FLOAT = np.dtype(np.float64)
_NUMBERS = (float, int)
_DEEPEST = 200  # lines one behind the other; what is longer gains nothing
_MOST = 20_000  # forms that are remembered

# What is known of a form before it has functions: nothing, that it was met once, or that it shall have none.
NEW, MET, NEVER = "new", (), "never"

_leaves = {}
_count = 0


class Form:
    """A form of graph.

    grown   what lines made of lines of this form have: {key: form}
    code    the functions that straight.py has for it, or NEW or NEVER
    """

    __slots__ = ("code", "depth", "grown")

    def __init__(self, depth):
        self.depth = depth
        self.grown = {}
        self.code = NEW

    def grow(self, key, depth=0):
        """The form of a line made of one of this form, by what else it is made of; None where it is too deep."""
        global _count
        depth = max(self.depth, depth) + 1
        if depth > _DEEPEST:
            return None
        _count += 1
        if _count > _MOST:
            _leaves.clear()  # what lives goes on in its own forms
            _count = 0
        form = self.grown[key] = Form(depth)
        return form


def leaf_form(value):
    """The form of a line without operands; None where it is not float64."""
    if value.dtype is not FLOAT:
        return None
    found = _leaves.get(value.shape)
    if found is None:
        found = _leaves[value.shape] = Form(0)
    return found


def form_of(rule, links, params, moving, value):
    """The form of a line that any call made; the forms of its moving operands are looked up in the first of them."""
    if getattr(value, "dtype", None) is not FLOAT:
        return None
    forms = [links[i].form for i in moving]
    if not forms or None in forms:
        return None
    key = (rule, value.shape, moving, bool(params), *forms[1:])
    if len(moving) < len(links):
        key += tuple([_kind(link) for i, link in enumerate(links) if i not in moving])
    first = forms[0]
    return first.grown.get(key) or first.grow(key, max([form.depth for form in forms]))


def _kind(constant):
    """What of a constant decides how a sweep goes: whether it is a number that is not 0."""
    return type(constant) in _NUMBERS and bool(constant)
