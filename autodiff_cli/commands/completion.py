"""Completion for shells: options, `--x` for the free variables of the expression or the parameters of the function,
files after `@`, functions after `FILE.py:`. Nobody's code is run for this.

The shell calls `adiff --complete WORDS...` with what is on the line, the last word being completed, and
gets one candidate a line. NumPy is not imported for this.
"""

from pathlib import Path

from ..errors import AdiffError
from . import COMMANDS

SCRIPTS = {
    "bash": """\
_adiff() { mapfile -t COMPREPLY < <(adiff --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); }
complete -o nospace -F _adiff adiff
""",
    "zsh": """\
#compdef adiff
_adiff() { compadd -U -S '' -- ${(f)"$(adiff --complete "${(@)words[2,CURRENT]}" 2>/dev/null)"} }
compdef _adiff adiff
""",
    "fish": """\
complete -c adiff -f -a '(adiff --complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
""",
}


def script(shell):
    """What a shell's start file evaluates: `eval "$(adiff --completion bash)"`."""
    if shell not in SCRIPTS:
        raise AdiffError("usage", f"--completion is for {', '.join(SCRIPTS)}", help='eval "$(adiff --completion bash)"')
    return SCRIPTS[shell]


def complete(words, options):
    """The candidates for the last word, one a line. `options` gives the option names of a command."""
    words, before = _rejoined(words)
    last = words[-1] if words else ""
    if len(words) < 2:
        candidates = [f"{name} " for name in COMMANDS]
    elif ".py:" in last:
        candidates = _functions(last)
    elif "@" in last:
        candidates = _files(last)
    elif last.startswith("-") and words[0] in COMMANDS:
        candidates = [f"{name} " for name in [*_variables(words[1:-1]), *options(words[0])]]
    else:
        files = [name.removeprefix("@").replace(".py ", ".py:") for name in _files(f"@{last}")]
        candidates = [name for name in files if name.endswith(("/", ".py:"))]
    return "".join(f"{c.removeprefix(before)}\n" for c in candidates if c.startswith(last))


def _rejoined(words):
    """The words as they were typed, and what of the last one is not replaced: bash makes `a.py:f` three words."""
    joined, before = [], ""
    for word in words:
        if joined and (word.strip(":") == "" or joined[-1].endswith(":")) and word:
            before = joined[-1] if word.strip(":") else joined[-1] + word
            joined[-1] += word
        else:
            before = ""
            joined.append(word)
    return joined, before


def _variables(words):
    """`--x` for each parameter, or free variable, of the first word that has any, unless it is bound."""
    for word in words:
        names = [] if word.startswith("-") else [f"--{name}" for name in _arguments(word.strip("\"'"))]
        if names:
            return [name for name in names if name not in words]
    return []


def _arguments(word):
    from ..language.parser import parse
    from ..language.syntax import free_names
    from ..usercode.naming import named

    place = named(word)
    if place is not None:
        found = _offered(place.file).get(place.name)
        return found.names if found else ()
    try:
        return [name.name for name in free_names(parse(word))]
    except AdiffError:
        return ()


def _functions(word):
    """`model.py:lo` as `model.py:loss`."""
    file, colons, _ = word.rpartition(":")
    return [f"{file}{colons}{name} " for name in _offered(file.rstrip(":"))]


def _offered(file):
    """The Parameters of the functions of a file; none where there is no such file."""
    from ..usercode.naming import functions

    try:
        return functions(Path(file or "").read_bytes())
    except (OSError, ValueError):
        return {}


def _files(word):
    """`--A @da` as `--A @data.npy`; folders end in a slash."""
    head, _, start = word.rpartition("@")
    folder, _, name = start.rpartition("/")
    try:
        entries = sorted(Path(folder or ("/" if start.startswith("/") else ".")).iterdir())
    except OSError:
        return []
    prefix = f"{head}@{folder + '/' if folder or start.startswith('/') else ''}"
    return [f"{prefix}{e.name}{'/' if e.is_dir() else ' '}" for e in entries if e.name.startswith(name) and
            (name.startswith(".") or not e.name.startswith("."))]  # fmt: skip
