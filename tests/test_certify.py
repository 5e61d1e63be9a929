"""``framing certify``: from a file of articles over codes to a certificate, and to the corrected report."""

from types import SimpleNamespace

import pandas as pd
import pytest

import analysis as an
from analysis.frames.coding.sample import sheet_rows
from analysis.show.report.certify import Study
from tests.data import framing

pytestmark = pytest.mark.usefixtures("undrawn", "studied")

STORIES = 6  # of each outlet
TEXTS = {
    "trade": "Gas trade number {} grew in spring.",
    "trust": "Partner number {} was trusted.",
    "": "Rain {} fell.",
}


@pytest.fixture
def corpus(tmp_path):
    rows = [
        {"outlet": outlet, "date": "2017-02-01", "title": f"{outlet} {at}",
         "text": " ".join(text.format(f"{outlet}{at}") for text in TEXTS.values())}
        for outlet in ("TASS", "BBC") for at in range(STORIES)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "news.csv", index=False)
    (tmp_path / "own.yaml").write_text(
        "frames: {trade: {meaning: about money, entries: [trade]}, trust: [partner*]}"
    )
    return tmp_path


def run(folder, *arguments, given=""):
    command = [
        "certify",
        folder / "news.csv",
        "--lexicon",
        folder / "own.yaml",
        "--no-pair",
        "-n",
        "20",
        *arguments,
    ]
    return framing(*command, given=given)


def answers(path):
    """What an attentive coder says to each question, in the order of the sheet."""
    return ["y" if word in text else "n" for text in sheet_rows(path)["text"] for word in ("trade", "trusted")]


def certified(folder):
    run(folder)
    given = answers(folder / "news.coding" / "coder1.csv")
    return run(folder, "--coded-by", "one reader", given="\n".join(given))


def test_answers_are_kept_at_once_and_the_same_command_goes_on(corpus):
    done = run(corpus, given="y\nwhat\nn\ns\n")
    assert done.exit_code == 0
    assert "Passage 1 of 20" in done.output
    assert "trade: about money" in done.output
    assert "Answer y (yes), n (no), s (cannot tell) or q (quit)." in done.output
    assert "1 of 20 passages are coded" in done.output
    rows = sheet_rows(corpus / "news.coding" / "coder1.csv")
    assert rows[["trade", "trust"]].to_numpy().ravel().tolist()[:4] == ["1", "0", "na", ""]
    assert "TASS" not in done.output.split("Title")[0]
    again = run(corpus, given="q\n")
    assert "trust" in again.output.split("Passage 2 of 20")[1]
    assert not (corpus / "news.certificate.json").exists()


def test_the_certificate_belongs_to_these_texts(corpus):
    done = certified(corpus)
    assert done.exit_code == 0
    (one,) = an.read_certificates(corpus / "news.csv")
    assert (one.n, one.drawn, one.source, one.coded_by) == (20, True, "news.csv", "one reader")
    assert one.about == ()
    assert one.outlets == {"BBC": 10, "TASS": 10}
    assert one.table["f1"].tolist() == [1.0, 1.0]
    assert "trade: precision 1.00 [" in done.output
    assert "measured on 20 passages of news.csv, coded by one reader.\n" in done.output


def test_the_name_of_the_same_coders_is_kept(corpus):
    certified(corpus)
    assert "coded by one reader.\n" in run(corpus).output
    assert "coded by two.\n" in run(corpus, "--coded-by", "two").output
    (one,) = an.read_certificates(corpus / "news.csv")
    assert one.coded_by == "two"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (
            "x" * 10 + " y" * 148 + " ",
            " z" * 150 + "zz",
            ["… " + "y " * 147 + "y", ">>> P.", "    " + "z " * 148 + "z"],
        ),
        ("好" * 400, "", ["… " + "好" * 301, ">>> P."]),
        ("a b ", " c d", ["… a b", ">>> P.", "    c d"]),
    ],
)
def test_what_surrounds_a_passage_is_cut_at_words(before, after, shown):
    articles = pd.DataFrame({"doc_id": ["a"], "title": [""], "text": [f"{before}P.{after}"]})
    place = {
        "passage_id": ["p"],
        "doc_id": ["a"],
        "text": ["P."],
        "start": [len(before)],
        "end": [len(before) + 2],
    }
    study = Study(None, None, articles, pd.DataFrame(place), None, None, [])
    assert study._shown("p") == shown


