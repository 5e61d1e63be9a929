"""One lexicon of the same frames in several languages: read, searched, checked, measured, compared."""

import pandas as pd
import pytest

import analysis as an
from analysis.compare.observations import UNLIKE
from analysis.corpus.provenance import content_hash
from analysis.frames.formats.files import lexicon_losses
from analysis.frames.lexicon import Entry
from analysis.show.desk.bench import Bench
from analysis.show.desk.evidence import gathered
from tests.data import framing

pytestmark = pytest.mark.usefixtures("undrawn")

TEXT = """
name: own
about: [Russia, China]
frames:
  alliance: [treaty]
  economy: [trade, "(gas|oil)"]
languages:
  ru:
    negation: {words: [не, нет], scope: 3}
    frames:
      alliance: [договор*, союзник*]
      economy: [торговл*]
"""
ENGLISH = ["Russia and China signed a treaty.", "Russia sells gas to China, and trade grows."]
RUSSIAN = ["Россия и Китай подписали договор.", "Россия и Китай не союзники.", "Торговля России с Китаем растет."]


@pytest.fixture
def path(tmp_path):
    (tmp_path / "own.yaml").write_text(TEXT, "utf-8")
    return tmp_path / "own.yaml"


@pytest.fixture
def lexicon(path):
    return an.read_lexicon(path)


def test_another_word_in_any_language_is_another_lexicon(path, lexicon):
    """By its hash, results of an earlier one are used again: hits and curves of the Russian part were stale."""
    path.write_text(TEXT.replace("союзник*", "дружб*"), "utf-8")
    other = an.read_lexicon(path)
    assert content_hash(other) != content_hash(lexicon)
    assert content_hash(other.each["en"]) == content_hash(lexicon.each["en"])
    assert "own, 6 entries, sha256" in an.checklist(lexicon).set_index("question")["answer"].str.cat()


def articles():
    texts = [*ENGLISH * 4, *RUSSIAN * 3]
    table = pd.DataFrame({"doc_id": [f"d{at}" for at in range(len(texts))], "text": texts})
    table["outlet"] = ["CNN"] * 8 + ["TASS"] * 9
    return table.assign(language=["en"] * 8 + ["ru"] * 9, story_id=table["doc_id"])


def test_it_is_read_and_written_as_one_value(lexicon, tmp_path):
    again = an.read_lexicon(an.write_lexicon(lexicon, tmp_path / "again.yaml"))
    assert again == lexicon
    assert list(lexicon.each) == ["en", "ru"]
    assert "and the same frames in ru" in str(lexicon)
    lost = lexicon_losses(lexicon, "liwc")
    assert lost.iloc[-1].tolist()[-1] == "LIWC's .dic has no place for another language"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            ("      alliance: [договор*, союзник*]\n", ""),
            r"line 9: lexicon: 'own' \(ru\) does not have the labels.* Found: economy\. Write alliance, economy",
        ),
        (("  ru:", "  en:"), r"line 9: lexicon: two are written for the same language. Found: en"),
        (("languages:", "languages: [ru]\nx:"), "unknown key 'x'|languages must be a mapping"),
        (("    negation", "    about: [US, Iran]\n    negation"), "unknown key 'about' in a language"),
        (("[торговл*]", '["@none"]'), "line 10.*'@none'|none"),
    ],
)
def test_what_does_not_stand_in_one_table_is_refused_with_its_line(path, changed, message):
    path.write_text(TEXT.replace(*changed), "utf-8")
    with pytest.raises(ValueError, match=message):
        an.read_lexicon(path)


def test_hits_of_each_language_are_those_of_its_part(lexicon):
    read = an.passages(articles())
    hits = an.find_frames(read, lexicon)
    alone = an.find_frames(read[read["language"] == "ru"], lexicon.each["ru"])
    assert hits[hits["doc_id"].isin(alone["doc_id"])].reset_index(drop=True).equals(alone)
    assert hits.groupby("frame", observed=True).size().to_dict() == {"alliance": 10, "economy": 11}
    assert hits.loc[hits["negated"], "text"].unique().tolist() == ["союзники"]
    assert an.frame_shares(hits, read, weights=lexicon).shape == (17, 2)


def test_a_list_of_lexicons_is_the_same_as_one_of_several_languages(lexicon):
    read = an.passages(articles())
    pd.testing.assert_frame_equal(an.find_frames(read, [*lexicon.each.values()]), an.find_frames(read, lexicon))


