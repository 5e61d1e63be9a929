"""Codes of models in shares and differences: how sure they are, missing ones, and who was drawn for people."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import load_workbook

import analysis as an
from analysis.compare.correction.sample import sample_of
from analysis.compare.correction.shares import corrected_differences
from analysis.frames.coders.codebook import Codebook
from analysis.frames.coders.people import next_to_code, settled, to_settle

N = 60
DOCS = [f"d{at:02}" for at in range(N)]
PASSAGES = pd.DataFrame({"passage_id": [f"{doc}:0" for doc in DOCS], "doc_id": DOCS, "text": "-"})
ARTICLES = pd.DataFrame({"doc_id": DOCS, "outlet": ["A", "B"] * (N // 2)})
TRUTH = np.array([1, 0, 0, 1, 0, 0] * (N // 6))


def votes(*coders: np.ndarray) -> pd.DataFrame:
    """The long table of so many coders of one frame; NaN where one gave no code."""
    given = {
        f"m{at}": pd.Series(one, index=PASSAGES["passage_id"], dtype="Float64") for at, one in enumerate(coders)
    }
    long = pd.concat(given, names=["coder"]).rename("code").reset_index().assign(label="war")
    return long.merge(PASSAGES, on="passage_id")


def drawn(rows: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {"passage_id": PASSAGES["passage_id"][rows], "war": TRUTH[rows], "probability": len(rows) / N}
    )


WRONG = np.where(np.arange(N) % 10 == 3, 1 - TRUTH, TRUTH)
OTHER = np.where(np.arange(N) % 10 == 5, 1 - TRUTH, TRUTH)
CODED = drawn([*range(0, N, 2), 1, 3, 5])


def test_the_table_of_codes_is_corrected_as_its_votes() -> None:
    long = votes(WRONG, OTHER, TRUTH)
    shares = pd.DataFrame({"war": (WRONG + OTHER + TRUTH) / 3}, index=PASSAGES["passage_id"])
    first = an.correct_shares(long, CODED, ARTICLES)
    second = an.correct_shares(shares, CODED, ARTICLES, passages=PASSAGES)
    pd.testing.assert_frame_equal(first, second)
    naive = an.compare_outlets(pd.DataFrame({"war": TRUTH}, index=DOCS), ARTICLES)  # two of three are always right
    assert first["share"].tolist() == naive["share"].tolist()


def test_votes_fall_into_cells_by_how_sure_they_are() -> None:
    scores = pd.DataFrame({"war": [0, 0.05, 0.2, 0.5, 0.8, 0.9, 1, None] + [0.0] * (N - 8)},
                          index=PASSAGES["passage_id"], dtype="float64")  # fmt: skip
    sample = sample_of(scores, CODED, ARTICLES, PASSAGES, an.Inference())
    assert sample.cells[:8, 0].tolist() == [0, 0, 1, 2, 2, 3, 3, 4]
    assert sample.labels[:8, 0].tolist() == [False, False, False, True, True, True, True, False]


def test_a_missing_code_is_never_a_zero() -> None:
    """All missing codes hide a 1: as zeros they would lower the share; here people's codes stand for them."""
    hidden = np.where((TRUTH == 1) & (np.arange(N) % 4 < 2), np.nan, TRUTH)
    everyone = drawn(list(range(N))).assign(probability=1.0)
    found = an.correct_shares(votes(hidden), everyone, ARTICLES)
    own = pd.Series(TRUTH).groupby(ARTICLES["outlet"]).mean().tolist()
    assert found["corrected"].round(9).tolist() == pytest.approx(own)
    assert found["share"].tolist() == pytest.approx([0.2, 0.2])
    assert found["note"].str.contains("passages without a label from the instrument: ").all()


def test_what_cannot_be_corrected_is_refused() -> None:
    missing = votes(np.where(np.arange(N) == 3, np.nan, TRUTH))
    with pytest.raises(ValueError, match=r"from the instrument\. Found: 1 passage without one\. Ask"):
        an.correct_shares(missing, CODED, ARTICLES, method="misclassification")
    without = votes(np.where(np.arange(N) % 2 == 0, np.nan, TRUTH))
    with pytest.raises(ValueError, match=r"Found: 30 passages without one, all those of 'A' among them\. Ask"):
        an.correct_shares(without, CODED, ARTICLES)


def test_a_difference_that_the_errors_made_is_named() -> None:
    """In B the models call every fourth passage a war that is none."""
    blamed = np.where((np.arange(N) % 2 == 1) & (np.arange(N) % 8 < 6), 1, TRUTH)
    table = an.correct_shares(votes(blamed, blamed), drawn([*range(0, N, 2), *range(1, N, 2)]), ARTICLES)
    row = corrected_differences(table).iloc[0]
    assert row["naive_high"] < 0
    assert row["low"] < 0 < row["high"]
    assert row["p"] > 0.05
    assert row["note"] == "by the instrument alone they differ: that may be its errors"
    assert row["verdict"] == "too little data"


