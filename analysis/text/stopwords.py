"""Stop words: words too common to distinguish one text from another."""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from itertools import product

import stopwordsiso

from analysis.corpus.language import languages
from analysis.corpus.writing import folded

LEAST = 0.02  # of the texts: a single quotation in another language does not add its list

# scikit-learn's list contains words that matter in the news. First line: those that Nothman, Qin & Yurchak (2018)
# call controversial; second line: others, such as the United Nations in lower case. "us" stays a stop word: the
# tokeniser calls the country "u.s.".
CONTENT = """bill cry detail fill fire interest mill move serious sincere system thick thin
    amount bottom call describe empty front mine side top un"""

# A contraction is one term ("don't", "she'll"); the list knows a few without their apostrophe ("cant").
SUBJECTS = "i you he she it we they that this there here who what where when how let"
ENDINGS = "'s 'm 're 've 'll 'd"
NEGATED = """ain't aren't can't couldn't daren't didn't doesn't don't hadn't hasn't haven't isn't mightn't
    mustn't needn't oughtn't shan't shouldn't wasn't weren't won't wouldn't"""

# What remains of contractions without their apostrophe. "don" and "won" stay terms: a name and a currency.
PIECES = "s t d m ll ve aren couldn didn doesn hadn hasn haven isn shouldn wasn weren wouldn"


@cache
def english() -> frozenset[str]:
    """English stop words: scikit-learn's list without its content words, and with contractions.

    >>> sorted(word for word in ("us", "u.s.", "don't", "s", "fire", "un") if word in english())
    ["don't", 's', 'us']
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    contractions = ("".join(parts) for parts in product(SUBJECTS.split(), ENDINGS.split()))
    known = frozenset(ENGLISH_STOP_WORDS) - set(CONTENT.split())
    return known.union(contractions, NEGATED.split(), PIECES.split())


def stop_words(stopwords: Collection[str] | None, texts: Sequence[str] = ()) -> frozenset[str]:
    """The stop words asked for: of the texts' languages ("auto"), of one by its code, those given, or none.

    >>> words = stop_words("auto", ["Russland und China sind enge Partner, sagte der Sprecher."])
    >>> "und" in words, "the" in words
    (True, False)
    """
    if stopwords is None:
        return frozenset()
    if not isinstance(stopwords, str):
        return frozenset(stopwords)
    if stopwords != "auto":
        return _of_language({"english": "en"}.get(stopwords, stopwords))
    found = Counter(languages(texts))
    codes = [code for code, n in found.items() if stopwordsiso.has_lang(code) and n >= LEAST * len(texts)]
    return frozenset().union(*(_of_language(code) for code in sorted(codes) or ["en"]))


def _of_language(code: str) -> frozenset[str]:
    if code == "en":
        return english()
    if not stopwordsiso.has_lang(code):
        raise ValueError(
            f"stopwords: no list is known for {code!r}. Give a language's code ('de', 'fr', 'zh'), the words "
            "themselves as a list or set, or None to keep every word."
        )
    return frozenset(folded(word) for word in stopwordsiso.stopwords(code))
