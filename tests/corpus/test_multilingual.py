"""Passages about a pair in languages other than English, and their sentences."""

from functools import cache
from itertools import chain

import pandas as pd
import pytest

import analysis as an
from analysis.corpus.countries import _territories, countries, names
from analysis.corpus.mentions import named
from analysis.corpus.pair import is_about
from analysis.corpus.passages import about_pair
from analysis.corpus.sentences import sentences
from analysis.corpus.writing import KNOWN, UNSPACED_LANGUAGES, grammar
from tests.data import cases

CASES = cases("pair_languages")
PAIR = ("Russia", "China")
EACH = [
    pytest.param(language, kind, text, id=f"{language} {kind} {text[:20]}")
    for language, kinds in CASES.items()
    for kind, texts in kinds.items()
    for text in texts
]
SIDED = cases("sides_languages")
SIDES = [(language, kind, text) for language, kinds in SIDED.items() for kind in kinds for text in kinds[kind]]
SENTENCES = cases("sentences")

OTHERS = cases("other_pairs")
OTHER_PAIRS = [
    pytest.param(language, tuple(pair.split(" – ")), kind, text, id=f"{language} {pair} {text[:20]}")
    for language, pairs in OTHERS.items()
    for pair, kinds in pairs.items()
    for kind, texts in kinds.items()
    for text in texts
]


@cache
def facts(language, pair):
    """What is told of each text of the cases, all at once; that a text is judged alone: ``test_pair``."""
    kinds = [*OTHERS.get(language, {}).get(" – ".join(pair), {}).values()]
    if pair == PAIR:
        kinds += [*CASES.get(language, {}).values(), *SIDED.get(language, {}).values()]
    texts = [*dict.fromkeys(chain(*kinds))]
    return is_about(texts, pair, language).set_axis(texts)


@pytest.mark.parametrize(("language", "pair", "kind", "text"), OTHER_PAIRS)
def test_other_pairs(language, pair, kind, text):
    assert facts(language, pair).loc[text, "named"] == (kind == "about")


# Names of one's own as people write them: the plain word, or the country's own name for itself as the key.
OWN = {
    "ru": ("Торговля Германии с Францией выросла.", {"Германия": ["Германия"], "Франция": ["Франция"]}),
    "de": ("Macrons Besuch in Berlin.", {"Deutschland": ["Deutschland"], "Frankreich": ["Frankreich"]}),
    "es": ("Los alemanes critican a París.", {"Alemania": ["Alemania"], "Francia": "Francia"}),
    "fr": ("Les Allemands critiquent l’Espagne.", {"Germany": ["Allemagne"], "Espagne": ["Espagne"]}),
    "ar": ("برلين تنتقد الحكومة الفرنسية.", {"المانيا": ["ألمانيا"], "فرنسا": ["فرنسا"]}),
    "zh": ("默克尔批评马克龙。", {"德国": ["德国"], "法国": ["法国"]}),
}


@pytest.mark.parametrize("language", OWN)
def test_plain_names_of_a_known_country_bring_its_others(language):
    text, about = OWN[language]
    found = is_about([text], about, language).iloc[0]
    assert (bool(found["named"]), bool(found["alone"])) == (True, True)


def test_names_are_found_with_the_marks_of_another_language_or_without():
    texts = ["Macron reçoit Erdoğan.", "Macron reçoit Erdog\u0306an.", "Macron reçoit Erdogan."]
    assert is_about(texts, ("France", "Turkey"), "fr")["named"].tolist() == [True] * 3


def test_a_pair_in_other_words_and_a_country_without_names():
    assert is_about(["中美关系"], ("US", "China"), "zh")["named"].tolist() == [True]
    articles = pd.DataFrame({"doc_id": ["m"], "text": ["Malta e Togo si accordano."], "language": ["it"]})
    with pytest.warns(UserWarning, match=r"names of countries are not known here \(it\)"):
        assert an.passages(articles, about=("Malta", "Togo")).empty
    assert is_about(["Malta und Togo einigten sich."], ("Malta", "Togo"), "de")["named"].tolist() == [True]


ISLANDS = {
    "en": "Denmark froze aid to the Faroe Islands.",
    "de": "Dänemark zahlt den Färöer-Inseln nichts.",
    "fr": "Copenhague menace les Îles Féroé.",
    "es": "Copenhague amenaza a las Islas Feroe.",
    "ru": "Копенгаген грозит Фарерским островам.",
    "zh": "丹麥與法羅群島協商。",
    "ja": "デンマークとフェロー諸島が協議した。",
    "ar": "الدنمارك تهدد جزر فارو.",
}


@pytest.mark.parametrize("language", ISLANDS)
def test_a_territory_that_is_not_among_ours_has_its_name(language):
    assert is_about([ISLANDS[language]], ("Denmark", "Faroe Islands"), language)["named"].tolist() == [True]


def test_a_territory_once_asked_for_is_not_among_the_countries_of_later_pairs():
    before = list(names(("Peru", "Chile"), "ru"))
    assert names(("Pitcairn Islands", "Russia"), "ru")["Pitcairn Islands"]
    assert list(names(("Chile", "Peru"), "ru")) == ["Chile", "Peru", *before[2:]]


