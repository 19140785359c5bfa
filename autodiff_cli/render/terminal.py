"""What Rich draws, as text."""

from rich.console import Console


def drawn(style, *parts):
    """The parts one below the other, without blanks at the ends of lines."""
    console = Console(width=style.width, force_terminal=style.color, color_system="standard" if style.color else None,
                      markup=False, highlight=False, emoji=False, legacy_windows=False)  # fmt: skip
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return "\n".join(line.rstrip() for line in capture.get().rstrip("\n").split("\n")) + "\n"
