"""A corpus of any size, worked through in parts of complete articles."""
