import subprocess
import sys
import time
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
import reference
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from test_against_reference import LEXICON, SHORT_PATTERN, WORDS, lexicon_of

import analysis as an
from analysis.frames.check import COLUMNS
from analysis.frames.conditions import Negation
from analysis.frames.formats.read_yaml import parsed
from analysis.frames.lexicon import Entry
from tests.data import cases, framing

CASES = cases("lexicon_problems", as_text=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_problems(case):
    found = an.check_lexicon(parsed(yaml.safe_dump(case["lexicon"], sort_keys=False), "case.yaml"))
    assert list(found) == COLUMNS
    assert found.to_numpy().tolist() == case["problems"]


def plain_entry(patterns):
    bare = {"frame": "x", "only": {}, "unless": {}, "negated": "", "hedged": "", "yields": ""}
    return st.fixed_dictionaries({key: st.just(value) for key, value in bare.items()} | {"patterns": patterns})


# Few words and no conditions: patterns that go before each other.
CROWDED = st.tuples(
    LEXICON,
    st.lists(
        plain_entry(st.lists(SHORT_PATTERN, min_size=1, max_size=2, unique_by=reference.written)),
        min_size=3,
        max_size=5,
    ),
).map(lambda both: {**both[0], "entries": both[1]})


@settings(deadline=None, max_examples=15)
@given(st.one_of(LEXICON, CROWDED), st.lists(WORDS, min_size=1, max_size=4))
def test_what_never_counts_can_go(plain, texts):
    """Without the patterns that are told, the same words count for the same entries."""
    # A gap may hold a negator and a word may be one, so of two patterns for one place only one may be denied.
    lexicon = replace(lexicon_of(plain), negation=Negation(), hedging=Negation())
    table = pd.DataFrame({"doc_id": [str(at) for at in range(len(texts))], "text": list(map(" ".join, texts))})
    told = set(zip(*an.check_lexicon(lexicon)[["frame", "entry", "pattern"]].to_numpy().T, strict=True))
    kept = [
        replace(
            entry,
            match=tuple(pattern for pattern in entry.match if (entry.frame, entry.name, pattern) not in told),
        )
        for entry in lexicon.entries
    ]
    less = an.find_frames(table, replace(lexicon, entries=tuple(kept)))
    pd.testing.assert_frame_equal(less, an.find_frames(table, lexicon))


LEXICON_TEXT = (
    "name: mine\nlists: {l: [x]}\nframes: {near: [all*, {name: n, match: [ally, tie*]}, bond], far: [rival]}"
)


def test_what_finds_nothing_in_articles():
    lexicon = parsed(
        "unless: {over: [bond of]}\nframes: {near: [all*, {name: n, match: [ally, tie*]}, bond], far: [rival]}",
        "l",
    )
    articles = pd.DataFrame({"doc_id": ["a"], "text": ["An ally. A bond of love."]})
    assert an.check_lexicon(lexicon, articles).to_numpy().tolist() == [
        ["near", "n", "ally", "shadowed", "all*"],
        ["near", "n", "tie*", "does not occur in the passages", ""],
        ["near", "bond", "bond", "occurs, but a condition or a longer match takes each hit away", ""],
        ["far", "rival", "rival", "does not occur in the passages", ""],
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("The accord of Abyssinia.", "occurs, but no passage is about Egypt and Ethiopia"),
        ("The accord of Abyssinia. Egypt met Ethiopia.", "occurs, but in no passage about Egypt and Ethiopia"),
        ("Egypt met Ethiopia.", "does not occur in the passages"),
    ],
)
def test_a_pattern_that_no_passage_about_the_pair_holds(text, problem):
    lexicon = parsed("about: {Egypt: [egypt*], Ethiopia: [ethiopia*]}\nframes: {peace: [accord]}", "l")
    articles = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    passages = an.passages(articles, about=None, unit="sentence")
    told = an.check_lexicon(lexicon, passages)
    assert told.loc[told["pattern"] == "accord", "problem"].tolist() == [problem]


def test_a_pattern_beside_one_that_is_found_is_only_told_if_it_occurs_nowhere():
    entry = "{name: e, match: [accord, treaty, pact]}"
    lexicon = parsed(f"about: {{Egypt: [egypt*], Ethiopia: [ethiopia*]}}\nframes: {{peace: [{entry}]}}", "l")
    articles = pd.DataFrame({"doc_id": ["a"], "text": ["A treaty. Egypt and Ethiopia met for an accord."]})
    told = an.check_lexicon(lexicon, an.passages(articles, about=None, unit="sentence"))
    assert told[["pattern", "problem"]].to_numpy().tolist() == [["pact", "does not occur in the passages"]]


run = partial(framing, "lexicon")


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(LEXICON_TEXT, "utf-8")
    return path


def test_check_prints_a_line_a_problem_and_exits_with_1(mine):
    done = run("check", mine)
    assert (done.exit_code, done.stdout) == (
        1,
        "near / n / ally: shadowed by all*\n@l: list never used\nmine: entries 4, problems 2.\n",
    )


def test_check_looks_into_articles(mine, tmp_path):
    path = tmp_path / "articles.csv"
    pd.DataFrame({"outlet": "BBC", "text": ["Allies tie bonds. Rival."]}).to_csv(path, index=False)
    done = run("check", mine, "--on", path)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[2:] == [
        "near / bond: does not occur in the passages",
        "mine: entries 4, problems 3.",
    ]


