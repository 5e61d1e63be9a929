"""Lexicons in and out of files: this project's YAML, and dictionaries of other programs, one file per format."""
