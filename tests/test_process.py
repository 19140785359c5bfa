"""The program as a process: pipes, signals, terminals, what it imports, and how it ends."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ADIFF = [sys.executable, "-m", "autodiff_cli"]
QUESTION = ["grad", "sum(x*y)", "--x", "1,2,3", "--y", "4,5,6"]


def environment(**more):
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return plain | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"} | more


def run(*words, input=None, **options):
    return subprocess.run([*ADIFF, *words], capture_output=True, input=input, env=environment(), **options)


def shell(line):
    """A line of bash in which $ADIFF is the program."""
    env = environment(ADIFF=f"{sys.executable} -m autodiff_cli")
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=env)


def on_terminal(*words, **more):
    """What the program prints on a terminal of 80 columns, and its exit code."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [*ADIFF, *words], environment(COLUMNS="80", **more))
    chunks = []
    while True:
        ready, _, _ = select.select([terminal], [], [], 20)
        try:
            chunk = os.read(terminal, 4096) if ready else b""
        except OSError:
            chunk = b""
        if not chunk:
            break
        chunks.append(chunk)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return b"".join(chunks).decode().replace("\r\n", "\n"), os.waitstatus_to_exitcode(status)


def test_plain_lines_in_a_pipe():
    done = run(*QUESTION)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"f = 32\ndf/dx = [4, 5, 6]\ndf/dy = [1, 2, 3]\n"


def test_table_on_a_terminal():
    text, code = on_terminal(*QUESTION, NO_COLOR="1")
    assert code == 0
    assert text == (
        "f = 32\n"
        "        at          gradient\n"
        "─────────────────────────────\n"
        "df/dx   [1, 2, 3]   [4, 5, 6]\n"
        "df/dy   [4, 5, 6]   [1, 2, 3]\n"
    )


@pytest.mark.parametrize(
    ("words", "more", "colored"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"TERM": "dumb"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
    ],
)
def test_color_on_a_terminal(words, more, colored):
    text, _ = on_terminal(*QUESTION, *words, **more)
    assert ("\x1b[" in text) == colored


def test_color_in_a_pipe():
    forced = subprocess.run([*ADIFF, "grad", "x*"], capture_output=True, env=environment(FORCE_COLOR="1"))
    assert b"\x1b[1;31m" in forced.stderr
    assert b"\x1b[" not in run("grad", "x*").stderr


def test_reader_that_leaves_early():
    done = shell('(sleep 0.5; $ADIFF value "arange(300000)" --raw; echo $? >&2) | true')
    assert done.stderr == "141\n"
    assert shell('$ADIFF value "arange(9)" --raw | head -c 5').stdout == "0,1,2"


