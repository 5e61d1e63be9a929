"""The coded passages that ship: what their description says of them."""

import hashlib
import re

import pandas as pd
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


@pytest.mark.parametrize("name", ["other_pairs_codes", "further_codes"])
def test_codes_without_texts_name_the_passages_that_were_coded(name):
    codes = pd.read_csv(GOLD.with_name(f"{name}.csv"), dtype={"doc_id": "str"})
    codes = codes.assign(corpus=codes.get("corpus", "News Articles")).query("corpus == 'News Articles'")
    articles = an.load_example("news").set_index("doc_id")["text"]
    texts = [articles[row.doc_id][row.start : row.end] for row in codes.itertuples()]
    assert [hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts] == codes["hash"].tolist()


def test_a_frame_needs_a_relation():
    codes = pd.read_csv(GOLD.with_name("further_codes.csv")).dropna(subset="relation")
    frames = codes.loc[:, "confrontation":"economy"].max(axis=1).fillna(0)  # part `pairs` has none
    assert (frames <= codes["relation"]).all()
