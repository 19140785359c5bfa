"""The user's Python: how its functions are named, loaded, and shown where they fail."""
