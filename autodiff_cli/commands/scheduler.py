"""Files of rows answered by Dask's workers, on this machine or on others, which may come and go.

A worker that is lost costs the file that it was at: the scheduler hands it to another. Each file has another name
until it is whole, so that it does not matter who else has begun it.
"""

import asyncio
import logging
import signal
import sys
import threading
import uuid
import warnings
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, nullcontext
from importlib.metadata import version
from multiprocessing import resource_tracker
from pathlib import Path
from tempfile import TemporaryDirectory

from .. import __version__
from ..errors import AdiffError
from ..points.extras import extra
from ..points.trouble import BadRow
from ..pyfunction import read
from ..usercode.naming import named
from .folder import answered

_PATIENCE = 5  # seconds for a scheduler to answer
_HASTE = 0.2  # seconds for a worker of our own to end by itself
_ALONE = threading.Lock()  # for functions of Python's, whose surroundings are those of the process


def answers(address, job, parts, folder, *, jobs=None, tell):
    """(part, Totals) of files as workers answer them into a Folder.

    address  tcp://HOST:PORT of a scheduler, or `local` for one that lives as long as this
    jobs     how many processes a local one has at most; by default one for each processor
    tell     called with what is worth a note
    Raises AdiffError where a file cannot be answered: no other is begun then, and those that are done stay.
    """
    distributed = extra("distributed", "schedulers", "dask")
    is_local, mark = address == "local", uuid.uuid4().hex[:12]
    with ExitStack() as stack:
        logging.disable()  # what Dask has to say is said here
        stack.callback(logging.disable, logging.NOTSET)
        stack.callback(folder.sweep, mark)
        if is_local:
            address = stack.enter_context(_cluster(distributed, len(parts), jobs))
        client = stack.enter_context(_connected(distributed, address))
        if not is_local:
            _check_workers(client, address, [parts[0].place, str(folder.path)], tell)
        tasks = {part: (_path(part.place, is_local), _path(folder.outputs[part], is_local)) for part in parts}
        yield from _answers(distributed, client, _folded(job, is_local), tasks, mark)


def _answers(distributed, client, job, tasks, mark):
    # A result, and not scattered data: those would be lost with the worker that has them.
    shared = client.submit(_itself, job, pure=False)
    futures = {client.submit(_answered, shared, *paths, mark, pure=False): part for part, paths in tasks.items()}
    try:
        for future in distributed.as_completed(futures):
            yield futures[future], _result(distributed, future, futures[future])
    finally:
        client.cancel([shared, *futures])


def _result(distributed, future, part):
    """The Totals of a task that is done."""
    try:
        result = future.result()
    except distributed.scheduler.KilledWorker as error:
        message = f"{part.place} was given up: {error.allowed_failures + 1} workers died of it"
        raise AdiffError("lost-workers", message, help="have they memory enough?  their logs may tell") from None
    except ImportError:  # on a worker that came later
        raise _strangers() from None
    except CancelledError:
        help = "the same command goes on with the files that are not answered yet"
        raise AdiffError("scheduler", "the connection to the scheduler is lost", help=help) from None
    if isinstance(result, AdiffError):
        raise result
    return result


# --- on a worker


def _itself(thing):
    return thing


def _answered(job, place, output, mark):
    """The rows of one file answered into another: the Totals, or the AdiffError that says why not.

    An error is no failure of the worker's, of which Dask would keep a log.
    """
    try:
        with _ALONE if named(job.target) else nullcontext(), warnings.catch_warnings(action="ignore"):
            return answered(job._replace(target=read(job.target)), place, output, f"{mark}-{uuid.uuid4().hex[:12]}-")
    except AdiffError as error:
        if not isinstance(error, BadRow):
            from distributed import get_worker

            error.message += f" (on the worker {get_worker().address})"
        return error


def _sight(paths):
    """What runs on a worker, and which files or folders are not there."""
    return _versions(), [path for path in paths if not Path(path).exists()]


def _versions():
    python = ".".join(map(str, sys.version_info[:2]))
    return {"adiff": __version__, "Python": python} | {name: version(name) for name in ("numpy", "distributed")}


# --- on the way there


def _folded(job, is_local):
    """A job that can travel: its target as the text that names it."""
    text = job.target.source
    place = named(text)
    if place is not None and place.file and not is_local:
        text = str(place._replace(file=_path(place.file, is_local)))
    return job._replace(target=text, jobs=1)


def _path(path, is_local):
    """A path as workers know it: those of our own run in the same folder."""
    return path if is_local else str(Path(path).absolute())


def _check_workers(client, address, paths, tell):
    """Raise AdiffError unless the workers of a scheduler, as many as there are, can do it."""
    try:
        seen = client.run(_sight, [_path(path, False) for path in paths])
    except (ImportError, AttributeError):
        raise _strangers() from None
    for worker, (versions, unseen) in seen.items():
        if unseen:
            help = "files must lie where all workers see them under the same name"
            raise AdiffError("scheduler", f"the worker {worker} does not see {unseen[0]}", help=help)
        differ = [f"{name} {versions[name]}" for name, here in _versions().items() if versions[name] != here]
        if differ:
            tell(f"the worker {worker} has {', '.join(differ)}, which are other versions than here")
    if not seen:
        tell(f"{address} has no workers yet; adiff waits for one")


def _strangers():
    help = f"pip install 'autodiff-cli[dask]=={__version__}' where they run"
    return AdiffError("scheduler", "workers of the scheduler have no adiff, or another one", help=help)


@contextmanager
def _connected(distributed, address):
    """A Client of a scheduler."""
    try:
        client = distributed.Client(address, timeout=_PATIENCE)
    except (TimeoutError, OSError, ValueError) as error:
        help = "tcp://HOST:PORT of a scheduler that runs, or local"
        message = f"there is no scheduler at {address}: {str(error).splitlines()[0]}"
        raise AdiffError("scheduler", message, help=help) from None
    with client:
        yield client


@contextmanager
def _cluster(distributed, count, jobs):
    """The address of a scheduler of our own for so many files; its workers are processes with one thread."""
    import dask.config
    from dask.system import CPU_COUNT

    count = min(count, jobs or CPU_COUNT)
    with ExitStack() as stack:
        scratch = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
        stack.enter_context(dask.config.set(temporary_directory=scratch))
        stack.enter_context(_silent())
        resource_tracker.ensure_running()  # it would do so below, and let interrupts through again
        with _deaf():
            cluster = distributed.LocalCluster(
                n_workers=count, threads_per_worker=1, processes=True, memory_limit=0, host="127.0.0.1",
                dashboard_address=None, silence_logs=logging.CRITICAL,
            )  # fmt: skip
            stack.enter_context(cluster)
            stack.callback(_end, cluster)
        yield cluster.scheduler_address


def _end(cluster):
    """End the workers, also those that are busy."""

    async def ended():
        ends = (nanny.close(timeout=_HASTE) for nanny in cluster.workers.values())
        await asyncio.gather(*ends, return_exceptions=True)

    with _deaf():
        cluster.sync(ended)


@contextmanager
def _silent():
    """Processes that begin here tell no warnings of Python's: they are for programmers."""
    sys.warnoptions.append("ignore")
    try:
        yield
    finally:
        sys.warnoptions.remove("ignore")


@contextmanager
def _deaf():
    """Interrupts wait for the end of this; threads and processes that begin here never hear of one."""
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(True))  # where another thread is told first
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    if heard:
        raise KeyboardInterrupt
