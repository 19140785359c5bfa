"""The fixture `adiff_check`, in a pytest of its own."""

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "gradient_checks"


def run(folder):
    """What pytest says of a folder, with the plugin, as it is where adiff was installed."""
    installed = entry_points(group="pytest11", name="adiff")
    plugin = [] if installed else ["-p", "autodiff_cli.pytest_plugin"]
    plain = ["-p", "no:cacheprovider", "-p", "no:xdist", "-q", "--rootdir", ".", "-c", "/dev/null"]
    command = [sys.executable, "-m", "pytest", *plugin, *plain, "."]
    env = {"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env)


def test_the_example_passes():
    done = run(EXAMPLE)
    assert "2 passed" in done.stdout
    assert done.returncode == 0


def test_the_report_is_the_message(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "def test_wrong(adiff_check):\n    adiff_check('sum(x^3)', 'x^2', x=[1.0, 2.0])\n"
        "def test_kink(adiff_check):\n    adiff_check('abs(x)', 'sign(x)', x=0.0)\n"
        "def test_right(adiff_check):\n    assert adiff_check('sum(x^3)', '3*x^2', x=[1.0]).verdict == 'pass'\n"
    )
    done = run(tmp_path)
    assert "2 failed, 1 passed" in done.stdout
    assert "E       FAIL  df/dx: 2 of 2 components differ" in done.stdout
    assert "E       likely  a factor 3 is missing" in done.stdout
    assert "E       INCONCLUSIVE  df/dx: there is a kink" in done.stdout
    assert "pytest_plugin.py" not in done.stdout


def test_the_plugin_imports_no_numpy():
    code = "import sys, autodiff_cli.pytest_plugin; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
