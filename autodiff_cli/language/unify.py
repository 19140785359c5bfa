"""Shapes that are not known yet, and how they come to be known.

A `Shape` learns the number of its axes at once; a `Size`, the length of one axis, may be the same as others long
before it is a number. The relations between shapes (relations.py) are settled until nothing follows any more, and only
then is something guessed.
"""

from itertools import count

_MOST_AXES = 64  # NumPy's own limit
_FIRST_FREE = 3  # small, and neither 1, which broadcasts, nor 2, of which there are many by chance


class Mismatch(Exception):
    """What is known contradicts itself; the message says how."""


class Size:
    """The length of an axis: a number, or None until it is known.

    least    what it is at least
    counted  the highest place, counted from 1 on, that an element is asked for at: likely the last one
    """

    __slots__ = ("_same", "counted", "least", "number")

    def __init__(self, number=None):
        self.number, self.least, self.counted, self._same = number, 0, 0, None

    @property
    def root(self):
        """The one that stands for all that are the same."""
        size = self
        while size._same is not None:
            size = size._same
        return size

    @property
    def value(self):
        return self.root.number

    def unify(self, other):
        """Make two sizes one; whether that was news."""
        a, b = self.root, other.root
        if a is b or (a.number is not None and a.number == b.number):
            return False
        if None not in (a.number, b.number):
            raise Mismatch(f"{a.number} elements meet {b.number}")
        if a.number is not None:
            a, b = b, a
        a._same, b.counted = b, max(a.counted, b.counted)
        b.exceed(a.least)
        return True

    def exceed(self, least):
        """Make sure of a number of elements; whether that was news."""
        root = self.root
        if root.number is not None and root.number < least:
            raise Mismatch(f"there are {root.number} elements, and {least} are needed")
        news, root.least = least > root.least, max(least, root.least)
        return news and root.number is None

    def reach(self, place):
        """Make sure that there is an element at a place, counted from 1 on."""
        self.exceed(place)
        self.root.counted = max(place, self.root.counted)


class Shape:
    """The shape of an array: a tuple of sizes, or None until the number of axes is known.

    least    how many axes it has at least
    likely   how many a variable has in all likelihood, where nothing else tells
    """

    ndim = 2  # for the evaluator, which asks whether transposing does anything: it might

    def __init__(self, sizes=None, likely=None):
        self.sizes, self.least, self.likely = None, 0, likely
        if sizes is not None:
            self.become(list(map(Size, sizes)))

    @property
    def numbers(self):
        """The sizes as numbers; None while some are not known."""
        numbers = None if self.sizes is None else tuple(size.value for size in self.sizes)
        return None if numbers is None or None in numbers else numbers

    def become(self, sizes):
        """Take on these sizes; whether that was news."""
        if self.sizes is None:
            if len(sizes) < self.least:
                raise Mismatch(f"{kind(sizes)} has too few axes")
            self.sizes, self.least = tuple(sizes), len(sizes)
            return True
        if len(sizes) != len(self.sizes):
            raise Mismatch(f"{kind(self.sizes)} meets {kind(sizes)}")
        return any([a.unify(b) for a, b in zip(self.sizes, sizes, strict=True)])

    def exceed(self, least):
        """Make sure of a number of axes; whether that was news."""
        if self.sizes is not None and least > self.least:
            raise Mismatch(f"{kind(self.sizes)} has too few axes")
        if least > _MOST_AXES:
            raise Mismatch("there is no end of axes")
        news, self.least = least > self.least, max(least, self.least)
        return news

    def spread(self, rank):
        """Take on sizes of its own; whether that was news, as it is while nothing is known."""
        return self.sizes is None and self.become([Size() for _ in range(rank)])


def kind(sizes):
    """What an array of so many axes is called."""
    return ("a number", "a vector", "a matrix")[len(sizes)] if len(sizes) < 3 else f"an array of {len(sizes)} axes"


def solve(relations, shapes, level=None):
    """Find all shapes: by what follows, then by guesses; axes that stay free get lengths of their own.

    relations   pairs (node, Relation), in the order of the expression
    shapes      the Shapes that are wanted: those of the variables
    level       min or max: of the lengths that others have axes that stay free get this one
    Raises Mismatch, with the node as its second argument.
    """
    levels = {}
    for pair in sorted(relations, key=lambda pair: -pair[1].eagerness):
        levels.setdefault(pair[1].eagerness, []).append(pair)
    around = {}
    for pair in relations:
        for shape in pair[1].shapes:
            around.setdefault(shape, []).append(pair)
    _settle(relations, around)
    while any(_guess(some, around) for some in levels.values()) or _leave_numbers(shapes) or choose_size(shapes, level):
        while _settle(relations, around):
            pass


def _settle(relations, around):
    """Let relations tell, and those around each shape of which they told something new; whether any did.

    A size that becomes a number is not such news, though it may lie in many shapes: all are asked again for that.
    """
    waiting, news = dict.fromkeys(relations), False
    while waiting:
        node, relation = pair = next(iter(waiting))
        del waiting[pair]
        before = [(shape.sizes, shape.least) for shape in relation.shapes]
        news |= _tell(node, relation.settle)
        for shape, known in zip(relation.shapes, before, strict=True):
            if (shape.sizes, shape.least) != known:
                waiting |= dict.fromkeys(around[shape])
    return news


def _guess(level, around):
    """Let the relations of one level guess, each after what follows from the guesses before; whether any did."""
    news = False
    for node, relation in (*level, *reversed(level)):
        while _tell(node, relation.guess):
            news = True
            _settle([pair for shape in relation.shapes for pair in around[shape]], around)
    return news


def _tell(node, find):
    """What a relation finds; a contradiction is at its node."""
    try:
        return find()
    except Mismatch as mismatch:
        raise Mismatch(str(mismatch), node) from None


def _leave_numbers(shapes):
    """What nothing is known of is a number."""
    return any([shape.spread(shape.least) for shape in shapes])


def choose_size(shapes, level=None):
    """A length for one axis that may have any: up to the last element asked for, or a number that no other axis has;
    or the one that others have on a `level`.

    The last axis of a matrix comes first, so that it has more rows than columns, as data has: A' @ A can be inverted.
    """
    sizes = [size.root for shape in shapes for size in reversed(shape.sizes)]
    free = next((size for size in sizes if size.number is None), None)
    if free is None:
        return False
    taken = {size.number for size in sizes}
    taken.discard(None)
    fresh = level(taken or {_FIRST_FREE}) if level else next(n for n in count(_FIRST_FREE) if n not in taken)
    fresh = max(fresh, free.least)
    return free.unify(Size(free.counted if free.counted > 1 else fresh))
