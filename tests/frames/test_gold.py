"""The coded passages that ship: what their description says of them."""

import hashlib
import re

import pytest

import analysis as an
from analysis.corpus.examples import ROOT, STORIES, example_path

GOLD = example_path("coded")

README = (GOLD.parents[1] / "README.md").read_text("utf-8")


def test_the_file_is_the_one_that_is_described():
    assert hashlib.sha256(GOLD.read_bytes()).hexdigest() in README


def test_the_ap_story_and_its_reprint_are_one_story():
    coded = an.load_example("coded")
    ap = coded[coded["story"] == "ap-2018-06"]
    assert sorted(ap["article"].unique()) == ["000_af011a8eb0d7bf47", "001_547c2046a1a760aa"]
    rest = coded[coded["story"] != "ap-2018-06"]
    assert (rest["story"] == rest["article"]).all()
    assert an.validate(coded, an.read_lexicon("russia-china")).cluster == "story"


def test_the_codes_agree_as_the_description_says():
    agreement = an.coder_agreement(an.load_example("coded")).set_index("label")
    told = re.search(r"alpha (\.\d+)\s\(alliance\), (\.\d+) \(pragmatism\) and (\.\d+) \(economy\)", README)
    assert agreement["alpha"].tolist() == pytest.approx([float(part) for part in told.groups()], abs=0.005)
    assert (ROOT / STORIES).name in README
