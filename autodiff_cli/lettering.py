"""Names and arrays in LaTeX's mathematics, for amsmath."""

import re

_GREEK = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma varsigma tau upsilon
    phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"""
_AS_LATIN = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo")  # Greek letters for which LaTeX has these
_NAMES = {"LAMDA": "LAMBDA", "FINAL SIGMA": "VARSIGMA"}  # of Unicode, and of LaTeX
_ESCAPES = {"^": r"\^{}", "~": r"\~{}", "\\": r"\textbackslash{}"}
_MOST_COLUMNS = 10  # of amsmath's matrices, unless a document asks for more


def symbol(name, rank=0):
    """A variable: Greek letters by their names, what follows a letter as an index, arrays (of a rank) in bold."""
    letter, index = re.fullmatch(r"(\w+?)_?(\d*)", name).groups()
    head, _, rest = letter.partition("_")
    if rest and (len(head) == 1 or head in _GREEK.split()):
        letter, index = head, f"{rest}{index}"
    base = _sign(letter)
    bold = rf"\mathbf{{{base}}}" if base.isalpha() else rf"\boldsymbol{{{base}}}"
    index = _sign(index) if index.isalpha() else escaped(index)
    return (bold if rank else base) + (f"_{{{index}}}" if index else "")


def brackets(rows):
    """Rows of cells as a matrix in square brackets; one of many columns without the help of amsmath."""
    text = r" \\ ".join(" & ".join(row) for row in rows)
    columns = max(map(len, rows), default=0)
    if columns <= _MOST_COLUMNS:
        return rf"\begin{{bmatrix}} {text} \end{{bmatrix}}"
    return rf"\left[ \begin{{array}}{{*{{{columns}}}{{c}}}} {text} \end{{array}} \right]"


def escaped(text):
    """A text in which nothing means anything."""
    return re.sub(r"[#$%&_{}^~\\]", lambda match: _ESCAPES.get(match[0], f"\\{match[0]}"), text)


def _sign(word):
    """A letter, Greek ones by their names; a word upright. Of other scripts, fonts that have them set the text."""
    spelt = _spelt(word)
    if spelt in _GREEK.split():
        return f"\\{spelt}"
    if len(spelt) == 1 and spelt.isalpha() and spelt.isascii():
        return spelt
    parts = [f"\\{part} " if part in _GREEK.split() else escaped(part) for part in map(_spelt, word)]
    return rf"\mathrm{{{''.join(parts)}}}" if "".join(parts).isascii() else rf"\text{{{escaped(word)}}}"


def _spelt(word):
    """A Greek letter by its name; anything else as it is."""
    if word.isascii() or len(word) > 1:
        return word
    import unicodedata  # rarely needed, and not for nothing

    letter = unicodedata.normalize("NFKC", word).translate(_AS_LATIN)
    script, _, name = unicodedata.name(letter[0], "").rpartition(" LETTER ")
    name = _NAMES.get(name, name)
    return {"GREEK SMALL": name.lower(), "GREEK CAPITAL": name.title()}.get(script, letter)
