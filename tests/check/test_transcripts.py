"""Every check in tests/cases/checks prints exactly what its file says, up to what rounding makes of it."""

import re

import pytest

from tests import transcripts

CASES = sorted((transcripts.CASES.parent / "checks").glob("*.txt"))
# How closely AD and differences agree, and the differences' last digits, are the rounding of a machine.
ROUNDING = [
    (r"agree to \d\.\de-1\d", "agree to rounding"),
    (r'"off":\d\.\d+e-1\d', '"off":rounding'),
    (r'("fd":-?\d\.\d{9})\d+', r"\1"),
]


def told(transcript):
    text = transcript.text()
    for found, known in ROUNDING:
        text = re.sub(found, known, text)
    return text


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_check(path):
    expected = transcripts.read(path)
    assert told(transcripts.run(expected.command)) == told(expected)
