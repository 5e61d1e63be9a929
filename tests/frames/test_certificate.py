"""What a measurement found, kept in a file with the texts to which it belongs."""

import json
from dataclasses import replace

import pandas as pd
import pytest

import analysis as an
from analysis.corpus.provenance import content_hash
from analysis.frames.coding.validate import recomputed

LEXICON = an.Lexicon("tiny", entries=[an.Entry("gas", "trade"), an.Entry("army", "war")], language="en")
TEXTS = ["Gas was sold.", "The army came.", "It rained.", "Gas for the army.", "Nothing here.", "Trade fell."]
CODED = pd.DataFrame({
    "passage_id": [f"a{at}:0" for at in range(6)], "doc_id": [f"a{at}" for at in range(6)], "text": TEXTS,
    "outlet": ["DW", "DW", "RT", "RT", "RT", "CNN"], "trade": [1, 0, 0, 1, 0, 1], "war": [0, 1, 0, 1, 0, 0],
    "trade_coder1": [1, 0, 0, 1, 0, 1], "trade_coder2": [1, 0, 0, 1, 1, 1],
    "stratum": "all", "weight": 2.0,
})  # fmt: skip


@pytest.fixture
def written(tmp_path):
    found = an.validate(CODED, LEXICON)
    return found.write(
        tmp_path / "own.certificate.json", source="six texts", coded_by="two people", date="2026-11"
    )


def test_a_certificate_comes_back_as_it_was_written(written):
    found, (read,) = an.validate(CODED, LEXICON), an.read_certificates(written)
    pd.testing.assert_frame_equal(read.table, found.table.round(4))
    assert (read.n, read.outlets, read.drawn) == (6, {"CNN": 1, "DW": 2, "RT": 3}, True)
    assert (read.source, read.coded_by, read.date) == ("six texts", "two people", "2026-11")
    assert (read.instrument, read.sha256) == ("tiny", content_hash(LEXICON))
    assert read.agreement.loc[0, "agree"] == pytest.approx(5 / 6, abs=1e-4)
    assert written.read_bytes() == read.write(written).read_bytes()


def test_it_holds_no_text(written):
    assert not any(text in written.read_text() for text in TEXTS)


def test_codes_find_their_passages_again_by_name_and_by_text(written):
    (read,) = an.read_certificates(written)
    passages = CODED[["passage_id", "doc_id", "text"]]
    names = ["passage_id", "trade", "war"]
    pd.testing.assert_frame_equal(read.coded(passages)[names], CODED[names])
    renamed = passages.assign(passage_id=[f"b{at}" for at in range(6)])
    assert read.coded(renamed)["passage_id"].tolist() == renamed["passage_id"].tolist()
    edited = passages.assign(text=["Gas was not sold.", *TEXTS[1:]])
    assert read.coded(edited)["passage_id"].tolist() == passages["passage_id"].tolist()[1:]


def test_weights_hold_only_in_the_corpus_from_which_the_passages_were_drawn(written):
    (read,) = an.read_certificates(written)
    passages = CODED[["passage_id", "text"]]
    others = pd.DataFrame({"passage_id": [f"x{at}" for at in range(94)], "text": "Other."})
    assert "weight" in read.coded(pd.concat([passages, others[:6]], ignore_index=True))
    assert "weight" not in read.coded(pd.concat([passages, others], ignore_index=True))


def test_another_language_or_pair_never_borrows():
    first, *_ = an.read_certificates("russia-china")
    labels = ["alliance", "pragmatism", "economy"]
    assert first.fits(labels, ["China", "Russia"], "en")
    assert not first.fits(labels, ["Russia", "India"], "en")
    assert not first.fits(labels, ["Russia", "China"], "de")
    assert not first.fits(["alliance", "war"], ["China", "Russia"], "en")
    assert an.read_certificates("russia-china-de") == ()


@pytest.mark.parametrize("text", ["{}", "[1]", "no", '{"table": 1}'])
def test_a_file_of_another_kind_is_refused(tmp_path, text):
    path = tmp_path / "x.certificate.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"x\.certificate\.json: not a certificate of an instrument\. Found: "):
        an.read_certificates(path)


@pytest.mark.parametrize(("lexicon", "coded"), [("russia-china", "coded"), ("us-russia", "us-russia")])
def test_the_shipped_certificates_are_of_the_shipped_lexicons(lexicon, coded):
    """Written anew by ``python data/gold/certify.py``; the texts of the second are fetched and may be absent."""
    read = an.read_lexicon(lexicon)
    for one in an.read_certificates(lexicon):
        assert one.fits(read.labels, read.about, read.language)
        assert "language model" in one.coded_by
        assert not {"text", "title"} & set(one.codes)
    if coded == "coded":
        table = an.validate(an.load_example("coded"), read).table
        first = next(one for one in an.read_certificates(lexicon) if one.n == 221)
        assert first.sha256 == content_hash(read)  # else write it anew: python data/gold/certify.py
        pd.testing.assert_frame_equal(first.table, table, atol=0.03)  # the judge may learn


def test_certificates_lie_beside_a_lexicon_or_a_corpus(written, tmp_path):
    assert [one.n for one in an.read_certificates(tmp_path / "own.csv")] == [6]
    folder = tmp_path / "own.certificates"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(json.loads(written.read_text())))
    assert len(an.read_certificates(tmp_path / "own.yaml")) == 2
    assert an.read_certificates(tmp_path / "other.yaml") == ()


@pytest.mark.parametrize("lexicon", ["russia-china", "us-russia", None])
def test_its_tables_come_out_the_same_from_its_codes(lexicon, tmp_path):
    drawn = an.validate(CODED.assign(weight=[1 / 3, 2.0, 5.5, 1.0, 7.25, 3.0]), LEXICON)
    for one in an.read_certificates(lexicon) if lexicon else [drawn]:
        (read,) = an.read_certificates(one.write(tmp_path / "a.json"))
        wrong = replace(read, table=read.table.assign(recall=1.0), cells=read.cells[:0], n=0)
        assert recomputed(wrong).write(tmp_path / "b.json").read_bytes() == (tmp_path / "a.json").read_bytes()
        other = recomputed(replace(read, codes=read.codes.assign(**{f"{read.labels[0]}": 1})))
        assert not other.table.equals(read.table)


def test_a_certificate_without_answers_cannot_be_recomputed():
    (one, *_) = an.read_certificates("russia-china")
    assert recomputed(replace(one, codes=one.codes.drop(columns="instrument_alliance"))) is None
