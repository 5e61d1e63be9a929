"""Lexicons in and out of files: this project's YAML, and the dictionaries of other programs, a file a format."""

from analysis.frames.formats.files import lexicon_losses as lexicon_losses
from analysis.frames.formats.files import load_lexicon as load_lexicon
from analysis.frames.formats.files import read_lexicon as read_lexicon
from analysis.frames.formats.files import write_lexicon as write_lexicon
