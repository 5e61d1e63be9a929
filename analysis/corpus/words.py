"""Words with their places: the one pass over running text that every later step shares."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int32]
Bounds = npt.NDArray[np.int64]

# A word is a run of letters, marks and digits; soft hyphens and zero-width characters are invisible inside it.
# Everything else (spaces, dots, hyphens, quotes of any shape) is a gap, so that "U.S.", "Xi’s" and "S-400" fall
# into the same words as the "u s", "xi s" and "s 400" of archives that stripped the punctuation.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
WORD = rf"[\p{{L}}\p{{M}}\p{{N}}{INVISIBLE}]"
GAP = rf"[^\p{{L}}\p{{M}}\p{{N}}{INVISIBLE}]"
# Each piece is a word with the gap that follows it (or the gap that opens a text): pieces tile the text, so
# offsets are cumulative lengths, and "word + gap" is looked at once per kind, not once per occurrence.
PIECES = f"{WORD}+{GAP}*|{GAP}+"


@dataclass(frozen=True)
class Words:
    """The words of some texts, integer-coded.

    Attributes:
        forms: the distinct words as written (``U``, ``u``), without invisible characters.
        gaps: the distinct gaps (``" "``, ``"."``).
        codes: one index into ``forms`` a word.
        gap_codes: one index into ``gaps`` a word: what follows it.
        starts, ends: character offsets of each word in its text.
        bounds: words of text ``i`` are ``bounds[i]:bounds[i + 1]``.
    """

    forms: list[str]
    gaps: list[str]
    codes: Ints
    gap_codes: Ints
    starts: Ints
    ends: Ints
    bounds: Bounds


def words(texts: Sequence[str], *, batch: int = 2_000) -> Words:
    """The words of ``texts`` with their offsets, integer-coded.

    ``batch`` texts are passed at a time, as many batches side by side as there are cores (the compiled parts
    work in parallel), and joined in order: the result does not depend on either number.

    >>> found = words(["The U.S. and Xi’s China"])
    >>> [found.forms[code] for code in found.codes]
    ['The', 'U', 'S', 'and', 'Xi', 's', 'China']
    >>> found.starts.tolist()
    [0, 4, 6, 9, 13, 16, 18]
    """
    batches = [texts[at : at + batch] for at in range(0, len(texts), batch)]
    if len(batches) < 2:
        return _pass(texts)
    with ThreadPoolExecutor() as pool:
        return _joined(list(pool.map(_pass, batches)))


def _pass(texts: Sequence[str]) -> Words:
    pieces = pl.Series(texts, dtype=pl.String).str.extract_all(PIECES)
    bounds = np.concatenate([[0], np.cumsum(pieces.list.len().to_numpy(), dtype=np.int64)])
    flat = pieces.explode(empty_as_null=False, keep_nulls=False).to_arrow()
    coded = pc.dictionary_encode(flat.cast(pa.large_string()))
    kinds = _kinds(pl.Series(coded.dictionary.cast(pa.large_string())))
    return _placed(coded.indices.to_numpy(), bounds, kinds)


def _kinds(pieces: pl.Series) -> pl.DataFrame:
    """Each distinct piece: its word, its gap, the length of both."""
    whole = pl.DataFrame({"piece": pieces.cast(pl.String)})
    split = whole.with_columns(form=pl.col("piece").str.extract(f"^({WORD}*)"))
    return split.select(
        pl.col("form").str.replace_all(f"[{INVISIBLE}]", ""),
        pl.col("piece").str.strip_prefix(pl.col("form")).alias("gap"),
        pl.col("form").str.len_chars().alias("width"),
        pl.col("piece").str.len_chars().alias("length"),
    )


def _placed(pieces: Ints, bounds: Bounds, kinds: pl.DataFrame) -> Words:
    """Words with offsets; a gap that opens a text, or a word of invisible characters alone, is no word."""
    ends_of_text = np.concatenate([[0], np.cumsum(kinds["length"].to_numpy()[pieces], dtype=np.int64)])
    starts = ends_of_text[:-1] - np.repeat(ends_of_text[bounds[:-1]], np.diff(bounds))
    ends = starts + kinds["width"].to_numpy()[pieces]
    forms, form_codes = _coded(kinds["form"])
    gaps, gap_codes = _coded(kinds["gap"])
    word = (kinds["form"] != "").to_numpy()[pieces]
    return Words(
        forms,
        gaps,
        form_codes[pieces][word],
        gap_codes[pieces][word],
        starts[word].astype(np.int32),
        ends[word].astype(np.int32),
        np.concatenate([[0], np.cumsum(word)])[bounds],
    )


def _coded(values: pl.Series) -> tuple[list[str], Ints]:
    coded = pc.dictionary_encode(values.to_arrow().cast(pa.large_string()))
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int32)


def _joined(parts: list[Words]) -> Words:
    """One ``Words`` of several, their vocabularies merged."""
    forms, form_codes = _coded(pl.Series([form for part in parts for form in part.forms], dtype=pl.String))
    gaps, gap_codes = _coded(pl.Series([gap for part in parts for gap in part.gaps], dtype=pl.String))
    form_at = np.cumsum([0] + [len(part.forms) for part in parts])
    gap_at = np.cumsum([0] + [len(part.gaps) for part in parts])
    word_at = np.cumsum([0] + [len(part.codes) for part in parts])
    return Words(
        forms,
        gaps,
        np.concatenate([form_codes[part.codes + at] for part, at in zip(parts, form_at, strict=False)]),
        np.concatenate([gap_codes[part.gap_codes + at] for part, at in zip(parts, gap_at, strict=False)]),
        np.concatenate([part.starts for part in parts]),
        np.concatenate([part.ends for part in parts]),
        np.concatenate([[0], *(part.bounds[1:] + at for part, at in zip(parts, word_at, strict=False))]),
    )
