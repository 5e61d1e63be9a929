"""Lexicons in and out of files: this project's YAML, and the dictionaries of other programs, a file a format."""
