"""The command line: assembles the commands; the one place that catches and exits."""

import os
import sys

from . import __version__
from .commands import COMMANDS
from .commands.streams import complain, say, use_color
from .errors import BAD_INPUT, BUG, INTERRUPTED, PIPE_CLOSED, AdiffError, Ended, nearest, shortened

_HELP = ("-h", "--help", "help")


def run():
    """The program `adiff`: answers, flushes, and leaves with the exit code."""
    import gc
    import signal
    import warnings

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # which nohup changes
            signal.signal(number, _end)
    gc.disable()  # nothing that one answer makes is worth collecting, least of all modules being imported
    warnings.simplefilter("ignore")  # those of libraries are for programmers; ours are remarks of the answer
    if sys.stdout is not None:
        sys.stdout.reconfigure(errors="backslashreplace")  # an ASCII terminal must not make an error of an answer
    code = main(sys.argv[1:])
    # Ending here skips the teardown of NumPy, a fifth of the whole run.
    os._exit(_flushed(code))


def _end(number, frame):
    raise Ended(number)


def main(words):
    """Answer one command line; the exit code."""
    try:
        return _dispatch(words)
    except AdiffError as error:
        _show_error(error, words)
        return error.exit_code
    except Ended as end:
        return end.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return PIPE_CLOSED
    except (OSError, MemoryError) as error:
        return _show_limit(error)
    except Exception as error:
        return _show_bug(error)


def _dispatch(words):
    """Do what the first word says; the exit code."""
    if words[1:] and words[0] in _HELP:
        words = [words[1], "--help"]
    if not words or words[0] in _HELP:
        from .commands.help import page

        say(page())
    elif words[0] in ("-V", "--version"):
        say(f"adiff {__version__}\n")
    elif words[0] == "--completion":
        from .commands.completion import script

        say(script(words[1] if len(words) > 1 else ""))
    elif words[0] == "--complete":
        from .commands.completion import complete

        say(complete(words[1:], lambda name: [o for p in _typer_command(name).params for o in p.opts if o[:2] == "--"]))
    elif words[0] in COMMANDS:
        return _command(words[0], words[1:])
    else:
        raise _unknown(words[0])
    return 0


def _command(name, words):
    """Typer's command, called on what `split` leaves for it; the exit code."""
    from .commands.bindings import split

    command = _typer_command(name)
    if any(word in ("-h", "--help") for word in words):
        from .commands.help import command_page

        say(command_page(name, command))
        return 0
    import typer

    takes_value = {option: not p.is_flag for p in command.params for option in p.opts if option.startswith("-")}
    line = split(words, takes_value)
    arguments = [p for p in command.params if not p.opts[0].startswith("-")]
    if not sum(a.required for a in arguments) <= len(line.positional) <= len(arguments):
        raise _wrong_targets(name, line.positional, takes_value)
    try:
        # Not command.main(), which would end the process on Ctrl-C and on a closed pipe in its own way.
        with command.make_context(name, [*line.options, "--", *line.positional], obj=line.bindings) as context:
            return command.invoke(context) or 0
    except typer.TyperException as error:
        message = error.format_message().rstrip(".")
        help = f"adiff {name} -h shows the options"
        raise AdiffError("usage", message[:1].lower() + message[1:], help=help) from None


def _typer_command(name):
    from importlib import import_module

    import typer

    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name)(getattr(import_module(f".commands.{name}", __package__), name))
    return typer.main.get_command(app)


def _wrong_targets(name, positional, options):
    if not positional:
        from .commands.help import first_example

        return AdiffError("usage", f"adiff {name} needs an expression", help=first_example(name))
    first = " and ".join(map(shortened, positional[:3]))
    message = f"adiff {name} takes one, but there are {len(positional)}: {first}"
    help = "put the expression in quotes, and values after --NAME"
    if any(map(os.path.isfile, positional[1:])):
        help = "put a pattern of files in quotes: --rows 'data/*.csv'"
    glued = [word for word in positional if word[:2] in options]
    if glued:
        help = f"short options stand apart: {glued[0][:2]} {shortened(glued[0][2:])}"
    return AdiffError("usage", message, help=help)


def _unknown(word):
    """An error for a word that is no command."""
    close = nearest(word, COMMANDS)
    if word.startswith("-"):
        help = "the command comes first: adiff grad ..."
    elif close:
        help = f"did you mean adiff {close[0]}?"
    elif any(c in word for c in "()+*^ "):
        help = f'for its gradient: adiff grad "{shortened(word)}"'
    else:
        help = f"commands are {', '.join(COMMANDS)}"
    return AdiffError("unknown-command", f"there is no command called {shortened(word)}", help=help)


def _show_error(error, words):
    from .render.diagnostic import draw

    if "--json" in words or _option(words, "--format", "-f", "--to") == "json":
        from .render.json import dumps, error_record

        return complain(dumps(error_record(error)) + "\n")
    when = _option(words, "--color")
    color = use_color(when if when in ("always", "never") else "auto", sys.stderr)
    return complain(draw("error", error, error.source, color=color))


def _option(words, *names):
    """An option's value as it stands on the line: an error can come before Typer has read it."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else following
    return None


def _show_limit(error):
    """The machine has no room for the answer: its memory or the disk is full."""
    if isinstance(error, MemoryError):
        complain("error[too-large]: this needs more memory than there is\n")
    else:
        complain(f"error[file]: the answer cannot be written: {(error.strerror or str(error)).lower()}\n")
    return BAD_INPUT


def _show_bug(error):
    if os.environ.get("ADIFF_DEBUG"):
        import traceback

        complain("".join(traceback.format_exception(error)))
    summary = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    complain(
        f"error[bug]: adiff failed: {summary}\n"
        "help: this is a mistake in adiff; please report it with the command line (ADIFF_DEBUG=1 shows more)\n"
    )
    return BUG


def _flushed(code):
    """The exit code after all output is out; that of a closed pipe where it cannot be."""
    if sys.stdout is None:
        return code or PIPE_CLOSED
    try:
        sys.stdout.flush()
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        return PIPE_CLOSED
    return code