def test_terms_are_suggested_in_each_language(lexicon):
    texts = ["Russia and China signed a treaty at a summit.", "Moscow and Beijing hold a summit.",
             "China and Russia hold a summit, too.", "Россия и Китай подписали договор на саммите.",
             "Москва и Пекин встретятся на саммите.", "Китай и Россия едут на саммит."]  # fmt: skip
    table = pd.DataFrame({"doc_id": list("abcdef"), "text": texts, "language": ["en"] * 3 + ["ru"] * 3})
    found = an.suggest_entries(an.passages(table), lexicon, frame="alliance")
    terms = found.groupby("language")["term"].agg(set)
    assert "summit" in terms["en"]
    assert "саммите" in terms["ru"]
    with pytest.raises(ValueError, match="Give passages, not tokens"):
        an.suggest_entries(an.tokenize(table), lexicon)


def test_lists_of_every_language_can_be_searched(lexicon):
    assert {"moscow", "путин*"} <= set(lexicon.named_lists["pair"])


def test_the_desk_changes_the_entries_of_every_language(lexicon):
    table = articles()
    passages = an.passages(table)
    hits = an.find_frames(passages, lexicon)
    desk = Bench(gathered(table, hits, passages=passages, lexicon=lexicon), lexicon)
    desk.change_lexicon([("alliance", "договор*")], [])
    assert len(desk.evidence.hits) == (hits["entry"] != "договор*").sum()
    desk.change_lexicon([], [Entry("подписали", "alliance", ("подписали",))])
    assert (desk.evidence.hits["entry"] == "подписали").sum() == 3


def test_check_names_the_language(lexicon):
    found = an.check_lexicon(lexicon, articles().head(8))
    assert found[["entry", "problem", "language"]].to_numpy().tolist() == []
    found = an.check_lexicon(lexicon, articles().drop(index=[8, 11, 14]))
    assert found[["pattern", "language"]].to_numpy().tolist() == [["договор*", "ru"]]


def test_the_command_line_names_the_language(path):
    spare = "lists: {spare: [x]}\n"
    text = TEXT.replace("frames:", f"{spare}frames:", 1).replace("    negation", f"    {spare}    negation")
    path.write_text(text, "utf-8")
    assert framing("lexicon", "check", path).stdout.splitlines() == [
        "English / @spare: list never used", "Russian / @spare: list never used", "own: entries 6, problems 2.",
    ]  # fmt: skip
    shown = framing("lexicon", "show", path).stdout
    places = [shown.index(words) for words in ("In English:", "treaty", "In Russian:", "договор*")]
    assert places == sorted(places)


def test_each_language_is_measured_by_itself(lexicon):
    coded = pd.DataFrame({"text": RUSSIAN, "alliance": [1, 0, 0], "economy": [0, 0, 1]})
    found = an.validate(coded.assign(language="ru"), lexicon)
    assert (found.language, found.sha256) == ("ru", an.validate(coded, lexicon.each["ru"]).sha256)
    both = pd.concat([coded, coded.assign(text=[*ENGLISH, "Rain."])], ignore_index=True)
    with pytest.raises(ValueError, match=r"must be in one language of the lexicon\. Found: en, ru\."):
        an.validate(both.assign(language=["ru"] * 3 + ["en"] * 3), lexicon)
    with pytest.raises(
        ValueError, match=r"^train_classifier: the lexicon is of several languages\. Found: en, ru\."
    ):
        an.train_classifier(coded, lexicon)


def test_tables_name_the_languages_and_what_was_not_measured(lexicon):
    read = an.passages(articles())
    shares = an.frame_shares(an.find_frames(read, lexicon), read)
    estimates = an.compare_outlets(shares, articles())
    assert estimates["language"].tolist() == ["en", "ru"] * 2
    notes = an.outlet_differences(shares, articles())["note"]
    assert notes.str.endswith(f"CNN is in English, TASS in Russian: {UNLIKE}").all()
    coded = pd.DataFrame({"text": ENGLISH, "alliance": [1, 0], "economy": [0, 1], "outlet": "CNN"})
    shown = an.with_validation(estimates, an.validate(coded, lexicon.each["en"]))
    assert shown["precision"].str.startswith("not validated in Russian").tolist() == [False, True] * 2
    english = shares.index.isin(articles()["doc_id"].head(8))
    assert "language" not in an.compare_outlets(shares[english], articles())


def test_a_report_of_two_languages_says_so(lexicon, tmp_path):
    coded = pd.DataFrame({"text": ENGLISH, "alliance": [1, 0], "economy": [0, 1], "outlet": "CNN"})
    measured = an.validate(coded, lexicon.each["en"])
    page = an.report(articles(), tmp_path / "r.html", lexicon=lexicon, coded=measured).read_text("utf-8")
    assert "in English, coded" in page
    assert "Not measured in Russian." in page
    assert "TASS in Russian" in page
    assert "were set aside: the lexicon" not in page