def test_next_to_code_prefers_what_coders_differ_on_and_short_stories() -> None:
    long = votes(TRUTH, WRONG)
    differ = set(PASSAGES["passage_id"][TRUTH != WRONG])
    sample = next_to_code(PASSAGES, long, n=20, articles=ARTICLES, seed=3)
    chance = sample.groupby("score")["probability"].first()
    assert chance["differ"] > 1.5 * chance["agree"]
    assert set(sample.loc[sample["score"] == "differ", "passage_id"]) <= differ
    story = ARTICLES.assign(story_id=["s0"] * 10 + DOCS[10:])
    weighed = next_to_code(PASSAGES, votes(TRUTH), n=N, articles=story)
    assert weighed["probability"].eq(1).all()
    half = next_to_code(PASSAGES, votes(TRUTH), n=30, articles=story).set_index("doc_id")["probability"]
    assert half[half.index < "d10"].max() < half[half.index >= "d10"].min() / 2.5


def test_probabilities_are_those_of_the_draw() -> None:
    """Of 100 draws the squared deviations are 1 on average; were all equal they would be nearly 5."""
    long = votes(TRUTH, WRONG, OTHER)
    times = pd.Series(0, index=PASSAGES["passage_id"])
    chances = {}
    for seed in range(100):
        sample = next_to_code(PASSAGES, long, n=15, articles=ARTICLES, seed=seed)
        assert len(sample) == 15
        times[sample["passage_id"]] += 1
        chances |= dict(zip(sample["passage_id"], sample["probability"], strict=True))
    assert min(chances.values()) > 0
    assert sum(chances.values()) == pytest.approx(15)
    chance = pd.Series(chances)
    assert ((times - 100 * chance) ** 2 / (100 * chance * (1 - chance))).mean() < 1.4
    equal = 15 / N
    assert ((times - 100 * equal) ** 2 / (100 * equal * (1 - equal))).mean() > 4


def test_sheets_of_the_queue_are_read_back_with_their_weights(tmp_path: Path) -> None:
    book = Codebook("War", {"war": "Armed conflict."}, rules=("Whoever says it counts.",))
    (tmp_path / "codebook.md").write_text(book.text, "utf-8")
    sample = next_to_code(PASSAGES, votes(TRUTH, WRONG), n=12, articles=ARTICLES, coders=["eva"], path=tmp_path)
    shown = load_workbook(str(tmp_path / "eva.xlsx")).get_sheet_by_name("codebook").to_python()
    assert "Armed conflict." in str(shown)
    sheet = pd.read_csv(tmp_path / "eva.csv", encoding="utf-8-sig", dtype=str)
    code = dict(zip(PASSAGES["passage_id"], TRUTH.astype(str), strict=True))
    sheet.assign(war=sheet["passage_id"].map(code)).to_csv(tmp_path / "eva.csv", index=False)
    read = an.majority_codes(an.read_codes(tmp_path))
    assert read["probability"].astype(float).round(6).tolist() == sample["probability"].round(6).tolist()
    assert "Whoever says it counts." in (tmp_path / "codebook.md").read_text("utf-8")
    table = an.correct_shares(votes(TRUTH, WRONG), read, ARTICLES)
    assert table["n_coded"].sum() == 12


def test_the_third_decides_and_the_table_says_so(tmp_path: Path) -> None:
    long = votes(TRUTH, WRONG).assign(label=pd.Categorical(["war"] * 2 * N))
    open_ = to_settle(long, coder="eva", path=tmp_path)
    assert open_["passage_id"].tolist() == PASSAGES["passage_id"][TRUTH != WRONG].tolist()
    assert open_["differ"].eq("war").all()
    sheet = pd.read_csv(tmp_path / "eva.csv", encoding="utf-8-sig", dtype=str)
    assert not {"coder", "m0", "outlet", "differ"} & set(sheet)
    sheet.assign(war="1").to_csv(tmp_path / "eva.csv", index=False)
    table = settled(long, an.read_codes(tmp_path))
    decided = table["war_settled_by"].eq("eva")
    assert table.loc[decided, "passage_id"].tolist() == open_["passage_id"].tolist()
    assert table.loc[decided, "war"].eq(1).all()
    assert table.loc[~decided, "war"].tolist() == TRUTH[TRUTH == WRONG].tolist()
    assert table["tied"].eq("").all()
    assert table["war_coder_m1"].tolist() == WRONG.tolist()
    marked = open_[["passage_id"]].assign(war=[0, None, *[1] * (len(open_) - 2)], picked=True)  # as the desk gives
    partly = settled(long, marked, by="eva")
    assert set(partly["war_settled_by"]) == {"", "eva"}
    agreed = settled(long, PASSAGES[["passage_id"]].assign(war=1 - TRUTH))  # nothing to decide where they agree
    assert agreed.loc[~decided, "war"].tolist() == TRUTH[TRUTH == WRONG].tolist()
    assert partly["tied"].eq("war").sum() == 1
    with pytest.raises(ValueError, match="third: passage 'x' is not among the codes"):
        settled(long, marked.assign(passage_id="x"))


