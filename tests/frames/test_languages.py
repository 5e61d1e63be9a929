"""Lexicons in other languages than English, and what they refuse."""

import pandas as pd
import pytest

import analysis as an
from analysis.frames.conditions import Negation
from tests.data import cases, refused

# A pattern, a sentence in which it counts, one in which it is negated, and the negators.
CASES = {
    "zh": ("盟友", "中国和俄罗斯是盟友。", "中国和俄罗斯不是盟友。", Negation(("不是", "没有"), 4)),
    "ru": ("союзник*", "Россия и Китай — союзники.", "Россия и Китай не союзники.", Negation(("не",), 3)),
    "de": (
        *("kooperier*", "Russland und China kooperieren.", "Russland und China kooperieren nicht."),
        Negation(("nicht",), 3, behind=2),
    ),
    "fr": (
        *("alliés", "La Russie et la Chine sont des alliés.", "La Russie et la Chine ne sont pas des alliés."),
        Negation(("pas",), 3),
    ),
    "es": ("aliados", "Rusia y China son aliados.", "Rusia y China no son aliados.", Negation(("no",), 3)),
    "ar": ("*حليف*", "الصين حليفة روسيا.", "الصين ليست حليفة روسيا.", Negation(("ليست", "ليس"), 3)),
    "ja": ("同盟", "ロシアと中国は同盟を結んだ。", "ロシアと中国に同盟はない。", Negation(("ない",), 1, behind=3)),
}
ENGLISH = "Russia and China signed a treaty of friendship with each other on Monday."


def lexicon(language, negation=None):
    entry = an.Entry(CASES[language][0], "alliance")
    about = ("Russia", "China")
    return an.Lexicon(language, entries=[entry], about=about, language=language, negation=negation or Negation())


def passages(*texts, language=None):
    articles = pd.DataFrame({"doc_id": [f"d{at}" for at in range(len(texts))], "text": texts})
    return an.passages(articles if language is None else articles.assign(language=language))


@pytest.mark.parametrize("language", CASES)
def test_a_hit_and_its_negation(language):
    pattern, plain, negated, words = CASES[language]
    found = an.find_frames(passages(plain, negated, language=language), lexicon(language, words))
    assert found["negated"].tolist() == [False, True], pattern


@pytest.mark.parametrize("language", ["zh", "ru", "ar"])
def test_another_language_is_refused_not_counted_as_nothing(language):
    found = passages(CASES[language][1], ENGLISH)
    message = (
        rf"^passages: 1 of 2 are in another language .* Found: {language}\. Give a lexicon of theirs \('language"
    )
    with pytest.raises(ValueError, match=message) as raised:
        an.find_frames(found, an.read_lexicon("russia-china"))
    kept = eval(str(raised.value).partition("passages = ")[2].removesuffix("."), {"passages": found})
    assert kept["language"].tolist() == ["en"]
    own = found[found["language"] == language]
    assert len(an.find_frames(own, lexicon(language))) == 1


def test_coded_passages_without_a_language_are_refused_too():
    coded = pd.DataFrame({"text": [CASES["zh"][1], CASES["zh"][2]], "alliance": [1, 0]})
    with pytest.raises(ValueError, match="another language than the lexicon"):
        an.validate(coded, lexicon("ru"))


HELD = {
    "zh": (["贸易", "战略伙伴", "制裁"], "中俄双边贸易额增长，战略伙伴关系反对单边制裁。"),
    "ja": (["貿易", "制裁"], "日韓の貿易額は経済制裁で減った。"),
    "ar": (["تعاون", "عقوبات", "اتفاق", "بيان مشترك"], "وقعا اتفاقا وبياناً مشتركاً للتعاون ورفضا العقوبات."),
}


@pytest.mark.parametrize("language", HELD)
def test_a_word_within_another_or_after_a_proclitic_is_found_and_not_called_absent(language):
    patterns, text = HELD[language]
    own = an.Lexicon("own", entries=[an.Entry(one, "frame") for one in patterns], language=language)
    articles = pd.DataFrame({"doc_id": ["a"], "text": [text], "language": [language]})
    assert len(an.find_frames(articles, own)) == len(patterns)
    assert an.check_lexicon(own, articles).empty


@pytest.mark.parametrize(
    "case", cases("negation_languages"), ids=lambda case: f"{case['language']}-{case['match'][0]}"
)
def test_the_scope_of_negation_by_language(case):
    entries, language = [an.Entry(one, "f") for one in case["match"]], case["language"]
    negated, plain = (case.get(key, []) for key in ("negated", "plain"))
    own = an.Lexicon(language, entries=entries, language=language, negation=Negation(tuple(case["words"])))
    articles = pd.DataFrame({"text": [*negated, *plain], "language": language})
    hits = an.find_frames(articles.assign(doc_id=[str(at) for at in articles.index]), own)
    assert hits["doc_id"].nunique() == len(articles)
    assert hits["negated"].tolist() == hits["doc_id"].astype(int).lt(len(negated)).tolist()


def test_a_language_is_read_and_written(tmp_path):
    given = lexicon("de", Negation(("nicht",), 3, behind=2))
    an.write_lexicon(given, tmp_path / "de.yaml")
    again = an.read_lexicon(tmp_path / "de.yaml")
    assert (again.language, again.negation) == ("de", given.negation)
    assert "Only passages in the language 'de' are searched." in again.policy


def test_a_pair_has_its_names_in_each_language():
    lists = lexicon("ru").named_lists
    assert "путин*" in lists["pair"]
    assert "сша" in lists["others"]


def both(**changed):
    english = an.Lexicon("english", entries=[an.Entry("treaty", "alliance")], about=("Russia", "China"))
    return [english, lexicon("zh", CASES["zh"][3]), *changed.values()]


def test_several_lexicons_each_in_its_language_give_one_table():
    found = passages(CASES["zh"][1], ENGLISH, CASES["zh"][2])
    hits = an.find_frames(found, both())
    assert hits["text"].tolist() == ["盟友", "treaty", "盟友"]
    assert hits["negated"].tolist() == [False, False, True]
    assert hits["frame"].cat.categories.tolist() == ["alliance"]
    alone = an.find_frames(found[found["language"] == "zh"], both()[1])
    pd.testing.assert_frame_equal(hits.iloc[[0, 2]].reset_index(drop=True), alone)


def test_lexicons_that_do_not_stand_in_one_table_are_refused():
    found = passages(CASES["zh"][1], ENGLISH)
    other = an.Lexicon("other", entries=[an.Entry("договор*", "trade")], language="ru")
    with pytest.raises(
        ValueError, match=r"'other' \(ru\) does not have the labels of 'english' in their order\. Found: trade"
    ):
        an.find_frames(found, both(other=other))
    with pytest.raises(ValueError, match=r"two are written for the same language\. Found: zh"):
        an.find_frames(found, both(again=lexicon("zh")))
    other = (
        "passages: 1 of 2 are in another language than the lexicon 'english' (en). Found: zh. Give a lexicon of "
        "theirs ('language: zh' in its YAML), or {}leave the others out: passages = "
        "passages[~passages['language'].isin(['zh'])]."
    )
    with refused(other.format("")):
        an.find_frames(found, both()[:1])
    with refused(other.format("name each passage's in a column 'language' and ")):
        an.find_frames(found.drop(columns="language"), both()[:1])
