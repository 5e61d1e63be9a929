"""The reading desk in JupyterLab: from any number to the sentences behind it."""

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import Any

import pandas as pd

try:
    import anywidget
    import traitlets
except ImportError:
    raise ImportError(
        "explore: the desk needs JupyterLab and anywidget. Run make lab, or pip install anywidget."
    ) from None

from analysis.corpus.tables import refuse_unknown
from analysis.frames.lexicon import Entry, Lexicon
from analysis.topics.fit import Topics

from .desk.bench import CHANGES, Bench
from .desk.book import script, style
from .desk.cards import ORDERS, filters
from .desk.coding import CodesFile, codes_in, passage_table
from .desk.evidence import gathered

SELECTION: dict[str, Any] = {
    "view": "frames", "outlet": "", "label": "", "order": "strength", "page": 0, "passage": "", "article": "",
    "other": "", "filters": {},
}  # fmt: skip
# What the page asks first, in its own words.
FIRST: list[dict[str, Any]] = [
    {"ask": "scope"},
    {"ask": "cells", "view": "frames", "filters": {}},
    {"ask": "cards", "view": "frames", "filters": {}, "label": "", "order": "strength", "page": 0},
]


def explore(
    articles: pd.DataFrame,
    hits: pd.DataFrame,
    *,
    passages: pd.DataFrame | None = None,
    lexicon: Lexicon | None = None,
    topics: Topics | pd.DataFrame | None = None,
    codes: str | PathLike[str] | None = None,
    seed: int = 0,
) -> "Desk":
    """A reading desk: a grid of shares with their intervals, and behind each number the passages it stands for.

    A cell lists its passages, a passage opens its article, an article stands beside its copies. Nothing is loaded
    from the network.

    Parameters
    ----------
    articles, hits
        As of ``mark_copies`` and ``find_frames``; what ``clean`` removed is shown in grey.
    passages
        Those in which the hits were found; without them they are read again from the articles.
    lexicon
        What the hits were found with; needed to add entries at the desk, and to silence them exactly.
    topics
        As of ``fit_topics``, or a table of shares: the grid can be turned to topics.
    codes
        A CSV file of what is marked, written after each mark; without it marks last as long as the desk.
    seed
        Of the intervals, as for ``compare_outlets``.

    Returns
    -------
    Desk
        A widget; ``selection``, ``silenced`` and ``codes`` hold what is done there.

    Examples
    --------
    >>> import analysis as an
    >>> articles = an.mark_copies(an.clean(an.load_example("seeds")))
    >>> lexicon = an.read_lexicon("russia-china")
    >>> passages = an.passages(articles)
    >>> desk = an.explore(articles, an.find_frames(passages, lexicon), passages=passages, lexicon=lexicon)
    >>> desk.selection = {"label": "economy"}
    >>> desk.codes.empty  # nothing is marked yet
    True
    """
    evidence = gathered(articles, hits, passages=passages, lexicon=lexicon, topics=topics)
    return Desk(Bench(evidence, lexicon, seed=seed, file=None if codes is None else CodesFile(codes)))


