"""Stop words: words too common to distinguish one text from another."""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from itertools import product

import stopwordsiso

from analysis.corpus.files import shipped
from analysis.corpus.language import languages
from analysis.corpus.writing import folded

LEAST = 0.02  # of the texts: a single quotation in another language does not add its list


@cache
def english() -> frozenset[str]:
    """English stop words: scikit-learn's list with less and more, by ``stopwords.yaml``.

    >>> sorted(word for word in ("us", "u.s.", "don't", "s", "fire", "un") if word in english())
    ["don't", 's', 'us']
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    own = {name: words.split() for name, words in shipped("analysis.text", "stopwords.yaml").items()}
    contractions = map("".join, product(own["subjects"], own["endings"]))
    known: frozenset[str] = ENGLISH_STOP_WORDS - {*own["content"]}
    return known.union(contractions, own["negated"], own["pieces"])


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
