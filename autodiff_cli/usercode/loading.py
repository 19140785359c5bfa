"""A function of the user's, loaded: from a file as `python FILE` would run it, or from a module that is imported.

While the user's code runs, the folder of the file (for a module, the present one) is the first place where modules are
looked for; afterwards it is not. A file is read anew where it has changed, and leaves no __pycache__ of its own.
"""

import sys
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from ..errors import AdiffError, nearest
from .failures import is_own, user_error
from .knowing import teach
from .naming import functions

_MOST_NAMES = 6  # functions of a file that are listed in a sentence

_loaded = {}  # by path: (the text, the module) of a file


def load(place):
    """What a Place names, which may be anything at all.

    Raises AdiffError (file, import) where there is no such file, module or name, and UserError where the code fails.
    """
    if not place.name:
        help = _offered(place, _text(place.file)) or f"add its name: {place.file}:NAME"
        raise AdiffError("import", f"which function of {place.file}?", help=help)
    found = module = _from_file(place) if place.file else _imported(place)
    for part in place.name.split("."):
        if not hasattr(found, part):
            raise _missing(place, module, found, part)
        found = getattr(found, part)
    return found


@contextmanager
def surroundings(folder):
    """Where the user's code runs: its neighbours can be imported, and what it prints goes to standard error."""
    sys.path.insert(0, str(folder))
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        if str(folder) in sys.path:
            sys.path.remove(str(folder))


def folder_of(place):
    """The folder in which the neighbours of a Place are."""
    return Path(place.file).absolute().parent if place.file else Path.cwd()


def _from_file(place):
    import linecache
    from types import ModuleType

    path, text = Path(place.file).absolute(), _text(place.file)
    if path in _loaded and _loaded[path][0] == text:
        return _loaded[path][1]
    module = ModuleType(_free_name(path.stem))
    module.__file__ = str(path)
    linecache.checkcache(module.__file__)  # whose lines are shown where it fails
    with _importing(place):
        sys.modules[module.__name__] = module  # where dataclasses and pickles look for it
        exec(compile(text, str(path), "exec", dont_inherit=True), vars(module))
    _loaded[path] = text, module
    return module


def _text(file):
    """The bytes of a file, which may say how they are encoded."""
    path = Path(file)
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise AdiffError("file", f"{file} cannot be read: {reason}", help=_similar(path)) from None


def _similar(path):
    try:
        close = nearest(path.name, [p.name for p in path.parent.iterdir() if p.suffix == ".py" and p.name != path.name])
    except (OSError, ValueError):
        return ""
    return f"did you mean {path.with_name(close[0])}?" if close else ""


def _free_name(stem):
    """The file's own name, unless it is that of another module: random.py must not become everybody's random."""
    taken = stem in sys.modules or stem in sys.stdlib_module_names
    return f"_{stem}_of_the_user" if taken or not stem else stem


def _imported(place):
    from importlib import import_module

    with _importing(place):
        try:
            return import_module(place.module)
        except ModuleNotFoundError as error:
            if not f"{place.module}.".startswith(f"{error.name}."):
                raise
            help = "modules are looked for in the present folder, and where Python has its packages"
            missing = AdiffError("import", f"there is no module {error.name}", help=help)
    raise missing


@contextmanager
def _importing(place):
    """Run a module's code: it has no arguments, its NumPy knows Tensors, and what goes wrong there is the user's."""
    folder, known, arguments = folder_of(place), dict(sys.modules), sys.argv
    sys.argv = [place.home]
    try:
        with surroundings(folder):
            yield
    except (Exception, SystemExit) as error:
        raise user_error(error, folder, f"while {place.home} is imported") from error
    finally:
        sys.argv = arguments
    for module in [found for name, found in sys.modules.items() if found is not known.get(name)]:
        if is_own(getattr(module, "__file__", None) or "<none>", str(folder)):
            teach(vars(module))


def _missing(place, module, found, part):
    """The error for a name that a module, or what was found in it, has not."""
    if found is not module:
        kind = place.name.partition(f".{part}")[0]
        names = [name for name in dir(found) if not name.startswith("_")]
        close = [f"did you mean {place.home}:{kind}.{name}?" for name in nearest(part, names)[:1]]
        return AdiffError("import", f"{kind} of {place.home} has no {part}", help="".join(close))
    file = getattr(module, "__file__", None)
    help = _offered(place, Path(file).read_bytes()) if file and file.endswith(".py") else ""
    return AdiffError("import", f"{place.home} has no function {part}", help=help)


def _offered(place, text):
    """What else could be asked for: the nearest name, and the others."""
    written = {name: f"{name}({found.text})" for name, found in functions(text).items()}
    close = nearest(place.name, written)[:1]
    others = [text for name, text in written.items() if name not in close]
    shown = ", ".join(others[:_MOST_NAMES]) + (f" and {len(others) - _MOST_NAMES} more" * (len(others) > _MOST_NAMES))
    meant = [f"did you mean {place.home}:{written[name]}?" for name in close]
    return "  ".join([*meant, *([f"{'also' if meant else 'functions'} there: {shown}"] if others else [])])
