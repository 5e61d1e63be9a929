"""Examples of the smaller functions, kept in a text that Python's doctest runs."""

import doctest

from tests.data import CASES


def test_each_helper_gives_what_its_examples_say():
    assert doctest.testfile(str(CASES / "helpers.txt"), module_relative=False, encoding="utf-8").failed == 0
