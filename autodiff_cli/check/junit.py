"""Results of checks for CI servers: JUnit's XML, as Jenkins, GitLab and others read it."""

import re
from xml.etree import ElementTree

from .findings import FAIL, PASS
from .suite import ERROR

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # characters that no XML can have


def text(results, source):
    """The document: a test case for each Result, with the whole report where it did not pass.

    source  the file that the checks are from
    """
    failures, errors = _count(results, FAIL), len(results) - _count(results, FAIL) - _count(results, PASS)
    total = {"tests": len(results), "failures": failures, "errors": errors, "time": _seconds(results)}
    root = ElementTree.Element("testsuites", _attributes(total))
    suite = ElementTree.SubElement(root, "testsuite", _attributes({"name": source, **total}))
    for result in results:
        _case(suite, result, source)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(suite, result, source):
    named = {"classname": source, "name": result.name, "time": _seconds([result])}
    case = ElementTree.SubElement(suite, "testcase", _attributes(named))
    if result.verdict == PASS:
        return
    kind = "failure" if result.verdict == FAIL else "error"
    code, said = (
        (result.error.code, _told(result.error)) if result.verdict == ERROR else (result.verdict, str(result.outcome))
    )
    about = {"type": code, "message": said.partition("\n")[0]}
    ElementTree.SubElement(case, kind, _attributes(about)).text = _allowed(said)


def _told(error):
    return f"error[{error.code}]: {error.message}" + (f"\nhelp: {error.help}" if error.help else "")


def _count(results, verdict):
    return sum(result.verdict == verdict for result in results)


def _seconds(results):
    return f"{sum(result.seconds for result in results):.3f}"


def _attributes(values):
    return {name: _allowed(str(value)) for name, value in values.items()}


def _allowed(text):
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
