"""`adiff check --file`: the checks of a file, one after the other."""

import sys
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from .streams import complain, is_terminal

_PATIENCE = 2  # seconds before progress is told of


def run(question, file, defaults):
    """Answer the checks of a file; their Results.

    question  a Question without a target
    defaults  settings for the checks that do not say them
    """
    from ..check import suite
    from ..check.file import read

    cases = read(file, {name: value for name, value in defaults.items() if value is not None})
    folder = Path(file).absolute().parent  # of standard input, -, the present one
    with _progress(len(cases)) as tell:
        results = suite.run(cases, folder, tell)
    if folder != Path.cwd() and suite.exit_code(results):
        question.notes.append(f"paths are those of {Path(file).parent}: lines to redo a check are for that folder")
    full = question.format == "json"
    report = suite.report(results, file, full=full, all_components=question.params["all_components"])
    question.answer(report, "" if full else f"\n{suite.summary(results)}\n")
    return results


@contextmanager
def _progress(count):
    """Gives a function that tells which check is run: on a terminal, and only if it takes long."""
    start, told = monotonic(), []

    def tell(number, name):
        if is_terminal(sys.stderr) and monotonic() - start > _PATIENCE:
            told.append(name)
            complain(f"\r\x1b[K{number} of {count}: {name[:60]}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if told:
            complain("\r\x1b[K")
