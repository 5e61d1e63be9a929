import re
from functools import cache

import pandas as pd
import pytest

import analysis as an
from analysis.frames.match import text_frames
from benchmarks.lossy import measured
from tests.data import cases

LANGUAGES = ("ar", "de", "es", "fr", "ru", "zh")
NAMES = ("russia-china", "us-russia", *(f"russia-china-{language}" for language in LANGUAGES))
ALL = {name: cases(name.replace("-", "_")) for name in NAMES}
CASES, LEXICON = ALL["russia-china"], an.read_lexicon("russia-china")
FURTHER = ("known_failures", "forms")
EVERY = [pytest.param(name, case, id=f"{name} {case['entry']}") for name in NAMES for case in ALL[name]["entries"]]


@cache
def all_said(name):
    """The hits in all texts of the cases of a lexicon, each text a document."""
    entries = [case[kind] for case in ALL[name]["entries"] for kind in ("finds", "leaves")]
    texts = dict.fromkeys([*entries, *(case["text"] for kind in FURTHER for case in ALL[name].get(kind, ()))])
    lexicon = an.read_lexicon(name)
    table = pd.DataFrame({"doc_id": list(texts), "text": list(texts), "language": lexicon.language})
    hits = an.find_frames(table, lexicon)
    return hits[~hits["negated"]]


def said(text, name="russia-china"):
    return all_said(name)[all_said(name)["doc_id"] == text]


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_has_a_case(name):
    entries = [(entry.frame, entry.name) for entry in an.read_lexicon(name).entries]
    assert entries == [(case["frame"], case["entry"]) for case in ALL[name]["entries"]]


@pytest.mark.parametrize(("name", "case"), EVERY)
def test_what_an_entry_finds(name, case):
    hits = said(case["finds"], name)
    assert (case["frame"], case["entry"]) in list(zip(hits["frame"], hits["entry"], strict=True))


@pytest.mark.parametrize(("name", "case"), EVERY)
def test_what_an_entry_leaves(name, case):
    hits = said(case["leaves"], name)
    assert hits[hits["frame"] == case["frame"]]["text"].tolist() == []


@pytest.mark.parametrize(("name", "case"), [(name, case) for name in NAMES for case in ALL[name].get("forms", ())])
def test_further_forms_and_what_only_looks_like_an_entry(name, case):
    assert (said(case["text"], name)["frame"] == case["frame"]).any() == case["carries"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_languages_have_the_same_frames_and_are_not_validated(language):
    other = an.read_lexicon(f"russia-china-{language}")
    assert (other.language, list(other.labels)) == (language, list(LEXICON.labels))
    assert "not validated" in other.source


@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda case: case["text"])
@pytest.mark.xfail(strict=True)
def test_known_failures(case):
    assert (said(case["text"])["frame"] == case["frame"]).any() == case["carries"]


@pytest.mark.parametrize(("passages", "floor"), [("russia_china_coded", 0.80), ("own_sentences", 0.80)])
def test_what_was_reached_is_kept(passages, floor):
    """Not how right the lexicon is on strange text (`data/README.md` tells that), but that no edit spoils it."""
    coded = pd.read_csv(f"data/gold/{passages}.csv")
    said = text_frames(coded["text"].tolist(), LEXICON)
    coder = coded[LEXICON.labels].astype(bool)
    assert (2 * (said & coder).sum() / (said.sum() + coder.sum())).mean() >= floor


def stripped(text):
    """What an archive leaves of a text: lower case, a space for every other sign."""
    return " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())


def test_stripped_text_carries_the_same_frames():
    coded = pd.read_csv("data/gold/russia_china_coded.csv")["text"]
    texts = pd.concat([coded, an.passages(an.load_example("news"))["text"]]).drop_duplicates().tolist()
    labels = text_frames(texts, LEXICON)
    same = (labels == text_frames([stripped(text) for text in texts], LEXICON)).all(axis=1)
    assert labels.any(axis=1).sum() > 100
    assert same.mean() >= 0.95


def test_copies_without_capitals_carry_the_same_frames():
    """The five articles in lower case, in capitals and capitalised; on News Articles: ``benchmarks lossy``."""
    found = measured(an.load_example("seeds", prepared=True), "russia-china").set_index("copy")
    cases = ["lower case", "capitals", "capitalised"]
    assert found.loc[cases, "same frames"].tolist() == [1.0] * 3
    assert found.loc[cases, "no longer about"].tolist() == [0] * 3