def test_check_sets_articles_in_another_language_aside(mine, tmp_path):
    path = tmp_path / "articles.csv"
    english = "Allies tie bonds, and the rival came to the table with what he had to say about all of it."
    german = "Der Minister sprach am Montag mit seinem Kollegen über die Lage, und beide wollen sich treffen."
    pd.DataFrame({"outlet": ["BBC", "DW"], "text": [english, german]}).to_csv(path, index=False)
    done = run("check", mine, "--on", path)
    assert done.stderr.endswith(
        "framing: 1 article in German was set aside: the lexicon mine is written for English.\n"
    )
    assert done.stdout.splitlines()[-1] == "mine: entries 4, problems 3."


def test_check_of_a_sound_lexicon(tmp_path):
    path = tmp_path / "sound.yaml"
    path.write_text("frames: {near: [ally]}", "utf-8")
    done = run("check", path)
    assert (done.exit_code, done.stdout) == (0, "sound: entries 1, problems 0.\n")
    assert done.stderr.startswith(
        "framing: The lexicon has no words for negation (negation: words: [no, not, …]),"
    )
    path.write_text("negation: {words: [no]}\nframes: {near: [ally]}", "utf-8")
    assert run("check", path).stderr == ""


def test_show_prints_policy_and_entries(mine):
    assert run("show", mine).stdout == (
        "mine: 4 entries for 2 frames (near, far).\n"
        "Of overlapping hits of one frame the longest counts, then the first, then the one whose entry comes "
        "first in the lexicon; hits of different frames may overlap.\n"
        "\nnear\n  all*: all*\n  n: ally · tie*\n  bond: bond\n\nfar\n  rival: rival\n"
    )


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_lexicon_that_is_not_there(command, tmp_path):
    done = run(command, "mars")
    assert (done.exit_code, done.stderr) == (
        2,
        "framing: lexicon 'mars' does not ship with the package, and a file of this name does not exist. "
        "Found: russia-china, russia-china-ar, russia-china-de, russia-china-es, russia-china-fr, "
        "russia-china-ru, russia-china-zh, us-russia. "
        "Give the path of a lexicon file, as in 'mine.yaml'.\n",
    )
    assert run(command, tmp_path / "mars.yaml").exit_code == 2


def random_words(number):
    random = np.random.default_rng(0)
    letters = list("abcdefghijklmnopqrstuvwxyz")
    words = {"".join(random.choice(letters, random.integers(5, 11))) for _ in range(2 * number)}
    return [f"{word}*" if random.random() < 0.5 else word for word in sorted(words)[:number]]


def test_ten_thousand_words_are_checked_in_seconds():
    words = random_words(9_200)  # as many as the Lexicoder Sentiment Dictionary has, in four keys like these
    entries = [an.Entry(word, f"key {number % 4}") for number, word in enumerate(words)]
    begin = time.process_time()
    problems = an.check_lexicon(an.Lexicon("large", entries=[*entries, an.Entry(words[0], "key 1")]))
    assert time.process_time() - begin < 10  # two seconds on an idle core; it took minutes
    assert set(problems["problem"]) <= {"shadowed"}


def test_plain_words_that_begin_alike_are_looked_up_not_compared():
    begin = time.process_time()
    entries = [an.Entry(f"word{number}", "key") for number in range(9_000)]
    problems = an.check_lexicon(an.Lexicon("alike", entries=[an.Entry("word12*", "key"), *entries]))
    assert time.process_time() - begin < 10  # a second and a half on an idle core; compared, they took minutes
    assert len(problems) == 111  # word12, word120 to word129, and word1200 to word1299
    assert set(problems["by"]) == {"word12*"}


def test_names_of_the_pair_that_are_not_matched_are_listed_by_outlet(tmp_path):
    lexicon = an.Lexicon("l", entries=[an.Entry("talks", "t")], about={"US": ["u.s."], "Iran": ["iran"]})
    path = an.write_lexicon(lexicon, tmp_path / "l.yaml")
    articles = pd.DataFrame(
        {"outlet": ["Vox", "BBC", "BBC"], "text": ["Washington and Iran began talks with US."] * 3}
    )
    articles.to_csv(tmp_path / "a.csv", index=False)
    assert run("check", path, "--on", tmp_path / "a.csv").stdout.splitlines() == [
        "about / washington: a name of United States in 3 passages (BBC 2, Vox 1), not among those of the pair",
        "l: entries 1, problems 1.",
    ]


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("*", "matches every word"),
        ("??", "matches every word of 2 characters"),
        ("c++", "its characters '++' are not matched; it finds 'c'"),
        ("at&t", "its characters '&' are not matched; it finds 'at t'"),
    ],
)
def test_patterns_that_find_more_than_they_say(pattern, problem):
    problems = an.check_lexicon(an.Lexicon("l", entries=[an.Entry(pattern, "f"), an.Entry("U.S.-led", "g")]))
    assert problems["problem"].tolist() == [problem]


def test_a_closed_pipe_is_no_error():
    command = "import sys; from analysis.__main__ import main; main(['lexicon', 'show', 'russia-china'])"
    shown = subprocess.run(
        f'"{sys.executable}" -c "{command}" | head -1', shell=True, capture_output=True, text=True, check=True
    )
    assert (shown.stdout[:13], shown.stderr) == ("russia-china:", "")


def test_a_frame_that_no_entry_finds_is_listed():
    lexicon = an.Lexicon("own", frames=("war", "peace"), entries=[Entry("war", "war")])
    assert lexicon.empty == ["peace"]
    assert an.check_lexicon(lexicon).to_numpy().tolist() == [
        ["peace", "", "", "no entry finds it, so it is always 0", ""]
    ]
    turned = an.Lexicon("own", frames=("war", "peace"), entries=[Entry("war", "war", negated="peace")])
    assert turned.empty == []
