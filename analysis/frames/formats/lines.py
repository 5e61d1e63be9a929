"""Dictionaries that are lines of text: LIWC's (``.dic``), WordStat's (``.cat``) and Lexicoder 3's (``.lc3``).

LIWC has numbered categories between two lines "%", then words with their numbers. From 2015 on categories are
indented under one another and have a long name in brackets, and a word may be a phrase (manuals of LIWC2007 and
LIWC2015; Pennebaker, Booth & Francis). WordStat indents categories, and below them words with weights in brackets;
its rules (``@name [a NEAR b /C5]``) are listed as losses (user guide of Provalis Research). Lexicoder has a line
"+category", then its words and phrases; categories do not nest, so a nested key is written with its dots and read
back as one (Daku, Soroka & Young 2015).
"""

import re

from analysis.frames.formats.dictionary import Dictionary, Format, Loss, Term, broken, number

LINE_ENDS = re.compile(r"\r\n|\r|\n")  # not str.splitlines, which also splits at form feeds within a line
Lines = list[tuple[int, str]]  # numbered from 1, without blank ones
MARK = "%"
CATEGORY = re.compile(r"(?P<code>\d+)\s+(?P<name>\S.*?)(?:\s+\((?P<meaning>[^()]*)\))?\s*")
# Tabs divide a word from its numbers; files typed by hand have spaces, so there the numbers begin where only
# numbers and conditions follow.
WORD = re.compile(r"(?P<word>[^\t]*?\S)\s*\t\s*(?P<codes>.*)|(?P<typed>\S.*?)(?P<numbers>(?:\s+[\d<(]\S*)+)")
CONDITION = frozenset("(<>/")
NEIGHBOURS = "patterns cannot depend on the categories of neighbours"
CODE = re.compile(r"\([^()]*\)\S*|\S+")
RULE = re.compile(r"\s*@[^\s\[]+\s*\[.*\]\s*(\([^()]*\))?\s*")
WEIGHED = re.compile(r"(?P<word>.*\S)\s*\((?P<weight>[+-]?\d+(?:[.,]\d+)?)\)")


def _lines(text: str) -> Lines:
    return [(at, line) for at, line in enumerate(LINE_ENDS.split(text), 1) if line.strip()]


def _indent(line: str) -> int:
    """How far a line is indented; a tab reaches the next eighth column, as editors show it."""
    shown = line.expandtabs(8)
    return len(shown) - len(shown.lstrip())


def read_liwc(text: str, place: str) -> Dictionary:
    """The categories and words of a LIWC dictionary; a word of several categories is a term of each."""
    every = _lines(text)
    marks = [at for at, (_, line) in enumerate(every) if line.strip() == MARK]
    if len(marks) < 2 or marks[0] != 0:
        what = "the two lines '%' around LIWC's categories are missing; the first opens the file"
        remedy = 'Add them, or name the format with format=. Of words alone, give columns={"pattern": 1}, '
        remedy += "or in a shell: framing lexicon convert IN OUT.yaml --column pattern=1."
        raise broken(place, every[0][0] if every else 1, f"{what}. {remedy}")
    read = Dictionary(place)
    names = _categories(every[1 : marks[1]], read)
    for at, line in every[marks[1] + 1 :]:
        if not (found := WORD.fullmatch(line.strip())):
            raise broken(place, at, f"{line.strip()!r} has no category. Write a tab and its numbers after it.")
        word = " ".join((found["word"] or found["typed"]).split())
        for code in CODE.findall(found["codes"] or found["numbers"]):
            if code.isdecimal() and int(code) in names:
                read.terms.append(Term(names[int(code)], word, at))
            elif CONDITION & set(code):
                read.lose(f"condition {code!r}", at, NEIGHBOURS, entry=word)
            else:
                read.lose(f"category {code!r}", at, "the file has no category of this number", entry=word)
    return read


def _categories(every: Lines, read: Dictionary) -> dict[int, str]:
    names: dict[int, str] = {}
    for at, line in every:
        if not (found := CATEGORY.fullmatch(line.strip())):
            read.lose(f"line {line.strip()!r}", at, "not a category, which has a number and a name")
            continue
        if (code := int(found["code"])) in names:
            remedy = "Give each category a number of its own."
            raise broken(read.place, at, f"category {code} is duplicated. {remedy}")
        names[code] = read.key(found["name"], _indent(line), at, found["meaning"] or "")
    return names


