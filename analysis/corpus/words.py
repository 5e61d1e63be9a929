"""Words with their places: the one pass over running text that every later step shares."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, repeat
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.arrays import Codes, Flags, Ints, Places
from analysis.corpus.writing import HAN, NO_SEGMENTER, UNSPACED, lacks_segmenter, pieces

Bytes = npt.NDArray[np.uint8]
Texts: TypeAlias = "Sequence[str] | pd.Series[str] | pa.Array"

# A word is a run of letters, marks and digits; soft hyphens, zero-width characters and NUL are invisible in it.
# All else is a gap, so that "U.S." and "S-400" are the same words as in archives that stripped the punctuation.
SURROGATE = re.compile("[\ud800-\udfff]")
INVISIBLE = "\0\u00ad\u200b\u200c\u200d\u2060\ufeff"
GLUED = re.compile("[^\\W_]+(?:\u200b+[^\\W_]+)+")
VISIBLE = "\u2002"  # a blank as long in UTF-8 as the zero-width space
LONGEST_NAME = 8  # characters: a longer text of Chinese characters alone is in Chinese
ASCII = np.array([byte < 128 and (chr(byte).isalnum() or chr(byte) in INVISIBLE) for byte in range(256)])


@dataclass(frozen=True)
class Words:
    """The words of some texts: those of text ``i`` are ``bounds[i]:bounds[i + 1]``.

    ``codes`` are their places among the distinct ``forms``, written as they are (``U``, ``u``) but for invisible
    characters, ``gap_codes`` those of what follows each among the distinct ``gaps`` (``" "``, ``"."``), and
    ``starts`` and ``ends`` their characters in their text.
    """

    forms: list[str]
    gaps: list[str]
    codes: Codes
    gap_codes: Codes
    starts: Codes
    ends: Codes
    bounds: Ints

    @property
    def text(self) -> Places:
        """The place of the text of each word."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))


def words(texts: Texts, *, batch: int = 2_000, known: frozenset[str] = frozenset()) -> Words:
    """The words of ``texts`` with their offsets, integer-coded.

    ``batch`` texts are passed at a time, as many batches side by side as there are cores: the result does not
    depend on either number. Words that are ``known`` are cut out of scripts that write no blanks.

    >>> found = words(["The U.S. and Xi’s China"])
    >>> [found.forms[code] for code in found.codes]
    ['The', 'U', 'S', 'and', 'Xi', 's', 'China']
    >>> found.starts.tolist()
    [0, 4, 6, 9, 13, 16, 18]
    """
    column = strings(texts)
    batches = [column[at : at + batch] for at in range(0, len(column), batch)]
    if len(batches) < 2:
        return _pass(column, known)
    with ThreadPoolExecutor() as pool:
        return _joined(list(pool.map(_pass, batches, repeat(known))))


def count_words(texts: Texts) -> Ints:
    """How many words each text has: between blanks, in scripts that write none those of a dictionary.

    >>> count_words(["Xi met Putin.", "习近平同普京举行会谈。", "Xi (习近平) met"]).tolist()
    [3, 4, 3]
    """
    column = strings(texts)
    counts = np.array([len(text.split()) for text in column.to_pylist()], dtype=np.int64)
    some = holding(column, UNSPACED)
    if some.any():
        own = column.filter(some)
        found, rest = words(own), pc.replace_substring_regex(own, f"{UNSPACED}+", " ").to_pylist()
        until = np.append(0, np.cumsum(holding(strings(found.forms), UNSPACED)[found.codes]))
        between = [sum(any(map(str.isalnum, part)) for part in text.split()) for text in rest]
        counts[some] = np.diff(until[found.bounds]) + between
    return counts


