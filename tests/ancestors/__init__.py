"""What the documentation of the five libraries before this one shows and promises, replayed in this one's face.

The computations are theirs, and the numbers that their pages print stand here as they are printed; each test says
which page it replays. Where their meaning differs from PyTorch's contract, which holds here, the test says so.
"""
