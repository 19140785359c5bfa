"""`--scheduler`: files answered by Dask's workers, which may be lost, and what goes wrong on the way to them."""

import contextlib
import gc
import gzip
import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from autodiff_cli.cli import main
from autodiff_cli.commands import scheduler
from autodiff_cli.errors import AdiffError
from autodiff_cli.points import extras, stretches
from autodiff_cli.points.partitions import Partition

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")

ROOT = Path(__file__).parent.parent
NAMES = [f"part.{number}.csv" for number in range(1, 9)]
SLOW = """
import time
import numpy as np

def f(x, y):
    time.sleep(0.01)
    return np.exp(np.sin(x)) * y
"""


@pytest.fixture(scope="module")
def address():
    """The address of a scheduler with two workers, all of them threads of this process."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1",
                                  dashboard_address=None) as cluster:  # fmt: skip
        yield cluster.scheduler_address


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    for number, name in enumerate(NAMES, 1):
        (tmp_path / "data" / name).write_text("x,y\n" + "".join(f"{k}.5,{number}\n" for k in range(15)))
    (tmp_path / "slow.py").write_text(SLOW)
    return tmp_path


def adiff(*words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(words))
    return code, out.getvalue(), err.getvalue()


def grad(address, *words, target="exp(sin(x))*y", output="out/"):
    return adiff("grad", target, "--rows", "data", "-o", output, "--scheduler", address, *words)


def answers(folder="out"):
    """All files of a folder, hidden ones too, but for the note."""
    files = {str(path.relative_to(folder)): path for path in Path(folder).rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name != ".adiff.json"}


def plainly(target="exp(sin(x))*y"):
    assert adiff("grad", target, "--rows", "data", "-o", "plain/") == (0, "", "")
    return answers("plain")


@contextlib.contextmanager
def begun():
    """A process that answers slow.py by two workers of its own, the first file in stretches, and has an answer."""
    Path("data", NAMES[0]).write_text("x,y\n" + "".join(f"{k}.5,2\n" for k in range(40)))
    code = "from autodiff_cli import cli; from autodiff_cli.points import stretches; stretches.SIZE = 100; cli.run()"
    words = ["grad", "slow.py:f", "--rows", "data", "-o", "out/", "--scheduler", "local", "--jobs", "2"]
    process = subprocess.Popen([sys.executable, "-c", code, *words], stderr=subprocess.PIPE,
                               env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True)  # fmt: skip
    with process:
        while process.poll() is None and not list(Path.cwd().glob("out/**/[p0-9]*")):
            time.sleep(0.01)
        assert process.poll() is None, process.stderr.read()
        yield process


def workers(process):
    children = psutil.Process(process.pid).children()
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


def test_a_lost_worker_costs_nothing_but_time():
    with begun() as process:
        first, second = workers(process)
        assert not set(NAMES) <= answers().keys()
        first.kill()
        assert (process.wait(60), process.stderr.read()) == (0, b"")
    assert not first.is_running() and not second.is_running()
    assert answers() == plainly("slow.py:f")


def test_an_interrupt_leaves_whole_files_and_no_process():
    with begun() as process:
        left = workers(process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        assert (process.wait(60), process.stderr.read()) == (130, b"")
    psutil.wait_procs(left, 10)
    assert not any(worker.is_running() for worker in left)
    whole = plainly("slow.py:f")
    left = [name for name in answers() if name not in whole]
    assert all(re.fullmatch(r"\.part\.1\.csv\.blocks/\d+-\d+", name) for name in left)
    assert {name: data for name, data in answers().items() if name not in left}.items() < whole.items()
    assert adiff("grad", "slow.py:f", "--rows", "data", "-o", "out/", "-q") == (0, "", "")
    assert answers() == whole


def test_the_answers_are_those_of_the_plain_run(address):
    assert grad(address) == (0, "", "")
    assert answers() == plainly()


def test_verdicts_of_all_workers_are_one(address):
    words = "check", "x^2*y", "--against", "x=2*x*y + (y > 6)", "--rows", "data"
    code, _, err = adiff(*words, "-o", "out/", "--scheduler", address)
    err = err.replace(f"{Path.cwd()}/", "")  # workers may be in another folder
    assert (code, err) == (1, adiff(*words)[2])
    assert err.startswith("FAIL  90 of 120 rows pass, 30 fail; the first that fails is data/part.7.csv, line 2: df/dx")


def test_a_later_run_goes_on(address):
    assert grad(address) == (0, "", "")
    whole = answers()
    for name in NAMES[::2]:
        Path("out", name).unlink()
    for name in NAMES[1::2]:
        Path("out", name).write_text("kept\n")
    note = "note: 4 of 8 files are answered already, and left as they are\nhelp: --overwrite answers them again\n"
    assert grad(address) == (0, "", note)
    assert answers() == whole | dict.fromkeys(NAMES[1::2], b"kept\n")
    assert grad("tcp://127.0.0.1:9")[2].startswith("note: 8 of 8 files")  # for which nobody is needed


def test_a_bad_row_ends_the_run(address, folder):
    (folder / "data" / NAMES[3]).write_text("x,y\n1,2\n3,oops\n")
    code, _, err = grad(address)
    assert code == 3
    assert err.startswith(f"error[bad-row]: {folder}/data/{NAMES[3]}, line 3, column y: oops is not a number\n")
    assert NAMES[3] not in answers()
    assert set(answers()) <= set(NAMES)


def test_odd_rows_are_counted_over_all_files(address, folder):
    (folder / "data" / NAMES[3]).write_text("x,y\n1,2\n3,oops\n")
    (folder / "data" / NAMES[5]).write_text("x,y\n1,oops\n1,nan\n")
    code, _, err = grad(address, "--on-error", "skip")
    assert code == 0
    assert f"2 of 94 rows were left out; the first is {folder}/data/{NAMES[3]}, line 3, column y" in err
    assert f"the results of 1 of 94 rows are not finite; the first is {folder}/data/{NAMES[5]}, line 3" in err


def test_a_file_that_differs_is_named(address, folder):
    (folder / "data" / NAMES[7]).write_text("x,z\n1,2\n")
    code, _, err = grad(address)
    assert code == 2
    assert f"error[files-differ]: the columns of {folder}/data/{NAMES[7]} are not those of data/{NAMES[0]}" in err
    assert "(on the worker tcp://127.0.0.1" in err


def test_functions_are_read_where_workers_are(address, folder):
    (folder / "model.py").write_text("def f(x, y):\n    return [][1] if y == 5 else x * y\n")
    code, _, err = grad(address, target="model.py:f")
    assert code == 3
    assert f"error[bad-row]: {folder}/data/{NAMES[4]}, line 2: model.py:2: IndexError: list index out" in err
    assert grad(address, "--on-error", "null", "-q", target="model.py:f") == (0, "", "")
    assert adiff("grad", "model.py:f", "--rows", "data", "-o", "plain/", "--on-error", "null", "-q")[0] == 0
    assert answers() == answers("plain")


def test_constants_travel(address):
    words = ["value", "sum(A@[x, y])", "--A", "1,2;3,4", "--rows", "data", "-q"]
    assert adiff(*words, "-o", "out/", "--scheduler", address) == (0, "", "")
    assert adiff(*words, "-o", "plain/") == (0, "", "")
    assert answers() == answers("plain")


@pytest.mark.parametrize("typed", ["tcp://127.0.0.1:9", "tcp://127.0.0.1", "nonsense", "http://127.0.0.1:9"])
def test_nobody_is_there(typed, monkeypatch):
    monkeypatch.setattr(scheduler, "_PATIENCE", 0.2)
    code, out, err = grad(typed)
    assert (code, out) == (2, "")
    assert err.startswith(f"error[scheduler]: there is no scheduler at {typed}")
    assert err.count("\n") == 2
    gc.collect()  # a client that found nobody must not end while another begins: Dask would wait for ever


def test_dask_is_not_installed(monkeypatch):
    monkeypatch.setattr(extras, "optional", lambda name: None)
    code, _, err = grad("local")
    assert code == 2
    assert err == (
        "error[extra]: schedulers need the package distributed, which is not installed\n"
        "help: pip install 'autodiff-cli[dask]'\n"
    )


def test_workers_that_do_not_see_the_files(address, monkeypatch, folder):
    versions = scheduler._versions()
    monkeypatch.setattr(scheduler, "_sight", lambda paths: (versions, paths[1:]))
    code, _, err = grad(address)
    assert code == 2
    assert f"does not see {folder}/out\nhelp: files must lie where all workers see them" in err


def test_workers_with_other_versions_are_told_of(address, monkeypatch):
    versions = scheduler._versions() | {"numpy": "1.0"}
    monkeypatch.setattr(scheduler, "_sight", lambda paths: (versions, []))
    code, _, err = grad(address)
    assert code == 0
    assert "has numpy 1.0, which are other versions than here" in err
    assert len(answers()) == len(NAMES)


class Failed:
    """A task that has ended so."""

    def __init__(self, error):
        self.error = error

    def result(self):
        raise self.error


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (CancelledError("scheduler-connection-lost"), "the connection to the scheduler is lost"),
        (distributed.scheduler.KilledWorker("task", None, 3), "data/1.csv was given up: 4 workers died of it"),
        (ModuleNotFoundError("No module named 'autodiff_cli'"), "workers of the scheduler have no adiff"),
    ],
)
def test_what_becomes_of_a_task(error, message):
    with pytest.raises(AdiffError, match=message):
        scheduler._result(distributed, Failed(error), Partition("data/1.csv", "1.csv"))


# --- large files, in stretches


@pytest.fixture
def large(folder, monkeypatch):
    """The folder of one table of 40 rows, which counts as large."""
    monkeypatch.setattr(stretches, "SIZE", 100)
    for path in (folder / "data").iterdir():
        path.unlink()
    rows = "".join(f"{k}.5,{k % 7},n{k}\n" for k in range(40))
    (folder / "data" / "big.csv").write_text(f"x,y,name\n{rows}")
    return folder / "data"


@pytest.fixture
def begun_at(monkeypatch):
    """The stretches that are answered, each by the number of its first row; none fails before another is answered."""
    found, answered, is_one_there = [], scheduler.answered, threading.Event()

    def noted(job, part, output, mark):
        found.append(part.stretch and part.stretch.number)
        try:
            totals = answered(job, part, output, mark)
        except AdiffError:
            assert is_one_there.wait(20)
            raise
        is_one_there.set()
        return totals

    monkeypatch.setattr(scheduler, "answered", noted)
    return found


def converted(large, name):
    """The table in another file, alone in its folder."""
    table = pytest.importorskip("polars").read_csv(large / "big.csv", null_values="NA")
    (large / "big.csv").unlink()
    write = {"jsonl": table.write_ndjson, "parquet": table.write_parquet, "arrow": table.write_ipc}
    write[name.partition(".")[2]](large / name)


def same(name):
    """Whether a file has the same answers as those of the plain run; groups of rows are others in Parquet."""
    if not name.endswith(".parquet"):
        return answers("out") == answers("plain")
    frames = [pytest.importorskip("polars").read_parquet(f"{folder}/{name}") for folder in ("out", "plain")]
    return frames[0].equals(frames[1])


@pytest.mark.parametrize("name", ["big.csv", "big.jsonl", "big.parquet", "big.arrow"])
def test_a_large_file_is_many_tasks_and_one_answer(address, large, begun_at, name):
    if name != "big.csv":
        converted(large, name)
    assert grad(address, "--wrt", "x", target="x^2*y") == (0, "", "")
    assert len(begun_at) > 3 and None not in begun_at
    assert adiff("grad", "x^2*y", "--rows", "data", "-o", "plain/", "--wrt", "x") == (0, "", "")
    assert answers("out").keys() == {name}  # nothing is left of the stretches
    assert same(name)


def test_text_may_begin_and_end_as_it_likes(address, large, begun_at):
    rows = "\r\n".join(f"{k}.5,{k % 7}" for k in range(60))
    (large / "big.csv").write_bytes(f"\ufeff\r\nx,y\r\n{rows}\r\n\r\n7,NA".encode())
    (large / "more.csv").write_bytes(f"\ufeffx,y\r\n{rows}".encode())
    words = ["--on-error", "null"]
    code, _, err = grad(address, *words, target="x^2*y")
    assert (code, len(begun_at) > 7) == (0, True)
    plain = adiff("grad", "x^2*y", "--rows", "data", "-o", "plain/", *words)[2]
    assert err.replace(f"{Path.cwd()}/", "") == plain
    assert "1 of 121 rows have no results; the first is data/big.csv, line 64, column y: NA stands" in plain
    assert answers("out") == answers("plain")


def test_files_without_names_have_stretches_too(address, large, begun_at):
    (large / "big.csv").write_text("".join(f"{k}.5,{k % 7}\n" for k in range(60)))
    assert grad(address, "--header", "x,y", target="x^2*y") == (0, "", "")
    assert adiff("grad", "x^2*y", "--rows", "data", "-o", "plain/", "--header", "x,y") == (0, "", "")
    assert len(begun_at) > 3
    assert answers("out") == answers("plain")


def test_what_is_not_put_together_again_is_one_task(address, large, begun_at):
    text = (large / "big.csv").read_bytes()
    (large / "packed.csv").write_bytes(gzip.compress(text * 9, 0))
    (large / "quoted.csv").write_bytes(text + b'1,2,"a\nb"\n')
    (large / "unpacked.csv.gz").write_bytes(text)
    assert grad(address, "--on-error", "skip", "-q") == (0, "", "")
    assert begun_at.count(None) == 2 < len(begun_at) / 2
    assert adiff("grad", "exp(sin(x))*y", "--rows", "data", "-o", "plain/", "--on-error", "skip", "-q") == (0, "", "")
    assert answers("out") == answers("plain")
    begun_at.clear()
    for format in ("npy", "npz", "parquet"):  # types of columns of text are known at its end
        assert grad(address, "-f", format, "--on-error", "skip", "-q", output=f"{format}/") == (0, "", "")
    assert set(begun_at) == {None}


@pytest.mark.parametrize("name", ["big.jsonl", "big.parquet", "big.arrow"])
def test_a_later_run_goes_on_within_a_file(address, large, begun_at, name):
    (large / "big.csv").write_text((large / "big.csv").read_text().replace("22.5,1", "22.5,NA"))
    converted(large, name)
    code, _, err = grad(address)
    assert code == 3
    where = "line" if name == "big.jsonl" else "row"
    assert re.match(f"error\\[bad-row\\]: .*data/{name}, {where} 23, column y: ", err)
    left = answers("out")
    assert left and all(piece.startswith(f".{name}.blocks/") for piece in left)
    count = len(begun_at)
    begun_at.clear()
    code, _, err = grad(address, "--on-error", "null")
    assert code == 0
    told = re.match(rf"note: (\d+) of (\d+) blocks of data/{re.escape(name)} are answered already\n", err)
    there, total = map(int, told.groups())
    assert there >= len(left)  # a worker may have been at one when the run ended
    assert (there + len(begun_at), len(begun_at) < count) == (total, True)
    assert adiff("grad", "exp(sin(x))*y", "--rows", "data", "-o", "plain/", "-q", "--on-error", "null") == (0, "", "")
    assert answers("out").keys() == {name}
    assert same(name)


@pytest.mark.parametrize("words", [[], ["--overwrite"]])
def test_blocks_of_another_run_may_be_of_no_use(address, large, begun_at, words):
    table = large / "big.csv"
    table.write_text(table.read_text().replace("39.5,4", "39.5,NA"))
    assert grad(address)[0] == 3
    assert answers()
    begun_at.clear()
    if not words:
        table.write_text(table.read_text().replace("NA", "1"))
    assert grad(address, "--on-error", "null", "-q", *words) == (0, "", "")
    assert sorted(begun_at) == [one.number for one in stretches.of_lines(table, table.stat().st_size, False)]
    assert adiff("grad", "exp(sin(x))*y", "--rows", "data", "-o", "plain/", "--on-error", "null", "-q")[0] == 0
    assert answers() == answers("plain")
