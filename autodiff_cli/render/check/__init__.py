"""The report of a check: the same lines in a pipe and, with colours, on a terminal."""
