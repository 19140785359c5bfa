"""Who may import whom: a file imports only from floors below its own, and packages only where they belong."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent / "autodiff_cli"

# A file is found by its own name first, then by its folder's. Files of one folder may share a floor: they may
# then import each other, but never around in a circle.
FLOORS = {
    "__init__": 0,  # imports nothing until a name is asked for
    "errors": 0,
    "lettering": 0,
    "engine/__init__": 1,
    "engine/rules": 1,
    "engine/program": 2,
    "engine/recording": 2,
    "engine/tensor": 3,
    "engine/forms": 1,
    "engine/guard": 2,
    "engine/creation": 3,
    "engine/keys": 3,
    "engine/modes": 3,
    "engine/mutation": 3,
    "engine/operators": 4,
    "engine/rulebook": 4,
    "engine/rulebook/__init__": 5,
    "engine/batchbook": 5,
    "engine/batchproducts": 5,
    "engine/batch": 6,
    "engine/straight": 5,
    "engine/folds": 5,
    "engine/ufuncs": 5,
    "engine/methods": 5,
    "engine/differentiate": 6,
    "engine/spectral": 6,
    "engine/spectral_rows": 6,
    "engine/simplify": 6,
    "engine/compiled": 7,
    "engine/blocks": 1,
    "engine/cheaper": 8,
    "engine/registers": 1,
    "engine/plan": 8,
    "engine/steps": 8,
    "engine/mkl": 1,
    "engine/uniform": 6,
    "engine/spread": 10,
    "engine/monomials": 7,
    "engine/binding": 8,
    "engine/run": 9,
    "engine/directions": 7,
    "engine/forward": 7,
    "engine/jacobian": 8,
    "engine/taylor": 8,
    "engine/derivatives": 9,
    "engine/slopes": 9,
    "engine/decisions": 6,
    "engine/imperative": 9,
    "engine/transforms": 10,
    "engine/calls": 11,
    "engine/function": 12,
    "engine/functional": 13,
    "engine/vmap": 11,
    "engine/differences": 1,
    "engine/gradcheck": 11,
    "engine/trouble": 7,
    "engine/nn": 7,
    "engine/losses": 8,
    "engine/convolution": 8,
    "engine/layers": 8,
    "engine/initializers": 10,
    "engine/storage": 10,
    "nn": 11,
    "engine/linalg": 7,
    "export": 11,
    "export/symbolic": 11,
    "export/formula": 13,
    "export/latex": 13,
    "export/loading": 13,
    "export/__init__": 12,
    "language/__init__": 1,
    "language/syntax": 1,
    "language/values": 1,
    "language/tables": 1,
    "language/functions": 1,
    "language/about": 1,
    "language": 2,  # the parser
    "language/mismatches": 11,
    "language/arguments": 11,
    "language/evaluate": 12,
    "language/unify": 1,
    "language/relations": 1,
    "language/shapes": 13,
    "advice": 13,
    "asked": 13,
    "curvature": 13,
    "recorded": 13,
    "report": 13,
    "kept": 14,
    "doubtful": 14,
    "kinked": 14,
    "programs": 14,
    "branches": 14,
    "runner": 15,
    "compilation": 16,
    "remarks": 14,
    "points/__init__": 0,
    "points": 14,
    "points/job": 16,
    "target": 14,
    "expression": 14,
    "usercode": 1,
    "usercode/knowing_scipy": 8,
    "usercode/knowing": 9,
    "usercode/state": 9,
    "usercode/loading": 10,
    "pyfunction": 15,
    "pytest_plugin": 20,
    "tracing": 14,
    "tensors": 14,
    "analysis": 15,
    "explaining": 16,
    "symbols": 15,
    "assumptions": 16,
    "formulas": 17,
    "exporting": 17,
    "check/__init__": -1,  # which __init__ imports
    "check/evidence": 17,
    "check/causes": 18,
    "check": 19,
    "render/__init__": 16,
    "render/numbers": 15,
    "render": 16,
    "render/check": 17,
    "render/check/__init__": 16,
    "render/trace/__init__": 16,
    "render/trace": 17,
    "commands/__init__": 17,
    "commands/options": 18,
    "commands/streams": 17,
    "commands/verbose": 18,
    "commands/bindings": 17,
    "commands/seeds": 18,
    "commands/rows": 17,
    "commands/folder": 17,
    "commands/partitions": 17,
    "commands/scheduler": 17,
    "commands/cluster": 17,
    "commands/question": 18,
    "commands": 20,
    "cli": 21,
    "__main__": 22,
}
# Packages from outside, and the only places that may import them.
PACKAGES = {
    "numpy": (
        "engine/",
        "export/",
        "language/",
        "advice",
        "asked",
        "curvature",
        "kept",
        "recorded",
        "remarks",
        "compilation",
        "doubtful",
        "kinked",
        "programs",
        "branches",
        "runner",
        "expression",
        "usercode/knowing",
        "usercode/knowing_scipy",
        "usercode/state",
        "pyfunction",
        "tracing",
        "explaining",
        "analysis",
        "assumptions",
        "symbols",
        "formulas",
        "exporting",
        "render/",
        "points/",
        "check/",
    ),
    "lark": ("language/tables",),
    "rich": ("render/",),
    "pytest": ("pytest_plugin",),
    "typer": ("commands/", "cli"),
    "distributed": ("commands/scheduler",),
    "dask": ("commands/cluster",),
    "mpmath": ("check/digits",),
    "scipy": ("engine/",),
}
NUMPY_FREE = ("language/syntax", "language/parser", "language/tables", "language/functions",
              "language/about", "usercode/naming", "commands/")  # fmt: skip


def modules():
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT).with_suffix("").as_posix(), path


def floor(name):
    """The floor of a module: its own, or that of its folder."""
    folder = name.rpartition("/")[0]
    return FLOORS[name] if name in FLOORS else FLOORS[folder]


def imports(name, path):
    """(module, imported from outside?) for every import of a file, relative ones resolved to paths."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], True) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.partition(".")[0], True
        elif isinstance(node, ast.ImportFrom):
            base = Path(name).parents[node.level - 1] / (node.module or "").replace(".", "/")
            for alias in node.names:
                below = base / alias.name
                is_module = (ROOT / below).with_suffix(".py").exists() or (ROOT / below / "__init__.py").exists()
                target = below if is_module else base
                if (ROOT / target).is_dir():
                    target = target / "__init__"
                yield target.as_posix(), False


