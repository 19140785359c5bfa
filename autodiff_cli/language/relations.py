"""What operations say about shapes: relations, which tell in both directions.

`settle` draws what follows from what is known, and `guess` takes the most ordinary of the cases that are left.
"""

import re
from itertools import zip_longest

from .unify import Mismatch, Shape, Size, choose_size, kind


class Relation:
    """What ties the `shapes` of operands and result; the most eager ones guess first."""

    eagerness = 0
    shapes = ()

    def settle(self):
        """Draw what follows; whether that was news. Raises Mismatch."""
        return False

    def guess(self):
        """Assume something; whether there was anything to assume."""
        return False


class Same(Relation):
    """Two arrays of one shape."""

    def __init__(self, result, operand):
        self.result, self.operand = self.shapes = result, operand

    def settle(self):
        a, b = self.operand, self.result
        if a.sizes is None and b.sizes is None:
            return any([a.exceed(b.least), b.exceed(a.least)])
        return a.become(b.sizes) if b.sizes is not None else b.become(a.sizes)


class Broadcast(Relation):
    """Elementwise: operands whose axes match from the last one on, where 1 matches all."""

    eagerness = 2

    def __init__(self, result, operands):
        self.result, self.operands = result, list(dict.fromkeys(operands))
        self.shapes = result, *self.operands

    def settle(self):
        news = self.result.exceed(max(o.least for o in self.operands)) | self._spread()
        if self.result.sizes is None:
            return news
        known = [o.sizes[::-1] for o in self.operands if o.sizes is not None]
        complete = len(known) == len(self.operands)
        return any([_match(column, complete) for column in zip_longest(self.result.sizes[::-1], *known)]) or news

    def _spread(self):
        """The axes of the result or of the one operand that is left, once they follow."""
        result, rank = self.result, self.result.least
        known, unknown = self._parted()
        if not unknown:
            return result.spread(rank)
        if len(unknown) == 1 and not any(o.least for o in known):
            return Same(result, unknown[0]).settle()
        if result.sizes is None:
            return False
        if len(unknown) == 1 and all(o.least < rank for o in known):
            return unknown[0].become(result.sizes)
        return any([o.spread(rank) for o in unknown if o.least == rank])

    def _parted(self):
        known, unknown = [], []
        for operand in self.operands:
            (unknown if operand.sizes is None else known).append(operand)
        return known, unknown

    def guess(self):
        """An operand of which nothing is known has the shape of the result, or that of the others together."""
        known, unknown = self._parted()
        if self.result.sizes is not None:
            return any([o.become(self.result.sizes) for o in unknown])
        columns = zip_longest(*(o.sizes[::-1] for o in known))
        sizes = [_longest([s for s in column if s is not None]) for column in columns][::-1]
        return bool(sizes) and any([o.become(sizes) for o in unknown if o.least <= len(sizes)])


def _match(column, complete):
    """One axis of a result and of its operands: those that are not 1 are the same."""
    result, *operands = column
    operands = [s for s in operands if s is not None and s.value != 1]
    if operands or result.value == 1 or not complete:
        return any([result.unify(s) for s in operands])
    return result.unify(Size(1))


def _longest(sizes):
    """Of sizes that match, one that is not 1, if there is one."""
    return max(sizes, key=lambda size: 0.5 if size.value is None else size.value - 1)


class Signatures(Relation):
    """One of several signatures, as `(m,n),(n)->(m)`; the same letter is the same size, and a number is itself.

    Where several are possible, the likely ranks of the operands say which one to take. Where none is, and where all
    that goes in is known, `otherwise` is the relation, a Trial.
    """

    eagerness = 3

    def __init__(self, results, operands, signatures, otherwise):
        self.shapes, self.otherwise = [*operands, *results], otherwise
        self.possible = [_read(signature) for signature in signatures]
        self.applied = False

    def settle(self):
        if self.applied:
            return self.otherwise.settle()
        self.possible = [s for s in self.possible if all(map(_fits, self.shapes, s))]
        if not self.possible or self.otherwise.is_ready:
            return self.otherwise.settle()
        if len(self.possible) == 1:
            return self._apply(self.possible[0])
        ranks = [min(map(len, letters)) for letters in zip(*self.possible, strict=True)]
        return any([shape.exceed(rank) for shape, rank in zip(self.shapes, ranks, strict=True)])

    def _apply(self, signature):
        self.applied, sizes = True, {}
        for shape, letters in zip(self.shapes, signature, strict=True):
            shape.become([sizes.setdefault(a, Size(int(a) if a.isdigit() else None)) for a in letters])
        return True

    def guess(self):
        if not self.possible:
            return self.otherwise.guess()
        if self.applied:
            return False
        self.possible = [min(self.possible, key=lambda s: sum(map(_strangeness, self.shapes, s)))]
        return True


def _read(signature):
    return [tuple(re.findall(r"\w+", part)) for part in re.findall(r"\(([^)]*)\)", signature)]


def _fits(shape, letters):
    return len(letters) >= shape.least if shape.sizes is None else len(letters) == len(shape.sizes)


def _strangeness(shape, letters):
    """How far a signature is from what is likely of an array of which nothing is known."""
    return abs(len(letters) - shape.likely) if shape.sizes is None and shape.likely is not None else 0


