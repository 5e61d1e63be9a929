"""Which language an article is in."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.arrays import Flags, Ints
from analysis.corpus.countries import countries
from analysis.corpus.files import shipped
from analysis.corpus.words import holding, strings, words
from analysis.corpus.writing import NO_SEGMENTER, folded, lacks_segmenter

UNKNOWN = ""  # no letters, or too few to decide
READ = 400  # characters of a text that are looked at: more change no answer on news, and cost time
SHORT = 60  # letters below which a text is judged with what the longer texts of its corpus are written in
ALIKE = 10  # letters below which the text alone does not show which language of a shared script it is in
FEW = 6  # different words below which a text is too short to show its language
LEAST = 2  # letters without which nothing can be said

# Scripts by their code points, the languages that news is written in, and what shows them: in scripts.yaml.
KNOWN = shipped("analysis.corpus", "scripts.yaml")
SCRIPTS = {name.lower(): rf"\p{{{name}}}" for name in KNOWN["scripts"]} | {"kana": r"[\p{Hiragana}\p{Katakana}]"}
SHARED = {script: codes.split() for script, codes in KNOWN["shared"].items()}
LATIN = frozenset(SHARED["latin"])
WRITTEN = ("en", "de", "es", "fr")  # English, and others in Latin letters with names of countries that are known
CLEAR, LITTLE = 2, 3  # words more than of English, and in all, by which a text of a few words is in a language
WEIGHT = 6  # of the prior beside the identifier's score, which grows by some ten a word; by the cases of the tests
RARE = np.log(1e-3)  # of a language in which no longer text of the corpus is written
KANA = 0.1  # of the characters of Han and kana: a Chinese text names a Japanese brand in fewer
OTHER = r"[\x{0370}-\x{1fff}\x{3040}-\x{d7ff}\x{f900}-\x{fdff}\x{ff66}-\x{ffdc}]"  # a letter of another script
LATER = "?"  # of a short text in Latin letters, which is judged with the others
SMALL, DIFFERENT = 0.15, 3  # small words of a text, as a share and in number; in news a third or more
OFTEN = 0.08  # of all words; in News Articles .09 to .35


def languages(texts: Sequence[str], *, beside: Mapping[str, int] | None = None, later: bool = False) -> list[str]:
    """The language of each text as its ISO 639-1 code, "" where it has too few letters.

    The script decides where only one language of the news uses it; among the others the most likely is taken (Lui
    & Baldwin 2012, *ACL System Demonstrations*; py3langid). A text of a few words is judged together with the
    longer texts given with it, which show what the corpus is written in; ``beside`` are the numbers of further
    longer texts in each language. ``later``: the language of short texts in Latin letters is left open.

    >>> languages(["Russia and China agreed.", "Россия и Китай", "俄罗斯和中国", "ロシアと中国", "42"])
    ['en', 'ru', 'zh', 'ja', '']
    """
    opened = strings([text[:READ] for text in texts])
    plain = ~holding(opened, OTHER)
    found = _marked(opened, plain)
    scripts, mixed = np.zeros((len(texts), len(SCRIPTS)), dtype=np.int64), ~plain & (found == UNKNOWN)
    scripts[mixed] = _scripts(opened.filter(pa.array(mixed)))
    scripts[plain, 0] = pc.count_substring_regex(opened.filter(pa.array(plain)), SCRIPTS["latin"]).to_numpy()
    letters = scripts.sum(axis=1)
    main = np.array(list(SCRIPTS))[scripts.argmax(axis=1)]
    for code, (script, own, others) in KNOWN["letters"].items():
        found[(main == script) & (letters >= ALIKE) & holding(opened, own) & ~holding(opened, others)] = code
    unsure = found == UNKNOWN
    for at in np.flatnonzero(unsure & (letters >= SHORT)):
        code = _language(texts[int(at)][:READ], str(main[at]), scripts[at])
        found[at] = code if code not in LATIN or _spoken(texts[int(at)][:READ], code) else UNKNOWN
    numbers = Counter(found) + Counter(beside)
    prior = {code: np.log(n / numbers.total()) for code, n in numbers.items() if code != UNKNOWN}
    short = unsure & (letters < SHORT) & (letters >= LEAST)
    if later:
        wait = short & (main == "latin") & ((letters >= ALIKE) | bool(prior))
        found[wait] = LATER
        short &= ~wait
    for at in np.flatnonzero(short):
        found[at] = _language(texts[int(at)][:READ], str(main[at]), scripts[at], prior)
    return [str(code) for code in found]


def languages_of_words(bags: Sequence[str]) -> Counter[str]:
    """How many of some bags of words are in each language; a few words alone do not show it.

    >>> dict(languages_of_words(["pipeline gas deal minister signed agreement russia china energy exports"]))
    {'en': 1}
    """
    opened = strings([bag[:READ] for bag in bags])
    scripts = _scripts(opened)
    rows = zip(opened.to_pylist(), np.array(list(SCRIPTS))[scripts.argmax(axis=1)], scripts, strict=True)
    return Counter(_language(bag, str(script), own) for bag, script, own in rows if own.sum() >= SHORT)


def guessed(texts: Sequence[str], *, beside: Mapping[str, int] | None = None) -> list[str]:
    """The language of each text; short ones in Latin letters are in that of the others, of all together, or alone.

    ``beside`` are the numbers of further texts in each language, none of them ``brief``.
    """
    codes = np.array(languages(texts, beside=beside, later=True), dtype=object)
    latin = np.flatnonzero(np.isin(codes, [LATER, *LATIN]))
    few = latin[[codes[at] == LATER or brief(texts[int(at)]) for at in latin.tolist()]]
    said = spoken([texts[int(at)] for at in few])
    codes[few] = LATER
    longer = Counter(code for code in codes.tolist() if code in LATIN)
    longer += Counter({code: n for code, n in (beside or {}).items() if code in LATIN})
    together = " ".join(texts[int(at)] for at in few[:READ])
    usual = longer.most_common(1)[0][0] if longer else "en" if brief(together) else languages([together])[0]
    alone = [usual] * len(few) if usual else languages([texts[int(at)] for at in few])
    codes[few] = [code or own for code, own in zip(said, alone, strict=True)]
    return [str(code) for code in codes]


def brief(text: str) -> bool:
    """Whether a text is too short to show its language by itself."""
    letters = sum(map(str.isalpha, text[: 4 * SHORT]))
    return letters < SHORT or len(set(text[: 2 * SHORT].split())) < FEW


def _marked(texts: pa.Array, plain: Flags) -> "npt.NDArray[np.object_]":
    """The language of the texts in Latin letters alone that have the marks of one; "" of the others."""
    patterns = [r"\S+", *(rf"(?i)\b(?:{marks})\b" for marks in KNOWN["marks"].values())]
    words, *number = (pc.count_substring_regex(texts, pattern).to_numpy() for pattern in patterns)
    fits = plain & (np.array(number) >= OFTEN * words) & (np.array(number) > 2)
    codes = np.array([*KNOWN["marks"]], dtype=object)
    return np.where(fits.sum(axis=0) == 1, codes[fits.argmax(axis=0)], UNKNOWN)


def _spoken(text: str, code: str) -> bool:
    """Whether a text in Latin letters has the small words of the language: a list of names or codes has none."""
    import stopwordsiso

    small = stopwordsiso.stopwords(code) if code in stopwordsiso.langs() else set()
    words = [word.strip(".,;:!?\"'()«»„“”") for word in text.lower().split()]
    among = [word for word in words if word in small]
    return len(among) >= SMALL * len(words) and len(set(among)) >= DIFFERENT


def _scripts(texts: pa.Array) -> Ints:
    """How many characters of each script a text has."""
    counts = [pc.count_substring_regex(texts, pattern).to_numpy() for pattern in SCRIPTS.values()]
    return np.column_stack(counts).astype(np.int64)


def _language(text: str, script: str, scripts: Ints, prior: dict[str, float] | None = None) -> str:
    counts = dict(zip(SCRIPTS, scripts.tolist(), strict=True))
    if script in ("han", "kana"):
        return "ja" if counts["kana"] > KANA * (counts["kana"] + counts["han"]) else "zh"
    if script in KNOWN["alone"]:
        return str(KNOWN["alone"][script])
    if prior == {} and sum(counts.values()) < ALIKE:
        return UNKNOWN
    ranked = dict(_identifier(script).rank(text))
    if prior is not None:
        for code in ranked:
            ranked[code] += WEIGHT * (prior.get(code, RARE) - np.log1p(SHARED[script].index(code)))
    return str(max(ranked, key=lambda code: ranked[code]))


@cache
def _identifier(script: str) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    own = LanguageIdentifier.from_model_file(MODEL_FILE)
    own.set_languages([code for code in SHARED[script] if code in own.labels])
    return own


def given_codes(given: "pd.Series[str]") -> "pd.Series[str]":
    """The ISO 639-1 codes of languages as databases name them, "" where the name is not known.

    >>> given_codes(pd.Series(["ENGLISH; ANGLAIS", "zh-CN", "Französisch", "eng", "简体中文", "News"])).tolist()
    ['en', 'zh', 'fr', 'en', 'zh', '']
    """
    codes = {name: _code(str(name)) for name in given.dropna().unique() if name}
    return pd.Series([codes.get(name, UNKNOWN) for name in given], given.index, dtype="str")


def _code(name: str) -> str:
    words = [word.strip().casefold() for word in re.split(r"[;,|/(]", name)]
    shorter = [re.split(r"[-_]", word)[0] for word in words]
    return next((_code_names()[word] for word in [*words, *shorter] if word in _code_names()), UNKNOWN)


def segmented(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles; those in Chinese with a ``problem`` and no text where its words cannot be found."""
    if not {"language", "problem"}.issubset(articles):
        return articles  # a table of ours that was written without them
    chinese = articles["language"].eq("zh") & articles["problem"].eq("")
    if not (chinese.any() and lacks_segmenter()):
        return articles
    problem = articles["problem"].mask(chinese, f"Chinese text: {NO_SEGMENTER}")
    text = {"text": articles["text"].mask(chinese, "")} if "text" in articles else {}
    return articles.assign(**text, problem=problem)


