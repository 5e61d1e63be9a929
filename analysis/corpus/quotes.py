"""Damaged quotation marks of the News Articles corpus, made whole.

Its pages were UTF-8 read as a Chinese double-byte encoding: the last byte of a curly mark or dash took the
next character with it. What is left is ``"?`` where a space (or a digit) was eaten, ``"`` before ``t`` or
``ve``, and ``"\ufffd`` where the pair made a character that was lost.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

DAMAGED = '"?'


@dataclass(frozen=True)
class Rule:
    """One repair: matches of ``pattern`` become ``replacement``; ``example`` is a place it was made for."""

    name: str
    example: str
    pattern: str
    replacement: str


# What can follow an eaten space. Not a space, "." or "?": there the mark may be genuine.
NEXT = r"""(?=[\w\["“(#$&—-])"""
AFTER_PUNCTUATION = r"""(?<=[,.?!:;)\]'%])"""

# Order matters: apostrophes and dashes first, so that the marks that are left pair up as quotations.
RULES = (
    # Not "s: of three such places two are a closing mark that ate a letter ("Month Mania"s a tournament).
    Rule("apostrophe", 'I don"t', r"""(?<=[A-Za-z])"(?=(?:t|ve|re|ll|d|m)\b)""", "'"),
    Rule("apostrophe and lost sign", 'I"\ufffdm', r"""(?i)(?<=[a-z])"\ufffd(?=(?:t|ve|re|ll|d|m|s)\b)""", "'"),
    Rule("apostrophe of a name", 'O"\ufffdNeill, Cote d"\ufffdIvoire', r"""(?<=\b[Od])"\ufffd(?=[A-Z])""", "'"),
    Rule("dash and lost sign", 'these devices"\ufffdlaptops', r'(?<=\w)"\ufffd(?=\w)', "—"),
    # Before "?" the lost sign is a Chinese character, and stays.
    Rule("opening mark and lost sign", 'said, "\ufffdKnow better', r'"\ufffd(?!\?)', '"'),
    Rule("dash after a closing mark", 'on coal"?"?actually', r'(?<="\?)"\?(?=[^\d\s.])', "— "),
    Rule("dash and hyphen", 'a most important -"?and final', r'\s?-"\?\s?', " — "),
    # Not before a digit: it may be a dash, or an opening mark that ate the first digit of "20/20".
    Rule("dash", 'the portraits "?including one', r'(?<=\s)"\?\s?(?=[^\d\s.])', "— "),
    Rule("closing mark and space", 'what it was."? The', rf"""{AFTER_PUNCTUATION}"\?(?=\s|$)""", '"'),
    Rule("closing mark", 'to be honest,"?he said', rf"""{AFTER_PUNCTUATION}"\?(?=\S)""", '" '),
    # 200 characters: longer than any quotation that ends without punctuation in 100 that were looked at.
    Rule(
        "quoted words",
        'both "winners"?and',
        rf"""(?<![^\s(\[—-])"((?!\s)[^"]{{0,200}}\w)"\?{NEXT}""",
        r'"\1" ',
    ),
    Rule("possessive", 'Nunes"?visit', rf'(?<=s)"\?{NEXT}', "' "),
    Rule("closing mark after a word", 'the end of a long quotation"?and', rf'(?<=[^\W\d_])"\?{NEXT}', '" '),
)


def repair_quotes(texts: Sequence[str]) -> tuple[list[str], dict[str, int]]:
    """The texts with whole quotation marks, and how often each rule was applied.

    A genuine ``word"? Next`` (a quotation that ends a question) stays, and so does every place that cannot be
    told: ``"?`` before a digit may be a dash, or a mark that ate another digit.

    >>> repaired, applied = repair_quotes(['"We don"t know,"?he said.'])
    >>> print(*repaired)
    "We don't know," he said.
    >>> {rule: times for rule, times in applied.items() if times}
    {'apostrophe': 1, 'closing mark': 1}
    """
    patterns = [(rule, re.compile(rule.pattern)) for rule in RULES]
    applied = {rule.name: 0 for rule in RULES}
    repaired = []
    for text in texts:
        for rule, pattern in patterns if '"' in text else ():
            text, times = pattern.subn(rule.replacement, text)
            applied[rule.name] += times
        repaired.append(text)
    return repaired, applied
