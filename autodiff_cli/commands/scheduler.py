"""Files of rows answered by Dask's workers, on this machine or on others, which may come and go.

A large file is handed out in stretches of its rows, whose answers are put together when all are there. A worker that is
lost costs the file or the stretch that it was at: the scheduler hands it to another. What is written has another name
until it is whole, so that it does not matter who else has begun it.
"""

import logging
import sys
import threading
import uuid
import warnings
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial, wraps
from importlib.metadata import version
from pathlib import Path

from .. import __version__
from ..errors import AdiffError
from ..points.extras import extra
from ..points.trouble import BadRow
from ..pyfunction import read
from ..usercode.naming import named
from .cluster import cluster
from .folder import answered, joined

_PATIENCE = 5  # seconds for a scheduler to answer
_ALONE = threading.Lock()  # for functions of Python's, whose surroundings are those of the process


def answers(address, job, parts, folder, *, jobs=None, tell):
    """(part, Totals) of files, or of stretches of large ones, as workers answer them into a Folder.

    address  tcp://HOST:PORT of a scheduler, or `local` for one that lives as long as this
    jobs     how many processes a local one has at most; by default one for each processor
    tell     called with what is worth a note
    Raises AdiffError where a file cannot be answered: no other is begun then, and those that are done stay.
    """
    distributed = extra("distributed", "schedulers", "dask")
    format = job.format or (job.form and job.form.format)
    files = {part: part.split(format, job.header) for part in parts}
    left = {part: folder.missing(found) if job.goes_on else found for part, found in files.items()}
    _tell_of_answered(files, left, tell)
    is_local, mark = address == "local", uuid.uuid4().hex[:12]
    with ExitStack() as stack:
        logging.disable()  # what Dask has to say is said here
        stack.callback(logging.disable, logging.NOTSET)
        stack.callback(folder.sweep, mark)
        if is_local:
            address = stack.enter_context(cluster(distributed, max(1, sum(map(len, left.values()))), jobs))
        client = stack.enter_context(_connected(distributed, address))
        if not is_local:
            _check_workers(client, address, [parts[0].place, str(folder.path)], tell)
        tasks = _Tasks(client, _folded(job, is_local), format, folder, is_local, mark)
        stack.callback(tasks.cancel)
        yield from _answers(distributed, tasks, folder, files, left)


def _tell_of_answered(files, left, tell):
    """Tell which of the stretches of large files are answered, by what was left of a run before."""
    for part, found in files.items():
        count = len(found) - len(left[part])
        if count:
            tell(f"{count} of {len(found)} blocks of {part.place} are answered already")


def _answers(distributed, tasks, folder, files, left):
    """(part, Totals) of what is left of each file, all in stretches put together where none is left."""
    counts = {part: len(some) for part, some in left.items()}
    for part, some in left.items():
        for one in some:
            tasks.answer(one)
        if not some:
            tasks.join(part, files[part])
    done = distributed.as_completed(tasks.parts)
    for future in done:
        part, result = tasks.parts[future], _result(distributed, future, tasks.parts[future])
        if future in tasks.joins:
            folder.tidy(part)
            continue
        yield part, result
        counts[part.whole] -= 1
        if part.stretch is not None and not counts[part.whole]:
            done.add(tasks.join(part.whole, files[part.whole]))


class _Tasks:
    """What a Client has workers do.

    parts  the Partition by the future of its answer, or of what is put together
    joins  futures of the latter
    """

    def __init__(self, client, job, format, folder, is_local, mark):
        self._client, self._format, self._folder, self._mark = client, format, folder, mark
        self._path = partial(_path, is_local=is_local)
        # A result, and not scattered data: those would be lost with the worker that has them.
        self._job = client.submit(_itself, job, pure=False)
        self.parts, self.joins = {}, set()

    def answer(self, part):
        """Have a file or a stretch answered."""
        there = part._replace(place=self._path(part.place))
        self._submit(part, _answered, self._job, there, self._output(part))

    def join(self, part, stretches):
        """Have the answers of all stretches of a file put together: the future."""
        answers = list(map(self._output, stretches))
        future = self._submit(part, _joined, self._format, answers, self._output(part))
        self.joins.add(future)
        return future

    def _output(self, part):
        return self._path(self._folder.output(part))

    def _submit(self, part, function, *details):
        future = self._client.submit(function, *details, self._mark, pure=False)
        self.parts[future] = part
        return future

    def cancel(self):
        """End what is not done."""
        self._client.cancel([self._job, *self.parts])


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


def _saying_why(task):
    """A task that gives the AdiffError it ends by: it is no failure of the worker's, of which Dask would keep a log."""

    @wraps(task)
    def outcome(*details):
        try:
            return task(*details)
        except AdiffError as error:
            if not isinstance(error, BadRow):
                from distributed import get_worker

                error.message += f" (on the worker {get_worker().address})"
            return error

    return outcome


@_saying_why
def _answered(job, part, output, mark):
    """The rows of a Partition answered into a file: the Totals."""
    if part.stretch is not None:
        Path(output).parent.mkdir(exist_ok=True)
    with _ALONE if named(job.target) else nullcontext(), warnings.catch_warnings(action="ignore"):
        return answered(job._replace(target=read(job.target)), part, output, _own(mark))


@_saying_why
def _joined(format, answers, output, mark):
    """The answers of all stretches of a file put together."""
    joined(format, answers, output, _own(mark))


def _own(mark):
    """A mark that no other task has."""
    return f"{mark}-{uuid.uuid4().hex[:12]}-"


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
