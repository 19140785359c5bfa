"""`--rows` in pipes: live ones, closed ones, full disks, interrupts: what was written is whole rows, none twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
GRADIENT = [sys.executable, "-m", "autodiff_cli", "grad", "x^2", "--rows"]
LONGEST = 60  # seconds after which a process is killed, so that what waits for it goes on


@contextmanager
def started(*words, **options):
    """The command as a process, with pipes."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    with subprocess.Popen([*GRADIENT, *words], env=ENVIRONMENT, **pipes) as process:
        limit = threading.Timer(LONGEST, process.kill)
        limit.start()
        try:
            yield process
        finally:
            limit.cancel()
            process.kill()


def shell(line, folder):
    """A line of bash in which $GRADIENT is the command."""
    line = line.replace("$GRADIENT", " ".join([*GRADIENT[:4], "'x^2'", "--rows"]))
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(["bash", "-c", line], cwd=folder, env=ENVIRONMENT, text=True, start_new_session=True,
                          **pipes) as process:  # fmt: skip
        try:
            out, err = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # also those in its pipes
            raise
    return subprocess.CompletedProcess(line, process.returncode, out, err)


def answers(count):
    return "".join(["x,f,df_dx\n", *(f"{k},{k * k}.0,{2 * k}.0\n" for k in range(count))])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a file of many rows."""
    folder = tmp_path_factory.mktemp("rows")
    (folder / "in.csv").write_text("x\n" + "".join(f"{k}\n" for k in range(60_000)))
    return folder


def test_a_live_pipe_is_answered_row_by_row():
    with started("-") as process:
        for number in ("x", "1", "2"):
            process.stdin.write(f"{number}\n".encode())
            process.stdin.flush()
            if number == "1":
                assert process.stdout.readline() == b"x,f,df_dx\n"
                assert process.stdout.readline() == b"1,1.0,2.0\n"
        assert process.stdout.readline() == b"2,4.0,4.0\n"
        process.stdin.write(b"3")  # half of a row, for more of it may come
        process.stdin.flush()
        time.sleep(0.1)
        process.stdin.write(b"0\n")
        rest, _ = process.communicate()
        assert (rest, process.returncode) == (b"30,900.0,60.0\n", 0)


def test_a_half_written_last_row(folder):
    done = shell("printf 'x,y\\n1,2\\n3' | $GRADIENT -", folder)
    assert (done.stdout, done.returncode) == ("x,y,f,df_dx\n1,2,1.0,2.0\n", 3)
    assert "line 3: it has 1 cell, but there are 2 columns" in done.stderr


def test_a_reader_that_closes_early(folder):
    done = shell("{ echo x; yes 1; } | $GRADIENT - | head -n 3; echo ${PIPESTATUS[1]}", folder)
    assert done.stdout == "x,f,df_dx\n1,1.0,2.0\n1,1.0,2.0\n141\n"
    assert done.stderr == ""


def test_yes_is_no_table(folder):
    done = shell("yes | $GRADIENT - | head -n 3; echo ${PIPESTATUS[1]}", folder)
    assert done.stdout == "2\n"
    assert "standard input has no column x" in done.stderr


def test_a_full_disk(folder):
    for line in ("$GRADIENT in.csv > /dev/full", "$GRADIENT in.csv -f csv -o /dev/full"):
        done = shell(line, folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert "cannot be written: no space left on device" in done.stderr


def test_a_disk_that_becomes_full_keeps_whole_rows(folder):
    done = shell("ulimit -f 100; $GRADIENT in.csv > out.csv", folder)
    assert done.returncode == 2
    written = (folder / "out.csv").read_text()
    assert 90_000 < len(written) <= 102_400
    assert written.endswith("\n")
    assert answers(60_000).startswith(written)


def test_a_file_that_does_not_fit_is_not_there(folder):
    done = shell("ulimit -f 100; $GRADIENT in.csv -o out.csv.part; $GRADIENT in.csv -f csv -o most.csv", folder)
    assert done.returncode == 2
    assert not [path for path in folder.iterdir() if "most" in path.name]


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_leaves_whole_rows(folder, sent, code):
    """Also while the reader of the pipe is slow, and a row is half written."""
    with started("in.csv", cwd=folder) as process:
        start_of_answer = process.stdout.read(10_000)
        time.sleep(0.2)
        process.send_signal(sent)
        written = (start_of_answer + process.stdout.read()).decode()
        assert process.wait() == code
        assert process.stderr.read() == b""
    assert written.endswith("\n")
    assert answers(60_000).startswith(written)
    assert len(written) < 500_000


def test_an_end_that_no_reader_holds_up(folder):
    """Whose pipe is full, and not read."""
    with started("in.csv", cwd=folder) as process:
        process.stdout.read(10_000)
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST / 2) == 143


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_while_nothing_comes(folder, sent, code):
    with started("-", "-o", "late.csv", cwd=folder) as process:
        process.stdin.write(b"x\n1\n")
        process.stdin.flush()
        until = time.monotonic() + LONGEST / 2
        while not list(folder.glob(".late.csv*")) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(sent)
        _, err = process.communicate()
        assert (process.returncode, err) == (code, b"")
    assert not [path for path in folder.iterdir() if "late" in path.name]


def test_pipes_with_names(folder):
    """Blocks are larger than what a pipe holds, and none of them is cut, whether its reader is slow or leaves."""
    line = "mkfifo from to; cat in.csv > from & (sleep 0.3; tail -n 1 to) & $GRADIENT from -f csv -o to; wait"
    assert shell(line, folder).stdout == answers(60_000).splitlines(True)[-1]
    done = shell("head -n 1 to & $GRADIENT in.csv -f csv -o to; echo $?", folder)
    assert (done.stdout, done.stderr) == ("x,f,df_dx\n141\n", "")


def test_two_that_write_one_file(folder):
    done = shell("$GRADIENT in.csv -o both.csv & $GRADIENT in.csv -o both.csv; wait; ls -A | grep both", folder)
    assert (done.stdout, done.stderr) == ("both.csv\n", "")
    assert (folder / "both.csv").read_text() == answers(60_000)


def test_a_file_that_grows(folder):
    """What is there when its end is met is answered, and no row twice."""
    path = folder / "grows.csv"
    path.write_text("x\n" + "".join(f"{k}\n" for k in range(30_000)))
    with path.open("a") as file, started(str(path)) as process:
        for k in range(30_000, 60_000):
            file.write(f"{k}\n")
            if k % 1000 == 0:
                file.flush()
        out, _ = process.communicate()
    assert process.returncode in (0, 3)  # 3 where the last row was half written, and no number
    assert answers(60_000).startswith(out.decode().rpartition("\n")[0].rpartition("\n")[0])
    assert out.count(b"\n") > 30_000


def test_output_that_is_read_again(folder):
    (folder / "loop.csv").write_text("x\n1\n")
    done = shell("$GRADIENT loop.csv >> loop.csv", folder)
    assert done.returncode == 2
    assert "read and written at once" in done.stderr


def test_closed_streams(folder):
    assert "standard input is closed" in shell("$GRADIENT - <&-", folder).stderr
    done = shell("$GRADIENT in.csv >&-", folder)
    assert (done.returncode, done.stderr) == (141, "")
    assert (
        shell("$GRADIENT in.csv --on-error skip 2>&- | tail -n 1", folder).stdout
        == answers(60_000).splitlines(True)[-1]
    )


def test_memory_does_not_grow_with_the_rows(folder):
    """Of a stream of many times the size of a block, under a ceiling of addresses."""

    line = "ulimit -v 700000; { echo x; yes 1.5 | head -n 1500000; } | $GRADIENT - | tail -n 1"
    assert shell(line, folder).stdout == "1.5,2.25,3.0\n"


def test_command_eleven(folder):
    """Of the page that describes the command line."""
    command = f"printf 'x,y\\n1,2\\n3,4\\n' | {sys.executable} -m autodiff_cli grad 'x^2*y' --rows -"
    assert shell(command, folder).stdout == "x,y,f,df_dx,df_dy\n1,2,2.0,4.0,1.0\n3,4,36.0,24.0,9.0\n"


def test_a_bad_row_ends_a_live_pipe_at_once():
    with started("-") as process:
        for number in ("x", *range(6), "NA"):
            process.stdin.write(f"{number}\n".encode())
            process.stdin.flush()
            time.sleep(0.06)
        assert process.wait(LONGEST / 2) == 3  # though the pipe is still open
        assert process.stdout.read().decode() == answers(6)