def test_the_neighbouring_country_makes_an_article_one_on_two():
    text = " ".join(["Norwegen und Schweden streiten.", *["Es regnet."] * 11, "Im Nachbarland schneit es."])
    table = pd.DataFrame({"doc_id": ["a"], "text": [text], "language": ["de"]})
    assert an.passages(table, about=("Norway", "Sweden"))["position"].tolist() == [0, 12]


def test_every_language_has_cases():
    assert {*CASES, "en"} == set(KNOWN)  # those in English: pair.yaml


@pytest.mark.parametrize(("language", "kind", "text"), EACH)
def test_what_a_passage_is_about(language, kind, text):
    told = facts(language, PAIR).loc[text]
    assert told["named"] == (kind == "about")
    if kind == "meant":
        assert told["meant"]
    if kind in ("after", "apart"):
        assert followed(language)[text] == [0, 1][: 1 + (kind == "after")]


@cache
def followed(language):
    """The positions of passages in articles that have one about the pair and then a text of the cases."""
    texts = [text for kind in ("after", "apart") for text in CASES[language].get(kind, ())]
    articles = pd.DataFrame({"doc_id": texts, "text": [f"{CASES[language]['about'][0]} {text}" for text in texts]})
    return an.passages(articles.assign(language=language), about=PAIR).groupby("doc_id")["position"].agg(list)


@pytest.mark.parametrize(("language", "kind", "text"), SIDES)
def test_both_sides_are_the_two_countries_or_those_of_a_thing(language, kind, text):
    assert facts(language, PAIR).loc[text, "two"] == (kind == "two")


NAMES = cases("names_languages")


@pytest.mark.parametrize(("language", "country"), [(one, name) for one, known in NAMES.items() for name in known])
def test_who_is_named_and_what_only_looks_so(language, country):
    naming, _, others = NAMES[language][country].partition(":")
    texts = [f"OK, {word.replace('-', ' ')}." for word in [*naming.split(), *others.split()]]
    found = named(texts, names(PAIR, language), language).mentions
    told = [set(found["country"][found["text"] == at]) for at in range(len(texts))]
    assert told == [{country}] * len(naming.split()) + [set()] * len(others.split())


ASKED = cases("names_asked_languages")


@pytest.mark.parametrize(("language", "country"), [(one, name) for one, known in ASKED.items() for name in known])
def test_who_is_named_only_where_asked_for(language, country):
    naming, _, others = ASKED[language][country].partition(":")
    texts = [f"OK, {word.replace('~', ' ')}." for word in [*naming.split(), *others.split()]]
    for about, expected in (((country, "Japan"), True), (("France", "Japan"), False)):
        found = named(texts, names(about, language), language).mentions
        told = [country in set(found["country"][found["text"] == at]) for at in range(len(texts))]
        assert told == [expected and at < len(naming.split()) for at in range(len(texts))]


@pytest.mark.parametrize("about", [("Egypt", "Ethiopia"), ("Ethiopia", "Egypt"), ("Egypt", "China")])
def test_a_character_of_two_countries_is_the_one_that_it_mostly_is(about):
    assert named(["埃方说。"], names(about, "zh"), "zh").mentions["country"].tolist() == ["Egypt"]
    ours = names(("China", "Ethiopia"), "zh")
    assert named(["埃方说。"], ours, "zh").mentions["country"].tolist() == ["Ethiopia"]


# Babel's names left out: "مالي" is "financial", and no newspaper of Spain writes "Côte d’Ivoire".
EVERYDAY = {"ar": ["Mali", "Niue"], "es": ["Ivory Coast"]}


@pytest.mark.parametrize("language", KNOWN)
def test_every_country_is_known_by_the_name_that_babel_has(language):
    more, known = grammar(language)["asked"], countries(language)
    forms = {name: form for form, name in _territories(language).items() if name in known and name != "Hong Kong"}
    forms = {name: form for name, form in forms.items() if name not in EVERYDAY.get(language, [])}
    texts = [f"{form}。" if language in UNSPACED_LANGUAGES else f"OK, {form}." for form in forms.values()]
    every = {name: [*names, *more.get(name, [])] for name, names in known.items()}
    found = named(texts, every, language).mentions
    told = set(zip(found["text"], found["country"], strict=True))
    assert [form for at, (name, form) in enumerate(forms.items()) if (at, name) not in told] == []
    assert len(forms) > 195


@pytest.mark.parametrize("language", KNOWN)
def test_every_name_of_every_country_is_found(language):
    known = countries(language)
    forms = [(name, form.replace("*", "")) for name, every in known.items() for form in every]
    assert not [form for _, form in forms if "(" in form]  # @others of a lexicon would not be read
    texts = [form.replace("-", "-a" if form.endswith("-") else " ") for _, form in forms]
    found = named(texts, known, language).mentions
    pairs = set(zip(found["text"], found["country"], strict=True))
    assert [one for at, one in enumerate(forms) if (at, one[0]) not in pairs] == []


