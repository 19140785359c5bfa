"""What folders tell of the files in them: those called year=2024 hold rows whose year is 2024."""

import re
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import unquote

from .files import FRAMES, format_of

KEY = re.compile(r"([^=]+)=(.+)")
_NOTHING = "__HIVE_DEFAULT_PARTITION__"
_NUMBERS = {int: re.compile(r"[+-]?\d{1,18}"), float: re.compile(r"[+-]?\d+\.?\d*(?:[eE][+-]?\d+)?")}


class Key(NamedTuple):
    """A column that has the same value in all rows of a file.

    value  None where there is none
    kind   int, float or str, as it is in all files
    """

    name: str
    value: object
    kind: type


def told(names):
    """Tuples of Keys by the names of files, as paths: of those whose rows are columns, and not text."""
    texts = {name: _texts(name) for name in names if format_of(name) in FRAMES}
    kinds = {key: _kind([found[key] for found in texts.values() if key in found]) for key in _all(texts)}
    return {name: tuple(_key(key, text, kinds[key]) for key, text in found.items()) for name, found in texts.items()}


def _texts(name):
    """The values of keys as a path spells them."""
    matches = filter(None, map(KEY.fullmatch, PurePath(name).parent.parts))
    return {unquote(match[1]): unquote(match[2]) for match in matches}


def _all(texts):
    return {key for found in texts.values() for key in found}


def _kind(texts):
    """What all values of a key are."""
    for kind, form in _NUMBERS.items():
        if all(text == _NOTHING or form.fullmatch(text) for text in texts):
            return kind
    return str


def _key(name, text, kind):
    return Key(name, None if text == _NOTHING else kind(text), kind)
