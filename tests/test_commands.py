"""Every command in tests/cases/commands prints exactly what its file says."""

import pytest

from tests import transcripts


@pytest.mark.parametrize("path", sorted(transcripts.CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_command(path):
    expected = transcripts.read(path)
    found = transcripts.run(expected.command).text()
    assert transcripts.settled(found) == transcripts.settled(expected.text())