CLAIM = ("B", "A", "war", 1)
BLAMED = np.where((np.arange(N) % 2 == 1) & (np.arange(N) % 8 < 6), 1, TRUTH)
HOW = an.Inference(draws=200, relabelings=199)


def tried(**coders: object) -> an.Robustness:
    articles = ARTICLES.assign(text="-", story_id=DOCS, copy_of=None)
    return an.robustness(articles, coders, CLAIM, options={"copies": ["weighted"]}, how=HOW, workers=1)


def test_a_claim_that_rests_on_errors_of_all_models_is_not_confirmed() -> None:
    """In B two prompts and the lexicon all call every fourth passage a war that is none."""
    long, documents = votes(BLAMED, BLAMED), pd.DataFrame({"war": BLAMED * 1.0}, index=DOCS)
    people = drawn([*range(0, N, 2), *range(1, N, 2)])
    naive = tried(lexicon=documents, models=long)
    assert naive.table["coder"].tolist() == ["lexicon", "m0", "m1"]
    assert naive.table["clear"].all()
    assert not naive.confirmed
    assert naive.verdict.endswith("so the claim is not confirmed.")
    found = tried(lexicon=documents, models=long, corrected=(long, people))
    assert found.table["clear"].tolist() == [True, True, True, False]
    assert not found.confirmed
    assert found.effects["choice"].unique().tolist() == ["coder"]


def test_a_claim_that_people_share_is_confirmed() -> None:
    true = np.where(np.arange(N) % 2 == 1, np.arange(N) % 10 < 8, np.arange(N) % 10 < 2).astype(int)
    long = votes(true, true)
    people = drawn(list(range(N))).assign(war=true)
    assert tried(models=long, corrected=(long, people)).confirmed
    assert not tried(models=long).confirmed


def test_coders_without_the_label_or_without_any_are_refused() -> None:
    with pytest.raises(ValueError, match=r"claim: 'war' is not a label of 'lexicon'\. Use one of: peace"):
        tried(lexicon=pd.DataFrame({"peace": TRUTH * 1.0}, index=DOCS))
    with pytest.raises(ValueError, match="instrument: no coder is given"):
        tried()


def test_models_lexicon_classifier_and_people_stand_in_one_table_of_convergence() -> None:
    people = pd.DataFrame({"war": TRUTH}, index=DOCS)
    table = an.convergence({"models": votes(WRONG, OTHER), "lexicon": people, "people": people})
    assert table["instrument"].tolist() == ["models", "models", "lexicon"]
    assert table["correlation"].round(6).tolist()[2] == 1
    apart = an.convergence({"m0": votes(WRONG), "people": people})
    assert apart["correlation"].iloc[0] == pytest.approx(pd.Series(WRONG).corr(pd.Series(TRUTH)))


def test_codes_of_a_model_are_validated_like_a_lexicon() -> None:
    people = PASSAGES.assign(war=TRUTH, outlet=ARTICLES["outlet"])
    found = an.validate(people, votes(WRONG))
    both = ((WRONG == 1) & (TRUTH == 1)).sum()
    row = found.table.iloc[0]
    assert row["precision"] == pytest.approx(both / WRONG.sum())
    assert row["recall"] == pytest.approx(both / TRUTH.sum())
    assert found.instrument == "m0"
    assert an.validate(people, votes(WRONG), by="outlet").table["outlet"].tolist() == ["A", "B"]


def test_a_missing_code_is_left_out_of_a_validation() -> None:
    missed = np.where((TRUTH == 1) & (np.arange(N) % 4 < 2), np.nan, TRUTH)  # as zeros they would lower the recall
    found = an.validate(PASSAGES.assign(war=TRUTH), votes(missed))
    assert found.table["recall"].tolist() == [1.0]
    assert found.n == N - np.isnan(missed).sum()
    assert (
        found.notes[-1]
        == f"{np.isnan(missed).sum()} coded passages have no code from the instrument and are left out."
    )
    with pytest.raises(ValueError, match="no coded passage has codes of these coders"):
        an.validate(PASSAGES.assign(war=TRUTH, passage_id="x"), votes(missed))


def test_codes_in_place_of_shares_are_sent_to_their_correction() -> None:
    with pytest.raises(TypeError, match=r"this is a table of codes\. Give it to an\.correct_shares"):
        an.outlet_differences(votes(TRUTH), ARTICLES)
