"""What holds for all tests."""

import gc


def pytest_collection_finish():
    """Tens of thousands of tests stay where they are: the garbage collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