def test_how_far_coders_agree_is_printed_and_in_the_reviewers_list(corpus):
    certified(corpus)
    ann, ben = corpus / "news.coding" / "coder1.csv", corpus / "ben.csv"
    rows = sheet_rows(ann)
    rows["trust"] = rows["trust"].map({"1": "0", "0": "1"})
    rows.to_csv(ben, index=False)
    done = run(corpus, "--codes", ann, "--codes", ben)
    assert "coded by ben, coder1 (--coded-by gives the name that reports print).\n" in done.output
    assert "trade: Krippendorff's alpha of the coders 1.00 [" in done.output
    assert "trust: Krippendorff's alpha of the coders −.95 [" in done.output  # by hand: 1 − 39/20
    answers = an.checklist(validation=an.read_certificates(corpus / "news.csv")[0])["answer"]
    (said,) = answers[answers.str.contains("Krippendorff")]
    assert said.startswith("On 20 coded passages (news.csv), trade: precision ")
    assert "Krippendorff’s alpha of the coders: trade 1.00, trust −.95. Coded by: " in said


def test_what_a_classifier_would_do_is_one_line_a_frame_and_one_for_all(corpus, monkeypatch):
    verdicts = pd.DataFrame({"label": ["trade", "macro F1"], "classifier": 0.5, "lexicon": 1.0, "words": 0.25,
                             "verdict": "Keep to the lexicon."})  # fmt: skip
    learned = SimpleNamespace(verdicts=verdicts, validation=SimpleNamespace(write=lambda *_, **__: None))
    monkeypatch.setattr(an, "train_classifier", lambda *_: learned)
    output = certified(corpus).output
    lines = [line for line in output.splitlines() if "held out" in line]
    figures = "on stories held out: classifier .50, lexicon 1.00, plain TF-IDF model .25. Keep to the lexicon."
    assert lines == [f"trade, F1 {figures}", f"Macro F1 {figures}"]
    assert "F1 of the lexicon can differ from that above" in output  # .82 and .84, of the same codes


@pytest.mark.parametrize("given", ["news.csv", "study"])
def test_the_report_corrects_shares_with_what_lies_beside_the_articles(corpus, given):
    certified(corpus)
    target, lexicon = corpus / "r.html", ["--lexicon", corpus / "own.yaml", "--no-pair"]
    if given == "study":  # its articles are still where they were
        assert framing("run", corpus / "news.csv", corpus / given, *lexicon).exit_code == 0
    assert framing("report", corpus / given, *lexicon, "-o", target).exit_code == 0
    page = target.read_text("utf-8")
    for part in ("measured on 20 passages of these texts drawn at random, coded by one reader",
                 "Shares without the measured error", "by the codes alone",
                 "By frame: trade precision 1.00 [", "See Instrument for shares without the"):  # fmt: skip
        assert part in page


def test_the_report_shows_naive_shares_by_models_beside_corrected_ones(corpus):
    """The models call every third passage of TASS trade that is none."""
    articles = an.read_articles(corpus / "news.csv")
    passages = an.passages(articles, about=None)
    right = passages["text"].str.contains("trade").astype(int)
    blamed = right.where(passages.index % 3 > 0, 1)
    said = [passages.assign(coder=coder, label="trade", code=blamed) for coder in ("first", "second")]
    an.write_table(pd.concat(said), corpus / "models.csv")
    target = corpus / "r.html"
    command = ["report", corpus / "news.csv", "--lexicon", corpus / "own.yaml", "--no-pair", "-o", target,
               "--models", corpus / "models.csv"]  # fmt: skip
    assert framing(*command).exit_code == 0
    page = target.read_text("utf-8")
    assert "Shares by models (first, second)" in page
    assert "Nothing is corrected here" in page
    certified(corpus)
    assert framing(*command).exit_code == 0
    page = target.read_text("utf-8")
    assert "Nothing is corrected here" not in page
    pd.read_csv(corpus / "news.csv").assign(outlet="RT", date="2018-02-01").to_csv(
        corpus / "more.csv", index=False
    )
    both = [*command[:2], corpus / "more.csv", *command[2:]]  # the models coded the passages of one of them
    assert framing(*both).exit_code == 0
    for part in ("by the models", "corrected", "Differences by models, corrected and naive"):
        assert part in page
    an.write_table(
        pd.concat(said).assign(passage_id=lambda table: "x" + table["passage_id"]), corpus / "models.csv"
    )
    done = framing(*command)
    assert done.exit_code == 2
    assert "model codes: none is of these passages and of a frame of the lexicon. Found" in done.output


@pytest.mark.parametrize("way", ["sheet", "desk", "cut"])
@pytest.mark.parametrize("said", ["1", "na", "note"])
def test_one_number_of_coded_passages_is_enough_for_a_certificate(corpus, way, said):
    """Of 20 drawn all must be coded, at the terminal and in a sheet; that nothing can be told is an answer."""
    run(corpus)
    rows = sheet_rows(corpus / "news.coding" / "coder1.csv")
    rows[["trade", "trust"]] = pd.Series(answers(corpus / "news.coding" / "coder1.csv")).map(
        {"y": "1", "n": "0"}).to_numpy().reshape(-1, 2)  # fmt: skip
    few = rows.copy() if way == "sheet" else rows.drop(columns="note")
    few.loc[few.index[6:], ["trade", "trust"]] = ""
    few.head(6 if way == "cut" else 20).to_csv(corpus / "ann.csv", index=False)
    done = run(corpus, "--codes", corpus / "ann.csv")
    assert done.exit_code == 2
    assert "ann.csv: 6 of 20 passages are coded. From 20 on a certificate is written. Code more" in done.output
    assert not (corpus / "news.certificate.json").exists()
    if way == "sheet":
        rows.loc[rows.index[-1], ["trade", "trust", "note"]] = (
            ["", "", "?"] if said == "note" else [said, said, ""]
        )
        rows.to_csv(corpus / "ann.csv", index=False)
        assert run(corpus, "--codes", corpus / "ann.csv").exit_code == 0


