"""Property tests draw the same examples at every run, and are never judged by the clock; steps use one process.

What is written is not waited for until it is on the disk: no test cuts the power.
"""

import gc
import os
from contextlib import nullcontext
from unittest import mock

import pytest
from hypothesis import settings

from tests import data

os.environ.setdefault("LOKY_MAX_CPU_COUNT", "1")  # the tests themselves take all cores; processes cost them time
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=500)  # HYPOTHESIS_PROFILE=thorough make check
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

os.fsync = lambda _: None

gc.set_threshold(20_000, 20, 20)  # at the usual one, looking for what can go took a sixteenth of all time


def pytest_collection_finish():
    """What was imported and collected stays to the end: it is not looked through again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def undrawn():
    with data.undrawn():
        yield


@pytest.fixture(scope="module")
def studied(tmp_path_factory):
    """Commands of a module work in one folder: what is there intact, ``run_study`` does not do again."""
    folder = tmp_path_factory.mktemp("studied")
    with mock.patch("analysis.study.study.scratch", return_value=nullcontext(folder)):
        yield
