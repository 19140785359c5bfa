"""`adiff check`: is a derivative that was found by hand right?"""

from time import perf_counter

import typer

from ..errors import AdiffError
from ..render import OF_CHECKS
from . import checks, claims, options
from .help import first_example
from .question import Question
from .streams import write_file

EXAMPLES = """\
  adiff check "x @ A @ x" --against "2*A@x" --wrt x --x 1,2,3 --A "1,2,0;0,3,1;4,0,1"
  adiff check "sum(x*y^2)" --against x=y^2 --against y=2*x*y
  adiff check model.py:loss --against model.py:loss_grad --x @x.npy
  adiff check --file checks.toml --junit report.xml
  adiff check "x^2*y" --against x=2*x*y --rows points.csv > verdicts.csv
"""


@options.shared_but("raw", "numeric", "strict", rows=True)
def check(
    context: typer.Context,
    target: options.MaybeTarget = None,
    against: options.Against = None,
    wrt: options.Wrt = None,
    of: options.Of = "grad",
    rtol: options.Rtol = None,
    atol: options.Atol = None,
    random: options.Random = None,
    here_only: options.HereOnly = False,
    all_components: options.AllComponents = False,
    seed: options.CheckSeed = 0,
    format: options.CheckFormat = None,
    output: options.CheckOutput = None,
    file: options.CheckFile = None,
    junit: options.Junit = None,
):
    """a derivative that was found by hand, compared with the true one at several points"""
    drawn = random if random is not None else 3 if context.params["rows"] is None else 0
    settings = {"rtol": rtol, "atol": atol, "random": 0 if here_only else drawn, "seed": seed}
    question = Question(context, target, OF_CHECKS)
    if context.params["rows"] is not None:
        from .rowchecks import answer

        words = _words(question, target, against or [], context.obj)
        return answer(question, against or [], {"of": of, "words": words, **settings})
    if file is None:
        results = [_single(question, target, against or [], context.obj, {"of": of, **settings})]
    elif target is None and not (context.obj or against or wrt):
        results = checks.run(question, file, settings)
    else:
        raise AdiffError("usage", "--file has the targets, claims and values", help="leave out those on the line")
    from ..check import junit as xml
    from ..check import suite

    if junit is not None:
        write_file(junit, xml.text(results, file or "adiff check"))
    return suite.exit_code(results)


def _single(question, target, typed, values, settings):
    """Answer the one check that is on the line; its Result."""
    from ..check.question import question as checked
    from ..check.suite import Result

    words = _words(question, target, typed, values)
    claimed, wrt = claims.read(typed, question), question.settings["wrt"]
    start = perf_counter()
    outcome = checked(question.expression, claimed, question.point, wrt=wrt, shapes=question.shapes, words=words,
                      **settings).run()  # fmt: skip
    report = outcome.report(full=question.format == "json", all_components=question.params["all_components"])
    question.answer(report)
    return Result(target, perf_counter() - start, outcome)


def _words(question, target, typed, values):
    """What was typed, that it can be repeated."""
    if target is None:
        raise AdiffError("usage", "adiff check needs an expression", help=first_example("check"))
    params = question.params
    return {"target": target, "against": typed, "values": values, "wrt": params["wrt"], "taken": tuple(params)}