def write_liwc(dictionary: Dictionary) -> str:
    """The dictionary as LIWC2015 reads it: nested categories, their long names in brackets."""
    code = {key: at for at, key in enumerate(dictionary.families, 1)}
    words: dict[str, list[int]] = {}
    for term in dictionary.terms:
        words.setdefault(term.pattern, []).append(code[term.frame])
    meanings = {key: f" ({_unbracketed(meaning)})" for key, meaning in dictionary.frames.items() if meaning}
    head = [
        "\t" * key.count(".") + f"{at}\t{key.rpartition('.')[2]}{meanings.get(key, '')}"
        for key, at in code.items()
    ]
    body = ["\t".join([word, *map(str, sorted(codes))]) for word, codes in words.items()]
    return "\n".join([MARK, *head, MARK, *body, ""])


def _unbracketed(text: str) -> str:
    return re.sub(r"[()]", "", text)


def read_wordstat(text: str, place: str) -> Dictionary:
    """The categories, patterns and weights of a WordStat dictionary; words in no category are listed."""
    read = Dictionary(place)
    loose: list[Term] = []
    for at, line in _lines(text):
        read.close(_indent(line))
        if RULE.fullmatch(line):
            why = "a rule of WordStat; write it as negation, or as an entry with only: or unless:"
            read.lose("rule", at, why, read.path, line.split()[0])
        elif found := WEIGHED.fullmatch(line.strip()):
            weight = float(found["weight"].replace(",", "."))
            term = Term(read.path, " ".join(found["word"].split()), at, weight)
            (read.terms if term.frame else loose).append(term)
        else:
            read.key(line, _indent(line), at)
    if not read.terms:
        remedy = "Indent words under theirs, as in 'trade (1)' below 'TRADE'."
        raise broken(place, loose[0].line if loose else 1, f"no category holds a word with a weight. {remedy}")
    for term in loose:
        read.lose("pattern", term.line, "in no category", entry=term.pattern)
    used = [f"{term.frame}." for term in read.terms]
    for frame in (frame for frame in read.frames if not any(one.startswith(f"{frame}.") for one in used)):
        read.losses.append(Loss(frame, "", "category", "holds no word; a word has a weight, as in 'trade (1)'"))
    return read


def write_wordstat(dictionary: Dictionary) -> str:
    """The lines WordStat reads, a tab a level."""
    rows = []
    for key in dictionary.families:
        own = [f"\t{term.pattern} ({number(term.weight)})" for term in dictionary.terms if term.frame == key]
        rows += ["\t" * key.count(".") + line for line in (key.rpartition(".")[2], *own)]
    return "\n".join([*rows, ""])


def read_lexicoder(text: str, place: str) -> Dictionary:
    """The categories and patterns of a Lexicoder 3 dictionary."""
    read, frame = Dictionary(place), ""
    for at, written in ((at, " ".join(line.split())) for at, line in _lines(text)):
        if written == "+":
            raise broken(place, at, "a category has no name; write one after the '+'.")
        if written.startswith("+"):
            frame = written[1:].strip()
            read.frames.setdefault(frame, "")
        elif not read.frames:
            raise broken(place, at, f"{written!r} comes before any category. Begin with a line '+category'.")
        else:
            read.terms.append(Term(frame, written, at))
    return read


def write_lexicoder(dictionary: Dictionary) -> str:
    """The lines Lexicoder reads."""
    rows = []
    for frame in dictionary.frames:
        rows += [f"+{frame}", *(term.pattern for term in dictionary.terms if term.frame == frame)]
    return "\n".join([*rows, ""])


LIWC = Format(
    "liwc", "LIWC's .dic", (".dic",), read_liwc, write_liwc,
    holds=frozenset({"frame.meaning", "frame.empty"}), word=re.compile(r"[^*?]+\*?"), key=_unbracketed,
)  # fmt: skip
WORDSTAT = Format(
    "wordstat", "WordStat's .cat", (".cat",), read_wordstat, write_wordstat,
    holds=frozenset({"entry.weight", "frame.empty"}),
    key=lambda name: re.sub(r"\s*\(([+-]?\d+(?:[.,]\d+)?)\)$", r" \1", name),  # else a word with a weight
)  # fmt: skip
LEXICODER = Format(
    "lexicoder", "Lexicoder's .lc3", (".lc3",), read_lexicoder, write_lexicoder,
    holds=frozenset({"frame.empty"}), word=re.compile(r"[^*?+][^*?]*\*?"),
)  # fmt: skip