@cache
def language_name(code: str) -> str:
    """The language of an ISO 639-1 code in English; the code itself where it is not known.

    >>> language_name("ru"), language_name("xx")
    ('Russian', 'xx')
    """
    from babel import Locale

    return str(Locale.parse("en").languages.get(code, code))


@cache
def _code_names() -> dict[str, str]:
    """Codes by the names of languages in the menus' languages, as Babel has them, and by longer codes."""
    from babel import Locale
    from babel.core import get_global

    known = {code for codes in SHARED.values() for code in codes} | {*KNOWN["alone"].values(), "zh", "ja"}
    names = {name: code for name, code in get_global("language_aliases").items() if code in known}
    names |= {code: code for code in known}
    for menu in ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "zh", "ja"):
        languages = Locale.parse(menu).languages
        names |= {languages[code].casefold(): code for code in sorted(known) if code in languages}
    return names | dict.fromkeys(["简体中文", "繁體中文", "繁体中文", "simplified chinese", "mandarin"], "zh")


def spoken(texts: Sequence[str]) -> list[str]:
    """The language whose small words and names a text of a few words holds; "" where English might be it as well.

    >>> spoken(["Moskau und Peking einigen sich", "Xi and Putin meet", "Putin trifft Xi"])
    ['de', '', '']
    """
    found = words(texts)
    forms = np.array([folded(form) for form in found.forms], dtype=object)
    once = pd.DataFrame({"text": found.text, "form": forms[found.codes]}).drop_duplicates()
    known = ({form for form in forms if _known(code).fullmatch(form)} for code in WRITTEN)
    scores = [np.bincount(once["text"], once["form"].isin(own), minlength=len(texts)) for own in known]
    clear = np.max(scores, axis=0) >= np.maximum(np.where(scores[0] == 0, CLEAR, LITTLE), scores[0] + CLEAR)
    clear &= ~holding(strings(texts), "Ã")  # "Ã¢" is a damaged apostrophe
    best = np.argmax(scores, axis=0).tolist()
    return [WRITTEN[at] if is_clear else UNKNOWN for at, is_clear in zip(best, clear, strict=True)]


@cache
def _known(code: str) -> re.Pattern[str]:
    """Small words, and names of countries of one word, in a language."""
    import stopwordsiso

    names = (form for named in countries(code, leaders=False).values() for form in named if " " not in form)
    forms = map(folded, [*sorted(stopwordsiso.stopwords(code)), *names])
    return re.compile("|".join(re.escape(form).replace(r"\*", r"\w*") for form in forms))