def _pass(column: pa.Array, known: frozenset[str]) -> Words:
    """One pass over the bytes of some texts.

    A piece is a word with the gap that follows it, or the gap that opens a text: pieces tile the texts, so their
    offsets are cumulative lengths, and each kind of piece is looked at once.
    """
    edges = np.frombuffer(column.buffers()[1], np.int64, column.offset + len(column) + 1)[column.offset :]
    data = np.frombuffer(column.buffers()[2] or b"", np.uint8, edges[-1])[edges[0] :]
    edges = edges - edges[0]
    opens = _inside(data)
    opens[1:] &= ~opens[:-1]
    opens[edges[:-1][np.diff(edges) > 0]] = True
    at = np.flatnonzero(opens)
    coded = pc.dictionary_encode(_strings(data, np.append(at, len(data))))
    placed = _placed(coded, np.searchsorted(at, edges))
    if lacks_segmenter():
        _refuse_chinese(placed)
    return cut(placed, partial(pieces, known=known))


def _refuse_chinese(found: Words) -> None:
    """Refuses texts in Chinese, which cannot be cut; a Chinese name in another text stays one word."""
    chinese = np.array([len(form) * bool(HAN.fullmatch(form)) for form in found.forms], dtype=np.int64)
    letters = np.array(list(map(len, found.forms)), dtype=np.int64)
    own, every = (np.bincount(found.text, of[found.codes]) for of in (chinese, letters))
    if ((own > LONGEST_NAME) & (2 * own > every)).any():
        raise ImportError(f"Chinese text: {NO_SEGMENTER}")


def strings(texts: Texts) -> pa.Array:
    """The texts in UTF-8; a lone surrogate, which UTF-8 cannot write, becomes U+FFFD, as long as one character."""
    try:
        column = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        column = pa.array([SURROGATE.sub("\ufffd", text) for text in texts], pa.large_string())
    if isinstance(column, pa.ChunkedArray):
        chunks = [chunk.cast(pa.large_string()) for chunk in column.chunks]
        column = chunks[0] if len(chunks) == 1 else pa.concat_arrays([pa.array([], pa.large_string()), *chunks])
    broken = pc.match_substring_regex(column, "\u200b")  # faster by far than as a plain string
    if pc.any(broken).as_py():
        parted = [GLUED.sub(_parted, text) for text in column.filter(broken).to_pylist()]
        column = pc.replace_with_mask(column, broken, pa.array(parted, pa.large_string()))
    return column


def holding(texts: pa.Array, pattern: str, *, ignore_case: bool = False) -> Flags:
    """Which texts hold a pattern, in RE2."""
    return np.array(pc.match_substring_regex(texts, pattern, ignore_case=ignore_case), dtype=bool)


def _parted(run: "re.Match[str]") -> str:
    """Words that only zero-width spaces part, with blanks of the same length there; within a word these stay."""
    from simplemma import is_known

    first, *rest = run[0].split("\u200b")
    text = last = first
    for piece in rest:
        parted = piece and is_known(last, "en") and is_known(piece, "en") and not is_known(last + piece, "en")
        text += (VISIBLE if parted else "\u200b") + piece
        last = piece if parted else last + piece
    return text


def cut(found: Words, pieces: Callable[[str], list[str]]) -> Words:
    """The words with runs of scripts that write no blanks cut into ``pieces``; each distinct run is cut once."""
    forms, codes = pa.array(found.forms, pa.large_string()), found.codes
    unspaced = holding(forms, UNSPACED)
    if not unspaced.any():
        return found
    lengths = np.where(unspaced, pc.utf8_length(forms).to_numpy(), 0)[codes]
    # An invisible character inside a run moves what follows it: such a run stays one word.
    is_run = (lengths > 1) & (lengths == found.ends - found.starts)
    if not is_run.any():
        return found
    kinds, kind = np.unique(codes[is_run], return_inverse=True)
    parts = [pieces(found.forms[code]) for code in kinds.tolist()]
    vocabulary, gaps = ({form: code for code, form in enumerate(many)} for many in (found.forms, found.gaps))
    coded = pa.array([[vocabulary.setdefault(form, len(vocabulary)) for form in part] for part in parts])
    before = pa.array([list(accumulate(map(len, part[:-1]), initial=0)) for part in parts])  # of its run
    times = np.ones(len(codes), dtype=np.int64)
    times[is_run] = pc.list_value_length(coded).to_numpy()[kind]
    whole = np.repeat(np.arange(len(codes)), times)  # of each new word the one that it was, or was part of
    codes, gap_codes, starts, ends = (part[whole] for part in (codes, found.gap_codes, found.starts, found.ends))
    codes[is_run[whole]] = coded.take(pa.array(kind)).flatten()
    starts[is_run[whole]] += before.take(pa.array(kind)).flatten().to_numpy()
    inner = np.flatnonzero(whole[1:] == whole[:-1])  # pieces that another follows
    ends[inner], gap_codes[inner] = starts[inner + 1], gaps.setdefault("", len(gaps))
    bounds = np.append(0, np.cumsum(times))[found.bounds]
    return Words(list(vocabulary), list(gaps), codes, gap_codes, starts, ends, bounds)


