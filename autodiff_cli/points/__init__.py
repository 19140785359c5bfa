"""Rows of points, read and written: one file for each kind of format, and what they share."""

# The module of each format.
FORMATS = {"csv": "table", "tsv": "table", "jsonl": "jsonl", "npy": "arrays", "npz": "arrays",
           "parquet": "frames", "arrow": "frames"}  # fmt: skip