class Reduction(Relation):
    """Axes that go, or become 1 under keepdims; all of them where `axis` is None."""

    eagerness = 1

    def __init__(self, result, operand, axis, keepdims):
        self.result, self.operand = self.shapes = result, operand
        self.keepdims = keepdims
        self.axes = axis if axis is None or isinstance(axis, tuple) else (axis,)

    def settle(self):
        operand, result = self.operand, self.result
        if self.axes is None and not self.keepdims:
            return result.become(())
        if operand.sizes is not None:
            return result.become(self._left(operand.sizes))
        if result.sizes is not None:
            return operand.spread(len(result.sizes) + (0 if self.keepdims else len(self.axes)))
        return operand.exceed(max([a + 1 if a >= 0 else -a for a in self.axes or ()], default=0))

    def _left(self, sizes):
        rank = len(sizes)
        if any(not -rank <= a < rank for a in self.axes or ()):
            raise Mismatch(f"{kind(sizes)} has no axis {self.axes[0]}")
        gone = range(rank) if self.axes is None else {a % rank for a in self.axes}
        if self.keepdims:
            return [Size(1) if i in gone else size for i, size in enumerate(sizes)]
        return [size for i, size in enumerate(sizes) if i not in gone]

    def guess(self):
        """There is no sum over a number; what looks like a matrix is one."""
        return self.operand.spread(max(self.operand.least, self.operand.likely or 1))


class Joined(Relation):
    """The axes of one shape before those of another: the number of items before the shape of each in [a, b]."""

    def __init__(self, result, first, second):
        self.result, self.first, self.second = self.shapes = result, first, second

    def settle(self):
        first, second, result = self.first.sizes, self.second.sizes, self.result.sizes
        if None not in (first, second):
            return self.result.become([*first, *second])
        news = self.result.exceed(self.first.least + self.second.least)
        if result is None or first is second is None:
            return news
        cut = len(result) - len(second) if first is None else len(first)
        return any([self.first.become(result[:cut]), self.second.become(result[cut:])])


class Derived(Joined):
    """D(f, x) has the axes of f before those of x, which more often than not is a number."""

    eagerness = 3

    def guess(self):
        return self.second.spread(self.second.least)


class Indexed(Relation):
    """Integers, slices, None and `...` between brackets."""

    eagerness = 4

    def __init__(self, result, operand, keys):
        self.result, self.operand = self.shapes = result, operand
        self.keys = keys
        self.taken = sum(isinstance(k, (int, slice)) for k in keys)
        self.slices = None  # of each (slice, size before, size after), once the axes are known

    def settle(self):
        news = self.operand.exceed(self.taken)
        if self.operand.sizes is None:
            lost = sum(isinstance(k, int) for k in self.keys) - self.keys.count(None)
            return (self.result.sizes is not None and self.operand.spread(len(self.result.sizes) + lost)) or news
        if self.slices is None:
            self.slices, news = [], True
            self.result.become(self._left(list(self.operand.sizes)))
        return any([_cut(*parts) for parts in self.slices]) or news

    def _left(self, sizes):
        """The sizes that are left, each slice noted."""
        keys, left = list(self.keys), []
        place = keys.index(...) if ... in keys else len(keys)
        keys[place : place + 1] = [slice(None)] * (len(sizes) - self.taken)
        for key in keys:
            if key is None:
                left.append(Size(1))
            elif isinstance(key, int):
                sizes.pop(0).reach(key + 1 if key >= 0 else -key)
            else:
                left.append(Size())
                self.slices.append((key, sizes.pop(0), left[-1]))
        return left

    def guess(self):
        return self.operand.spread(self.operand.least)


def _cut(key, size, left):
    """What a slice leaves of an axis; of x[1:] and x[:-1] also how long the axis is."""
    if key == slice(None):
        return left.unify(size)
    if size.value is not None:
        return left.unify(Size(len(range(*key.indices(size.value)))))
    start, stop = key.start or 0, key.stop
    if start < 0 or key.step not in (1, None):
        return False
    if stop is not None and stop >= 0:
        return any([size.exceed(max(start, stop)), left.unify(Size(max(stop - start, 0)))])
    gone = start - (stop or 0)
    return size.unify(Size(left.value + gone)) if left.value is not None else size.exceed(gone + 1)


class Trial(Relation):
    """Any function: what comes out is seen by trying, once all sizes that go in are numbers.

    attempt   attempt(): the shapes of the results
    usual     the sizes that each operand has where nothing is known; the same number is the same size
    """

    eagerness = 1

    def __init__(self, results, operands, attempt, usual):
        self.operands, self.results, self.attempt, self.usual = operands, results, attempt, usual
        self.shapes, self.done = [*operands, *results], False

    @property
    def is_ready(self):
        return not self.done and all(o.numbers is not None for o in self.operands)

    def settle(self):
        if not self.is_ready:
            return False
        self.done = True
        return any([r.become(Shape(s).sizes) for r, s in zip(self.results, self.attempt(), strict=True)])

    def guess(self):
        sizes = {1: Size(1)}
        for operand, usual in zip(self.operands, self.usual, strict=True):
            if operand.sizes is not None and len(operand.sizes) == len(usual):
                sizes |= zip(usual, operand.sizes, strict=True)
        shapes = [[sizes.setdefault(n, Size()) for n in usual] for usual in self.usual]
        spread = [o.sizes is None and o.become(s) for o, s in zip(self.operands, shapes, strict=True)]
        return any(spread) or choose_size(self.operands)
