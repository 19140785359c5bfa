"""`--scheduler`: files answered by Dask's workers, which may be lost, and what goes wrong on the way to them."""

import contextlib
import gc
import io
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from autodiff_cli.cli import main
from autodiff_cli.commands import scheduler
from autodiff_cli.errors import AdiffError
from autodiff_cli.points import extras
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
    return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.name != ".adiff.json"}


def plainly(target="exp(sin(x))*y"):
    assert adiff("grad", target, "--rows", "data", "-o", "plain/") == (0, "", "")
    return answers("plain")


@contextlib.contextmanager
def begun():
    """A process that answers slow.py by two workers of its own, and has a first answer."""
    words = ["grad", "slow.py:f", "--rows", "data", "-o", "out/", "--scheduler", "local", "--jobs", "2"]
    process = subprocess.Popen([sys.executable, "-m", "autodiff_cli", *words], stderr=subprocess.PIPE,
                               env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True)  # fmt: skip
    with process:
        while process.poll() is None and not list(Path.cwd().glob("out/part.*")):
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
    assert answers().items() < plainly("slow.py:f").items()


def test_the_answers_are_those_of_the_plain_run(address):
    assert grad(address) == (0, "", "")
    assert answers() == plainly()


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
