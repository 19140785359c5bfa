"""Formulas: programs as sums of products, the derivatives of these, and how they are said in the language."""