def _inside(data: Bytes) -> Flags:
    """Which bytes of UTF-8 text belong to words; those of characters beyond ASCII are text by themselves."""
    inside: Flags = ASCII[data]
    wide = data >= 0x80
    if wide.any():
        points = np.frombuffer(data[wide].tobytes().decode("utf-8").encode("utf-32-le"), np.uint32)
        kinds, kind = np.unique(points, return_inverse=True)
        belongs = [unicodedata.category(chr(point))[0] in "LMN" or chr(point) in INVISIBLE for point in kinds]
        inside[wide] = np.repeat(np.array(belongs)[kind], 2 + (points > 0x7FF) + (points > 0xFFFF))
    return inside


def _strings(data: Bytes, edges: Ints) -> pa.Array:
    """The strings between ``edges``, without copying a byte."""
    buffers = [None, pa.py_buffer(edges.astype(np.int64)), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.large_string(), len(edges) - 1, buffers)


def _placed(coded: pa.Array, bounds: Ints) -> Words:
    """Words with offsets; a gap that opens a text, or a word of invisible characters alone, is not a word."""
    kinds, pieces = coded.dictionary, coded.indices.to_numpy()
    edges = np.frombuffer(kinds.buffers()[1], np.int64, len(kinds) + 1)
    data = np.frombuffer(kinds.buffers()[2] or b"", np.uint8, edges[-1])
    inside = _inside(data)
    worded = np.concatenate([[0], np.cumsum(inside)])[edges]
    written, between = _strings(data[inside], worded), _strings(data[~inside], edges - worded)
    widths = pc.utf8_length(written).to_numpy()
    lengths = widths + pc.utf8_length(between).to_numpy()
    visible = pc.replace_substring_regex(written, pattern=f"[{INVISIBLE}]", replacement="")
    lasting = np.concatenate([[0], np.cumsum(lengths[pieces], dtype=np.int64)])
    starts = (lasting[:-1] - np.repeat(lasting[bounds[:-1]], np.diff(bounds))).astype(np.int32)
    forms, form_codes = _coded(visible)
    gaps, gap_codes = _coded(between)
    word = (pc.binary_length(visible).to_numpy() > 0)[pieces]
    pieces, starts = pieces[word], starts[word]
    bounds = np.concatenate([[0], np.cumsum(word)])[bounds]
    ends = starts + widths.astype(np.int32)[pieces]
    return Words(forms, gaps, form_codes[pieces], gap_codes[pieces], starts, ends, bounds)


def _coded(values: pa.Array | list[str]) -> tuple[list[str], Codes]:
    coded = pc.dictionary_encode(pa.array(values, pa.large_string()))
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int32)


def _joined(parts: list[Words]) -> Words:
    """One ``Words`` of several, their vocabularies merged."""
    forms, form_codes = _coded([form for part in parts for form in part.forms])
    gaps, gap_codes = _coded([gap for part in parts for gap in part.gaps])
    form_at, gap_at, word_at = (
        np.cumsum([0, *(len(getattr(part, name)) for part in parts)]) for name in ("forms", "gaps", "codes")
    )
    return Words(
        forms,
        gaps,
        np.concatenate([form_codes[part.codes + at] for part, at in zip(parts, form_at, strict=False)]),
        np.concatenate([gap_codes[part.gap_codes + at] for part, at in zip(parts, gap_at, strict=False)]),
        np.concatenate([part.starts for part in parts]),
        np.concatenate([part.ends for part in parts]),
        np.concatenate([[0], *(part.bounds[1:] + at for part, at in zip(parts, word_at, strict=False))]),
    )
