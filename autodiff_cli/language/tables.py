"""The tables that drive the parser: compiled from the grammar by Lark once, then kept as plain data.

Lark takes a fifth of a second to load and to compile the grammar, the tables half a millisecond. So a wheel
carries them, a checkout leaves them in the user's cache, and both are used only if they were made from this
very grammar.
"""
# pathlib takes longer to load than the tables take to read
# ruff: noqa: PTH100, PTH103, PTH105, PTH107, PTH111, PTH117, PTH118, PTH120, PTH123

import contextlib
import json
import os
import re
import sys

FORMAT = 1  # of the tables; to be raised with any change of what `build_tables` returns
PARTS = {"key", "pattern", "literals", "ignored", "rules", "states"}
HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGED = os.path.join(HERE, "tables.json")


def load_tables():
    """The tables of the grammar: those shipped, else those cached, else built now and cached."""
    grammar = read_grammar()
    key = fingerprint(grammar)
    cached = cache_file(key)
    tables = stored(PACKAGED, key) or stored(cached, key)
    if tables is None:
        tables = build_tables(grammar)
        store(tables, cached)
    return tables


def read_grammar():
    """The text of adiff.lark: in the package when installed, beside the package in a checkout."""
    package = os.path.dirname(HERE)
    try:
        return read(os.path.join(package, "grammar", "adiff.lark"))
    except OSError:
        return read(os.path.join(os.path.dirname(package), "grammar", "adiff.lark"))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def fingerprint(grammar):
    """What tells the tables of one grammar from those of another; part of a file name, too.

    The remainder by a large prime is as good as any checksum, and needs no import.
    """
    return f"{FORMAT}-{len(grammar)}-{int.from_bytes(grammar.encode()) % (2**61 - 1):x}"


# Storing: a cache is a convenience, so nothing that goes wrong with it may stop an answer.


def cache_file(key):
    """Where this user's tables are kept; None when there is no such place."""
    home = os.path.expanduser("~")
    if os.environ.get("XDG_CACHE_HOME"):
        base = os.environ["XDG_CACHE_HOME"]
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, ".cache")
    # without a home, "~" stays as it is, and would become a folder of that name right here
    return os.path.join(base, "adiff", f"grammar-{key}.json") if os.path.isabs(base) else None


def stored(path, key):
    """The tables in a file, if it is there, whole, and made from this grammar."""
    try:
        tables = json.loads(read(path))
        return tables if tables["key"] == key and tables.keys() >= PARTS else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def store(tables, path):
    """Write the tables in one step, so that a reader beside us finds all or nothing."""
    import tempfile

    if path is None:
        return
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), suffix=".tmp")
    except OSError:
        return
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(tables, file, separators=(",", ":"))
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.remove(temporary)


# Building: what `parser.py` reads, made of what Lark found.


def build_tables(grammar):
    """The grammar as plain data.

    `pattern` is one regular expression for all tokens, `literals` gives the token of a fixed spelling, and
    `ignored` names the tokens without meaning. `states` holds a row for each state: for a symbol, the state to
    go to, or the complement of a rule to reduce by; the start is state 0. A rule is `[symbol, size, kept, action]`:
    what it makes of the last `size` parts, and the method that gets those `kept`. Without an action, there is one
    part, and it stands for itself.
    """
    from lark import Lark
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    compiled = Lark(grammar, parser="lalr", lexer="basic", maybe_placeholders=False)
    data, memo = compiled.memo_serialize([TerminalDef, Rule])
    order = [entry["@"] for entry in data["rules"]]
    pattern, literals = lexer_data(compiled.terminals)
    return {
        "key": fingerprint(grammar),
        "pattern": pattern,
        "literals": literals,
        "ignored": list(compiled.ignore_tokens),
        "rules": [rule_data(memo[entry]) for entry in order],
        "states": state_data(data["parser"]["parser"], {entry: ~place for place, entry in enumerate(order)}),
    }


def state_data(table, reduction):
    """The rows of the automaton.

    Lark numbers the states as its sets happen to be ordered. Numbered as they are met from the start, they are the
    same in every build, and the start is 0.
    """
    names, rows = table["tokens"], table["states"]
    start, end = table["start_states"]["start"], table["end_states"]["start"]
    number, met = {start: 0}, [start]
    for state in met:
        for symbol in sorted(rows[state], key=names.get):
            reduces, target = rows[state][symbol]
            if not reduces and target not in number:
                number[target] = len(met)
                met.append(target)
    states = [row_data(rows[state], names, number, reduction) for state in met]
    states[number[end]]["$END"] = number[end]  # where Lark stops, we take the end of the text as a last token
    return states


def row_data(row, names, number, reduction):
    row = {names[symbol]: reduction[to["@"]] if reduces else number[to] for symbol, (reduces, to) in row.items()}
    return dict(sorted(row.items()))


def rule_data(rule):
    symbol, parts = rule["origin"]["name"], rule["expansion"]
    kept = [place for place, part in enumerate(parts) if not part.get("filter_out")]
    if symbol.startswith("__"):  # what Lark makes of (...)* and (...)+
        action = "collect"
    elif rule["alias"] or not rule["options"]["expand1"] or len(parts) > 1:
        action = rule["alias"] or symbol
    else:
        action = None
    return [symbol, len(parts), kept, action]


def lexer_data(terminals):
    """One regular expression for all terminals, and the terminals that are known by their spelling.

    Compiling the expression is most of what a start of the parser costs, and sets of characters are most of that.
    So what is one character long is left to the last alternative, any character, and looked up.
    """
    literals = {spelling: terminal.name for terminal in terminals for spelling in spellings(terminal.pattern)}
    words = sorted(spelling for spelling in literals if spelling.isalpha())
    symbols = sorted((re.escape(spelling) for spelling in literals if not spelling.isalpha()), key=len, reverse=True)
    shapes = [terminal for terminal in terminals if not spellings(terminal.pattern)]
    alternatives = [
        rf"(?:{'|'.join(words)})\b",
        *(f"(?P<{terminal.name}>{terminal.pattern.to_regexp()})" for terminal in shapes),
        *(symbol for symbol in symbols if len(symbol) > 2),
        "(?s:.)",
    ]
    return "|".join(alternatives), literals


def spellings(pattern):
    """All that a terminal matches, if that can be listed: a fixed text, or a choice of characters."""
    if pattern.type == "str":
        return [pattern.value]
    if pattern.max_width > 1:
        return []
    return [character for character in pattern.value if re.fullmatch(pattern.to_regexp(), character)]
