"""The language of adiff: from text to a tree (`parser`), and what the tree is made of (`syntax`)."""