class Desk(anywidget.AnyWidget):
    """The desk on the page; what is done there can be read and set here.

    ``selection`` is what is shown: ``view`` (frames, topics or terms), ``outlet``, ``label``, ``order``, ``page``,
    ``article``, ``passage``, ``other`` (the version beside it) and ``filters``. Set what should change.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    selection = traitlets.Dict().tag(sync=True)
    turn = traitlets.Int(0).tag(sync=True)  # grows whenever Python changes what the page shows
    # the first questions, answered: nothing waits for a second journey
    opening: Any = traitlets.List().tag(sync=True)

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        opening = [[question, bench.answer(question)] for question in FIRST]
        super().__init__(_esm=script("widget.js"), _css=style(), selection=SELECTION, opening=opening)
        self.on_msg(self._answer)

    def __repr__(self) -> str:
        given = self._bench.given
        return f"Desk of {len(given.passages):,} passages in {len(given.articles):,} articles"

    @property
    def codes(self) -> pd.DataFrame:
        """The passages marked so far, with 1, 0 or missing a frame; ``validate`` measures precision on them."""
        return self._bench.coded

    @codes.setter
    def codes(self, table: pd.DataFrame) -> None:
        self._bench.keep(codes_in(self._bench.given, table))
        self._turned()

    @property
    def passages(self) -> pd.DataFrame:
        """Every passage with its outlet, date, headline and address; by frame the lexicon's reading and yours."""
        return passage_table(self._bench.evidence, self._bench.codes)

    @property
    def silenced(self) -> list[tuple[str, str]]:
        """The silenced entries: frame and name. Set them by name, or by both where a name is in several frames."""
        return list(self._bench.silenced)

    @silenced.setter
    def silenced(self, entries: Iterable[str | tuple[str, str]]) -> None:
        self._bench.change_lexicon(_keys(entries, self._bench.entries), self._bench.added)
        self._turned()

    @property
    def added(self) -> list[tuple[str, str]]:
        """The entries added at the desk: frame and pattern."""
        return [(entry.frame, entry.name) for entry in self._bench.added]

    @added.setter
    def added(self, entries: Iterable[tuple[str, str]]) -> None:
        added = [Entry(pattern, frame, (pattern,), why="added at the desk") for frame, pattern in _pairs(entries)]
        self._bench.change_lexicon(self._bench.silenced, added)
        self._turned()

    @property
    def lexicon(self) -> Lexicon | None:
        """The lexicon as it stands: without what is silenced, with what was added. ``write_lexicon`` keeps it."""
        return self._bench.lexicon

    @property
    def hits(self) -> pd.DataFrame:
        """The hits under that lexicon, as of ``find_frames``."""
        found = self._bench.evidence.hits.drop(columns=["doc", "passage"])
        return found.astype({"frame": pd.CategoricalDtype(list(self._bench.given.frames))})

    def _turned(self) -> None:
        """Makes every copy of the desk on the page ask again."""
        self.opening = []
        self.turn += 1

    def _answer(self, _: Any, message: dict[str, Any], __: Any) -> None:
        question = message.get("question") or {}
        answer = self._bench.answer(question)
        if changes := question.get("ask") in CHANGES and "error" not in answer:
            self.opening = []
        self.send({"id": message.get("id"), "answer": answer, "changes": changes})

    @traitlets.validate("selection")
    def _checked_selection(self, proposal: dict[str, Any]) -> dict[str, Any]:
        return _selection(proposal["value"], self._bench)


def _selection(given: dict[str, Any], bench: Bench) -> dict[str, Any]:
    """The selection with every key, checked."""
    for key in given:
        refuse_unknown("selection", key, "a setting", SELECTION)
    chosen = SELECTION | given
    filters(chosen["filters"], bench.given)
    chosen["filters"] = {key: value for key, value in (chosen["filters"] or {}).items() if value}
    units = bench.units("frames" if chosen["view"] == "terms" else chosen["view"])
    labels = [] if chosen["view"] == "terms" else list(units.labels)
    known = {"outlet": bench.given.outlets, "label": labels, "order": ORDERS}
    for key, values in known.items():
        if (chosen[key] or key == "order") and values:
            refuse_unknown("selection", chosen[key], f"a known {key}", values)
    for key, what in (("article", "article"), ("other", "article"), ("passage", "passage")):
        here = bench.given.passage_place if what == units.kind == "passage" else bench.given.place
        if chosen[key] and chosen[key] not in here:
            raise ValueError(f"selection: {what} {chosen[key]!r} is not at this desk.")
    if chosen["other"] and not chosen["article"]:
        raise ValueError(f"selection: other {chosen['other']!r} needs an article beside it. Set article too.")
    if not isinstance(chosen["page"], int) or chosen["page"] < 0:
        raise ValueError(f"selection: page {chosen['page']!r} is not a whole number from 0.")
    return chosen


def _keys(entries: Iterable[str | tuple[str, str]], known: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Entries as frame and name; a name alone is that of its only frame."""
    if isinstance(entries, str):
        raise ValueError(f"silenced: {entries!r} is not a list. Write [{entries!r}].")
    keys = []
    for entry in entries:
        named = [key for key in known if key[1] == entry] if isinstance(entry, str) else _pairs([entry])
        if len(named) != 1:
            frames = ", ".join(frame for frame, _ in named)
            why = f"in several frames: {frames}. Write (frame, entry)" if named else "not an entry of the lexicon"
            raise ValueError(f"silenced: {entry!r} is {why}.")
        keys += named
    return keys


def _pairs(entries: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The entries, each a frame and a name or pattern."""
    for entry in (pairs := list(entries)):
        if not (isinstance(entry, Sequence) and len(entry) == 2 and not isinstance(entry, str)):
            raise ValueError(f"entries: {entry!r} is not a pair of frame and entry. Write ('economy', 'oil').")
    return [(frame, name) for frame, name in pairs]
