"""Completion for shells: options, `--x` for the free variables of the expression, files after `@`.

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
    last = words[-1] if words else ""
    if len(words) < 2:
        candidates = [f"{name} " for name in COMMANDS]
    elif "@" in last:
        candidates = _files(last)
    elif last.startswith("-") and words[0] in COMMANDS:
        candidates = [f"{name} " for name in [*_variables(words[1:-1]), *options(words[0])]]
    else:
        candidates = []
    return "".join(f"{c}\n" for c in candidates if c.startswith(last))


def _variables(words):
    """`--x` for each free variable of the first word that is an expression with any, unless it is bound."""
    from ..language.parser import parse
    from ..language.syntax import free_names

    for word in words:
        try:
            names = [f"--{name.name}" for name in free_names(parse(word.strip("\"'")))]
        except AdiffError:
            continue
        if names and not word.startswith("-"):
            return [name for name in names if name not in words]
    return []


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
