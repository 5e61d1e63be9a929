"""Stop words: words too common to distinguish one text from another."""

from collections.abc import Collection
from functools import cache
from itertools import product

# scikit-learn's list contains words that matter in the news. First line: those that Nothman, Qin & Yurchak (2018,
# "Stop Word Lists in Free Open-source Software Packages") call controversial; second line: others. "un" is the
# United Nations in lower case. "us" stays a stop word: the tokeniser calls the country "u.s.".
CONTENT = """bill cry detail fill fire interest mill move serious sincere system thick thin
    amount bottom call describe empty front mine side top un"""

# A contraction is one term ("don't", "she'll"); the list knows a few without their apostrophe ("cant").
SUBJECTS = "i you he she it we they that this there here who what where when how let"
ENDINGS = "'s 'm 're 've 'll 'd"
NEGATED = """ain't aren't can't couldn't daren't didn't doesn't don't hadn't hasn't haven't isn't mightn't
    mustn't needn't oughtn't shan't shouldn't wasn't weren't won't wouldn't"""

# What remains of contractions where an archive removed the apostrophe. "don" and "won" stay terms: a name and a
# currency.
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


def stop_words(stopwords: Collection[str] | None) -> frozenset[str]:
    """The stop words: the list "english", none for None, or those given.

    Raises
    ------
    ValueError
        If another list is named; only "english" is included.
    """
    if stopwords is None:
        return frozenset()
    if stopwords == "english":
        return english()
    if isinstance(stopwords, str):
        raise ValueError(
            f"stopwords: the only list by name is 'english'. Found: {stopwords!r}. "
            "Give the words themselves, as a list or set, or None to keep every word."
        )
    return frozenset(stopwords)
