"""Names for what a long formula says more than once: `s = exp(-x); s/(1 + s)^2`."""

from collections import Counter

from ...language.functions import CONSTANTS
from ...language.syntax import Binary, Call, Index, children
from .algebra import Unsaid
from .spelling import spelled

_LONG = 72  # characters that a formula may have before anything is named
_LEAST = 8  # characters that a name has to save
_TOO_LONG = 20_000  # nodes
_LETTERS = "stuvwpqrzhklmabc"


def written(tree, taken):
    """The text of a tree, with definitions in front where that makes it shorter; names in `taken` are not used."""
    if _size(tree, {}) > _TOO_LONG:
        raise Unsaid("a very long formula")
    text = spelled(tree)
    if len(text) <= _LONG:
        return text
    shared = _Shared(tree, [c for c in _LETTERS if c not in taken and c not in CONSTANTS])
    return shared.text()


def _size(tree, known):
    if id(tree) not in known:
        known[id(tree)] = 1 + sum(_size(child, known) for child in children(tree))
    return known[id(tree)]


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
        if type(tree) in (Binary, Call, Index) and text not in self.names:
            counts[text] += 1
            self.parts[text] = tree
        if text not in self.names:
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