@pytest.mark.parametrize("language", SENTENCES)
def test_sentences_begin_and_end_where_they_do(language):
    expected = SENTENCES[language]
    text = ("" if language in UNSPACED_LANGUAGES else " ").join(expected)
    assert [text[start:end] for start, end in sentences(text, language)] == expected


@pytest.mark.parametrize("language", ["de", "es", "fr", "ru"])
def test_texts_without_capitals_are_cut_at_their_marks(language):
    text = " ".join(SENTENCES[language])
    expected = set(sentences(text, language))
    assert len(expected & set(sentences(text.lower(), language))) > 0.8 * len(expected)


def test_passages_of_a_lower_cased_text_are_sentences():
    text = (
        "Russland und China unterzeichnen ein Abkommen. In Berlin regnet es seit drei Tagen. Moskau hilft Peking."
    )
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": [text, text.lower()], "language": "de"})
    found = (
        an.passages(articles, about=PAIR)
        .groupby("doc_id")[["start", "end"]]
        .apply(lambda rows: rows.to_numpy().tolist())
    )
    assert found["a"] == found["b"] == [[0, 46], [84, 104]]


@pytest.mark.parametrize("end", ["\t", " \r", "\u2003"])
def test_blanks_of_any_kind_may_follow_the_last_mark(end):
    assert list(sentences(f"Es regnet. Es schneit.{end}", "de")) == [(0, 10), (11, 22)]


@pytest.mark.parametrize("language", KNOWN)
def test_no_word_of_a_language_is_read_as_a_truth_value(language):
    """YAML reads no, on and off as such, unless they are quoted."""
    lists = [value for value in grammar(language).values() if isinstance(value, list)]
    assert not any(isinstance(word, bool) for words in lists for word in words)


LISTS = {
    "en": ["Talks began.", "- Moscow sells gas", "- Beijing pays", "Then they ended."],
    "zh": ["会谈开始。", "1.俄罗斯出售天然气", "2.中国付款", "会谈结束。"],
    "ar": ["بدأت المحادثات.", "• روسيا تبيع الغاز", "• الصين تدفع", "ثم انتهت."],
}


@pytest.mark.parametrize("language", LISTS)
def test_each_line_of_a_list_is_a_sentence(language):
    text = "\n".join(LISTS[language])
    assert [text[start:end] for start, end in sentences(text, language)] == LISTS[language]


def test_articles_of_several_languages_stand_in_one_table():
    texts = [" ".join(CASES[language]["about"][:3]) for language in ("zh", "ru", "de")]
    articles = pd.DataFrame({"doc_id": ["z", "r", "d"], "text": texts})
    found = an.passages(articles, about=PAIR)
    assert set(found["doc_id"]) == {"z", "r", "d"}
    texts = articles.set_index("doc_id")["text"]
    assert all(texts[row.doc_id][row.start : row.end] == row.text for row in found.itertuples())
    assert found.groupby("doc_id")["language"].first().to_dict() == {"d": "de", "r": "ru", "z": "zh"}


def test_a_language_that_is_not_known_is_said():
    articles = pd.DataFrame(
        {
            "doc_id": ["k"],
            "text": ["러시아와 중국이 새로운 가스 협정에 서명했다고 당국자들이 월요일에 밝혔다. " * 3],
        }
    )
    with pytest.warns(UserWarning, match=r"names of countries are not known here \(ko\)"):
        assert an.passages(articles, about=PAIR).empty
    own = {"Russia": ["러시아*"], "China": ["중국*"]}
    assert len(an.passages(articles, about=own)) == 3


STORIES = {
    "es": ["Rusia y China firmaron un acuerdo de gas.", "Ayer llovió en Madrid.", "Los dos países comercian."],
    "fr": ["La Russie et la Chine ont signé un accord.", "Il pleut à Paris.", "Les deux pays commercent."],
    "en": ["Russia and China signed a treaty.", "It rained in Moscow.", "The two countries trade."],
}
GIVEN = {"Russia": ["rusia", "russie", "moscow", "russia"], "China": ["china", "chine"]}
NAMELESS = {"Russia": [], "China": []}  # known in these languages; in English it would be refused


@pytest.mark.parametrize(
    ("codes", "about"),
    [(codes, about) for codes in ("es", "fr", "es fr", "es fr en") for about in (PAIR, GIVEN)]
    + [(codes, NAMELESS) for codes in ("es", "fr", "es fr")],
)
def test_passages_are_those_of_all_sentences_that_are_about_the_pair(codes, about):
    turned = [(code, STORIES[code][at:] + STORIES[code][:at]) for code in codes.split() for at in range(3)]
    articles = pd.DataFrame([(code, " ".join(text)) for code, text in turned], columns=["language", "text"])
    articles.insert(0, "doc_id", [f"d{at}" for at in range(len(articles))])
    every, found = an.passages(articles, about=None), an.passages(articles, about=about)
    assert found["text"].tolist() == every.loc[about_pair(every, about), "text"].tolist()
    assert found["doc_id"].nunique() == len(articles)
