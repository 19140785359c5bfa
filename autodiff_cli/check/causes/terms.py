"""A term of the derivative, as adiff prints it, that the claim lacks, has twice, or has with the wrong sign."""

from ...errors import AdiffError
from ...export.symbolic.spelling import spelled
from ...export.symbolic.trees import binary, transposed
from ...expression import Expression
from ...language.syntax import Binary, Unary
from .case import part
from .texts import quoted, script_text, tree_of

_MOST = 12  # terms of a product that is multiplied out
_WRONG = (
    (1, "the term {} is missing"),
    (-1, "the term {} is counted twice"),
    (2, "the sign of the term {} is wrong"),
)


def find(case):
    """The first term that explains everything."""
    tree = case.truth and tree_of(case.truth)
    terms = [] if tree is None else _terms(tree)
    if len(terms) < 2:
        return None
    for times, words in _WRONG:
        for sign, term in terms:
            if _explains(case, sign * times, term):
                return case.cause("sign" if times == 2 else "term", words.format("-" * (sign < 0) + quoted(term)),
                                  _formula(case, sign * times, term))  # fmt: skip
    return None


def _explains(case, times, term):
    """Whether the claim lacks so many times a term."""
    expression = Expression(spelled(term))
    try:
        return case.holds(lambda k: case.yours[k] + times * expression.value(part(case.points[k], expression)))
    except AdiffError:
        return False


def _formula(case, times, term):
    if case.claim is None:
        return None
    script = case.claim.script
    mended = script_text(script._replace(result=binary("+" if times > 0 else "-", script.result, term)))
    return case.simplest(mended if abs(times) == 1 else None)


def _terms(tree):
    """The terms of a sum with their signs, those of products of sums multiplied out."""
    if type(tree) is Unary and tree.op == "-":
        return [(-sign, term) for sign, term in _terms(tree.operand)]
    if type(tree) is Unary and tree.op == "'":
        return [(sign, transposed(term)) for sign, term in _terms(tree.operand)]
    if type(tree) is not Binary or tree.op not in "+-*@/":
        return [(1, tree)]
    left, right = _terms(tree.left), _terms(tree.right) if tree.op != "/" else [(1, tree.right)]
    if tree.op in "+-":
        return left + [(sign if tree.op == "+" else -sign, term) for sign, term in right]
    if len(left) * len(right) > _MOST:
        return [(1, tree)]
    return [(a * b, binary(tree.op, over, under)) for a, over in left for b, under in right]