def test_every_file_has_a_floor():
    assert [name for name, _ in modules() if floor(name) is None] == []


def test_imports_go_down():
    upward = [
        f"{name} ({floor(name)}) imports {target} ({floor(target)})"
        for name, path in modules()
        for target, outside in imports(name, path)
        if not outside and not may_import(name, target)
    ]
    assert upward == []


def may_import(name, target):
    """A floor below, or a neighbour in the same folder."""
    neighbours = Path(name).parent == Path(target).parent and floor(name) == floor(target)
    return floor(target) < floor(name) or neighbours


def test_no_circles():
    below = {name: {t for t, outside in imports(name, path) if not outside and t != name} for name, path in modules()}
    while below:
        free = [name for name, targets in below.items() if not targets & below.keys()]
        assert free, f"these import each other in a circle: {sorted(below)}"
        for name in free:
            del below[name]


def test_packages_stay_in_their_rooms():
    strangers = [
        f"{name} imports {target}"
        for name, path in modules()
        for target, outside in imports(name, path)
        if outside and target in PACKAGES and not name.startswith(PACKAGES[target])
    ]
    assert strangers == []


def test_what_completion_needs_is_free_of_numpy():
    found = [n for n, path in modules() if n.startswith(NUMPY_FREE) and ("numpy", True) in imports(n, path)]
    assert found == []
