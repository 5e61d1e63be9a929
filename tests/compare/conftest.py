import pytest
from claims import LEXICON, two_outlets

from analysis.frames.formats.read_yaml import parsed


@pytest.fixture
def lexicon():
    return parsed(LEXICON, "small.yaml")


@pytest.fixture
def articles():
    return two_outlets()
