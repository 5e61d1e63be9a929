"""What is extreme in one way costs as much more as there is more of it: calls are counted, not seconds."""

import cProfile
import pstats

import pytest
from made_news import LEXICON

from analysis.study.study import run_study
from benchmarks.scale import extreme

SIZES = {"outlets": 15, "long": 15_000, "tiny": 200, "pair": 40}  # a hundredth or less of what the benchmark runs
LINEAR = (
    2.4  # times the further calls, for twice as much more; what grows with the square makes four times as many
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The number of function calls of a run of so many outlets, letters or articles."""

    def calls(kind, n):
        profile = cProfile.Profile()
        profile.runcall(run_study, extreme(kind, n), tmp_path_factory.mktemp(kind), LEXICON)
        return pstats.Stats(profile).total_calls

    calls("tiny", 50)  # reads what is read once a process
    return calls


@pytest.mark.parametrize("kind", SIZES)
def test_work_grows_with_the_input(kind, run):
    one, two, four = (run(kind, n * SIZES[kind]) for n in (1, 2, 4))
    assert one < two < four
    assert four - two < LINEAR * (two - one)
