"""A coder trained on coded passages."""