def test_closed_standard_output():
    done = shell('$ADIFF value "1+1" >&-; echo $?')
    assert (done.stdout, done.stderr) == ("141\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_full_disk():
    done = shell('$ADIFF value "1+1" >/dev/full; echo $? >&2')
    assert done.stderr == "error[file]: the answer cannot be written: no space left on device\n2\n"


def test_closed_standard_error():
    assert shell('$ADIFF grad "abs(x)" --x 0 2>&-; echo $?').stdout == "f = 0\ndf/dx = 0\n0\n"
    assert shell('$ADIFF grad "abs(" 2>&-; echo $?').stdout == "2\n"


def test_an_ascii_terminal():
    env = environment(PYTHONIOENCODING="ascii")
    done = subprocess.run([*ADIFF, "grad", "θ^2", "--θ", "3"], capture_output=True, env=env)
    assert (done.returncode, done.stdout) == (0, b"f = 9\ndf/d\\u03b8 = 6\n")


def test_interrupt_ends_quietly():
    process = subprocess.Popen([*ADIFF, "grad", "-", "--x", "1"], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=environment())  # fmt: skip
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert (process.returncode, stderr) == (130, b"")


def test_expression_and_value_from_standard_input():
    assert run("grad", "-", "--x", "3", input=b"x^2\n").stdout == b"f = 9\ndf/dx = 6\n"
    assert run("grad", "sum(x^2)", "--x", "@-", input=b"1,2\n").stdout == b"f = 5\ndf/dx = [2, 4]\n"
    assert run("value", "A", "--A", "@-", "--raw", input=b"1,2\n3,4\n").stdout == b"1,2;3,4\n"


def test_raw_feeds_back():
    once = run("grad", "sum(exp(x))", "--x", "0.1,0.2,0.3", "--raw").stdout.decode().strip()
    again = json.loads(run("value", "x", "--x", once, "--json").stdout)
    direct = json.loads(run("grad", "sum(exp(x))", "--x", "0.1,0.2,0.3", "--json").stdout)
    assert again["value"] == direct["grad"]["x"]


@pytest.mark.parametrize("words", [["value", "x\udcff"], ["value", "x", "--x", "\udcff1"], ["grad", "caf\udce9 + 1"]])
def test_invalid_utf8_on_the_command_line(words):
    done = subprocess.run([*ADIFF, *(os.fsencode(w) for w in words)], capture_output=True, env=environment())
    assert done.returncode == 2
    assert done.stderr.startswith(b"error[")


def test_output_file_chooses_its_format(tmp_path):
    for name, start in {"a.json": '{"schema"', "a.txt": "f = 32", "a.raw": "4,5,6", "a.tex": "\\["}.items():
        done = run(*QUESTION, "-o", str(tmp_path / name))
        assert (done.returncode, done.stdout) == (0, b"")
        assert (tmp_path / name).read_text().startswith(start)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json", "a.raw", "a.tex", "a.txt"]


def test_output_file_that_cannot_be_written(tmp_path):
    done = run(*QUESTION, "-o", str(tmp_path / "no" / "folder.json"))
    assert done.returncode == 2
    assert done.stderr.startswith(b"error[file]")


def imported(*words):
    """The modules that one command has imported when it ends."""
    code = f"""
import contextlib, io, sys
from autodiff_cli.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    main({list(words)!r})
print(*sys.modules)
"""
    return set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment()).stdout.split()
    )


def test_nothing_is_imported_that_is_not_needed():
    run(*QUESTION)  # the tables of the parser are there from now on
    loaded = imported(*QUESTION)
    packages = {name.partition(".")[0] for name in loaded}
    assert not packages & {"rich", "scipy", "lark", "click", "pydantic", "pytest"}
    ours = {"engine.nn", "engine.linalg", "advice", "render.table", "language.complaints", "language.refusals"}
    unneeded = {"numpy.random", "numpy.fft"} | {f"autodiff_cli.{name}" for name in ours}
    assert not loaded & unneeded


def test_help_needs_no_numpy():
    for words in ([], ["--help"], ["--version"], ["grad", "-h"], ["--complete", "grad", "x+y", "--"]):
        assert "numpy" not in imported(*words)


def complete(*words):
    return run("--complete", *words).stdout.decode().splitlines()


def test_completion(tmp_path):
    assert complete("gr") == ["grad "]
    offered = complete("grad", "x*sin(θ) + pi", "--")
    assert offered[:2] == ["--x ", "--θ "]
    assert "--wrt " in offered
    assert complete("grad", "x*y", "--x", "1", "--y")[0] == "--y "
    (tmp_path / "data.npy").touch()
    (tmp_path / "deep").mkdir()
    assert complete("grad", "x", "--x", f"@{tmp_path}/d") == [f"@{tmp_path}/data.npy ", f"@{tmp_path}/deep/"]
    assert "complete" in run("--completion", "bash").stdout.decode()


def test_debug_shows_the_traceback():
    code = "import autodiff_cli.analysis as a, autodiff_cli.cli as c; a.value = None; print(c.main(['value', '1']))"
    for debug, shown in (("", False), ("1", True)):
        env = environment(ADIFF_DEBUG=debug)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
        assert done.stdout == "70\n"
        assert ("Traceback" in done.stderr) == shown
        assert "report" in done.stderr