def test_few_passages_are_drawn_with_a_remark(corpus):
    assert "news.coding: 20 passages to code; of fewer than 50, intervals are wide." in run(corpus).output
    assert "9 is not in the range x>=10" in run(corpus, "-n", "9").output


def test_an_earlier_draw_is_used_again_and_this_is_said(corpus):
    run(corpus)
    said = "news.coding: 20 passages were drawn before, and these are used: -n and --seed draw no others. Move the"
    for more, told in (((), False), (("-n", "12"), True), (("--seed", "1"), True)):
        done = run(corpus, *more)
        assert (said in done.output, "Passage 1 of 20" in done.output) == (told, True)


@pytest.mark.parametrize("name", ["ann.csv", "ann.xlsx"])
def test_a_sheet_comes_back_filled_in(corpus, name):
    sheet = corpus / name
    assert run(corpus, "--sheet", sheet).exit_code == 0
    rows = sheet_rows(sheet)
    assert "outlet" not in rows
    given = pd.Series(answers(sheet)).map({"y": "1", "n": "0"}).to_numpy().reshape(-1, 2)
    rows[["trade", "trust"]] = given
    filled = corpus / "filled" / "ann.csv"
    filled.parent.mkdir()
    rows.to_csv(filled, index=False)
    assert run(corpus, "--codes", filled).exit_code == 0
    (one,) = an.read_certificates(corpus / "news.csv")
    assert (one.coders, one.drawn) == (("ann",), True)


def test_the_next_command_is_printed_with_the_options_of_this_one(corpus):
    renamed = pd.read_csv(corpus / "news.csv").rename(columns={"outlet": "who wrote"})
    renamed.to_csv(corpus / "news.csv", index=False)
    own, sheet, target = corpus / "own.yaml", corpus / "ann.csv", corpus / "c.json"
    asked = f"{corpus / 'news.csv'} --lexicon {own} --no-pair --column 'outlet=who wrote'"
    drawn = run(corpus, "--column", "outlet=who wrote", "--sheet", sheet, "-o", target)
    assert drawn.output.endswith(f"then: framing certify {asked} --codes {sheet} -o {target}\n")
    rows = sheet_rows(sheet)
    rows[["trade", "trust"]] = pd.Series(answers(sheet)).map({"y": "1", "n": "0"}).to_numpy().reshape(-1, 2)
    rows.to_csv(sheet, index=False)
    done = run(corpus, "--column", "outlet=who wrote", "--codes", sheet, "-o", target)
    assert done.output.endswith(f"Next: framing report {asked} --certificate {target}\n")


def test_marks_of_the_desk_measure_precision_alone(corpus):
    marks = corpus / "marks.csv"
    texts = [TEXTS["trade"].format("TASS0"), TEXTS["trust"].format("BBC1"), TEXTS[""].format("BBC1")]
    pd.DataFrame({"passage_id": ["x", "y", "z"], "text": texts, "picked": True, "trade": [1, 0, 0],
                  "trust": [0, 1, ""]}).to_csv(marks, index=False)  # fmt: skip
    assert run(corpus, "--codes", marks).exit_code == 0
    (one,) = an.read_certificates(corpus / "news.csv")
    assert one.table["precision"].tolist() == [1.0, 1.0]
    assert one.table["recall"].isna().all()
    assert not one.drawn


def test_a_certificate_of_another_pair_is_refused(corpus):
    certified(corpus)
    lexicon = corpus / "pair.yaml"
    lexicon.write_text("about: [Russia, China]\n" + (corpus / "own.yaml").read_text())
    certificate = corpus / "news.certificate.json"
    command = ["report", corpus / "news.csv", "--lexicon", lexicon, "--certificate", certificate]
    done = framing(*command)
    assert done.exit_code == 2
    assert "Found: trade, trust about anything in en. Measure this lexicon with" in done.output


def test_passages_drawn_from_other_articles_are_refused(corpus):
    run(corpus)
    table = pd.read_csv(corpus / "news.csv")
    table.assign(text="Gas trade fell.").to_csv(corpus / "news.csv", index=False)
    done = run(corpus)
    assert done.exit_code == 2
    assert "its passages were drawn from other articles" in done.output
