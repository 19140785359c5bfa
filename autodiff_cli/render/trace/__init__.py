"""A trace to characters: one module for each format, each with `render(report, style) -> str`."""
