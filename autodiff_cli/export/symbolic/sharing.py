"""Names for what a long formula says more than once: `s = exp(-x); s/(1 + s)^2`."""

from collections import Counter
from itertools import count

from ...language.functions import CONSTANTS
from ...language.syntax import Binary, Call, Index, children
from .algebra import Unsaid
from .spelling import spelled

_LONG = 80  # characters that a formula may have before anything is named
_LEAST = 8  # characters that a name has to save
_LARGE = 2_000  # nodes with which it is not looked for what saves most
_TOO_LONG = 20_000  # characters
_LETTERS = "stuvwpqrzhklmabc"
_NAMED = (Binary, Call, Index)


def written(tree, taken):
    """The text of a tree, with definitions in front where that makes it shorter; names in `taken` are not used."""
    letters = [c for c in _LETTERS if c not in taken and c not in CONSTANTS]
    if _size(tree) > _LARGE:
        names = (name for k in count() if (name := f"{letters[0] if letters else 'part'}{k}") not in taken)
        text = _by_node(tree, names)
    else:
        text = spelled(tree)
        text = _Shared(tree, letters).text() if len(text) > _LONG else text
    if len(text) > _TOO_LONG:
        raise Unsaid("a very long formula")
    return text


def _nodes(tree):
    """The nodes of a tree, each after those below it, and once, wherever it stands."""
    found, waiting = {}, [tree]
    while waiting:
        node = waiting[-1]
        new = [] if id(node) in found else [child for child in children(node) if id(child) not in found]
        if new:
            waiting += new
        else:
            found.setdefault(id(waiting.pop()), node)
    return list(found.values())


def _size(tree):
    """How many nodes a tree has, all places counted."""
    sizes = {}
    for node in _nodes(tree):
        sizes[id(node)] = 1 + sum(sizes[id(child)] for child in children(node))
    return sizes[id(tree)]


def _by_node(tree, free):
    """A large formula: what stands in more than one place has a name."""
    nodes = _nodes(tree)
    places = Counter(id(child) for node in nodes for child in children(node))
    names, rows = {}, []
    for node in nodes:
        if places[id(node)] > 1 and type(node) in _NAMED:
            text = spelled(node, names, id)
            names[id(node)] = next(free)
            rows.append(f"{names[id(node)]} = {text}")
    return "; ".join([*rows, spelled(tree, names, id)])


class _Shared:
    """A formula and the parts of it that have names."""

    def __init__(self, tree, letters):
        self.tree = tree
        self.texts = {}
        self.names = {}  # of texts
        self.parts = {}  # the trees of these texts
        for letter in letters:
            best = self.best()
            if best is None:
                break
            self.names[best] = letter

    def best(self):
        """The text that saves most when it is named, if any does."""
        counts = Counter()
        for root in (self.tree, *(self.parts[text] for text in self.names)):
            for child in children(root):
                self.count(child, counts)
        saved = {t: (n - 1) * (len(t) - 1) - 6 for t, n in counts.items() if n > 1}
        best = max(saved, key=lambda t: (saved[t], len(t)), default=None)
        return best if best is not None and saved[best] >= _LEAST else None

    def count(self, tree, counts):
        text = self.plain(tree)
        if text in self.names:
            return
        if type(tree) in _NAMED:
            counts[text] += 1
            self.parts[text] = tree
        for child in children(tree):
            self.count(child, counts)

    def plain(self, tree):
        if id(tree) not in self.texts:
            self.texts[id(tree)] = spelled(tree)
        return self.texts[id(tree)]

    def text(self):
        """Definitions, each after those that it uses, and the formula."""
        rows = []
        for text in sorted(self.names, key=len):
            others = {t: name for t, name in self.names.items() if t != text}
            rows.append(f"{self.names[text]} = {spelled(self.parts[text], others, self.plain)}")
        return "; ".join([*rows, spelled(self.tree, self.names, self.plain)])
