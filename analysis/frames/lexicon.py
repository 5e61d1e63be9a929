"""Frame lexicons as values: frames, their entries, and what counts as a hit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import chain

from analysis.corpus.countries import About, names
from analysis.corpus.tables import found_names, refuse_unknown
from analysis.frames.conditions import Entry as Entry
from analysis.frames.conditions import Frame as Frame
from analysis.frames.conditions import Negation, Only, Part, Unless
from analysis.numbers import listed
from analysis.text.patterns import Steps, known_words, read_patterns
from analysis.text.places import Patterns

OVERLAPS = ("frame", "lexicon", "all")  # among which hits the longest counts; the first is the default
TIES = "the longest counts, then the first, then the one whose entry comes first in the lexicon"
OVERLAPPING = {
    "frame": f"Of overlapping hits of one frame {TIES}; hits of different frames may overlap.",
    "lexicon": f"Of overlapping hits of any frame {TIES}.",
    "all": "Every hit counts, overlapping or not; an entry counts once at a place.",
}


@dataclass(frozen=True)
class Lexicon(Part):
    """Frames and the entries that count for them, from a YAML file (``read_lexicon``) or built by hand.

    Parameters
    ----------
    name, source : str
        What reports call it; where it comes from.
    frames : sequence of Frame or str
        In the order of every table. Without frames, those of the entries.
    entries : sequence of Entry
        Patterns and the frames for which they count.
    about, lists, negation, hedging, only, unless, overlaps, language
        As in the YAML form; a mapping stands for ``Negation``, ``Only`` and ``Unless``.
    parallel : sequence of Lexicon, optional
        Lexicons of the same frames, in the same order, each in a language of its own and about the same pair.

    Notes
    -----
    The YAML form, with everything it may hold::

        name: russia-china
        language: en                  # of the patterns, by its ISO 639-1 code; "en" where nothing is written
        about: [Russia, China]        # hits count only in passages about this pair; leave out for any text;
                                      # a pair of your own: {India: [india*, modi], Pakistan: [pakistan*]}
        lists:                        # words and phrases under a name, used in patterns as @drills
          drills: [drill*, manoeuvre*]
          actors:                     # @actors.russia, @actors.china, and both as @actors
            russia: [moscow, kremlin]
            china: [beijing, "@polite"]         # a list may use lists
          polite: [middle kingdom]
        negation:                     # a negated hit is kept, marked `negated`
          words: [not, never, "fail* to"]
          scope: 4                    # a negator reaches this many words to its right, within the passage
          behind: 2                   # and this many to its left; by default none
          except: [not only]
        hedging: {words: [may, could, reportedly], scope: 4}
        unless:                       # conditions for every entry; `only` likewise
          before: ["@others"]
        overlaps: frame               # of overlapping hits of a frame (`lexicon`: of any) the longest counts
        frames:
          alliance:
            meaning: the two act together
            hedging: applied          # "may become allies" is then marked as negated; by default it is not
            entries:
              - "@actors agree*"      # a pattern alone, or
              - name: drills
                match: [joint ~ @drills]
                unless: {over: [joint venture*], after: [with @others], listed: 3}
                only: {passage: [army, navy]}
                negated: pragmatism   # the frame it counts for when negated,
                hedged: pragmatism    # and when hedged, whether or not the frame applies them
                yields: economy       # does not count where an entry without `yields` gives the passage that frame
                weight: 0.5           # how surely it means its frame, up to 1; see `frame_shares`
                why: codebook on alliance, military cooperation
                source: codebook.md
            frames:                   # frames within: `alliance.military`; `collapse_frames` joins them
              military: [arms deal*]
          pragmatism: [rival*]        # a list of patterns alone is a frame, too
          economy:
            negation: ignored         # for frames that are topics: "trade fell" is still about trade
            entries: [trade, oil and gas]
        languages:                    # the same frames, in the same order, in other languages
          de:                         # with `lists, negation, hedging, only, unless, overlaps` of its own
            frames:
              alliance: {entries: [verbündet*], frames: {military: [waffen*]}}
              pragmatism: [rivale*]
              economy: [handel*]

    Patterns:

    ==========================  =================================  ==========================================
    pattern                     finds                              does not find
    ==========================  =================================  ==========================================
    ``trade``                   Trade                              trades
    ``alli*``  ``organi?e``     allies, alliance; organise         rally; organie
    ``oil and gas``             oil, and gas                       oil or gas
    ``(oil|natural gas) deal``  natural gas deal                   gas deal
    ``@drills``                 manoeuvres                         what the list does not hold
    ``=May``                    May                                may, MAY; a text that lost its capitals
    ``joint … drill*``          joint and large naval drills       drills held jointly; more than 3 words between
    ``joint …6 drill*``         up to 6 words between              7 words between
    ``joint ~ drill*``          either order, up to 3 between      4 words between
    ``a ~2 b ~2 c``             all three, in any order            3 words between two neighbours
    ==========================  =================================  ==========================================

    A pattern ``USA`` finds "US" and "U.S." as well: the tokens hold all three as one term. A hit does not count
    where a condition under ``unless`` holds, nor where no pattern of a kind given under ``only`` does:

    ===========  ==============================================================================================
    ``over``     a pattern that shares a word with the hit
    ``before``   a pattern that ends right before it; ``after``: one that begins right after it
    ``passage``  a pattern in its passage, within 80 words of the hit
    ``opens``    a pattern in its passage before the first of ``@pair`` ("Turkey buys Russian gas and Chinese
                 cars" is about Turkey's trade), or in one without the pair; for hits among its first 80 words
    ``about``    two countries, where the passage is about them as ``passages`` judges
    ``listed``   (only under ``unless``) the hit shares a word with so many countries in a row, "the US, Russia
                 and China" (codebook, rule 1); what is beside such a list still counts
    ===========  ==============================================================================================

    ``print(lexicon)`` shows the rules of a lexicon, overlaps among them. Conditions are applied first, then
    overlaps, then negation, then hedging. A negator applies within its scope before a hit, or inside it where a
    gap lets it pass ("ties … closer": "ties have not become closer"), and never beyond the passage. If the entry
    of a negated hit names another frame under ``negated``, that frame gets a hit as well; if it names its own,
    negation is ignored. A frame within another treats negation and hedging as that one does, unless it has a
    line of its own. A dot in a frame's name divides levels.

    With ``languages``, each passage is searched with the part in its language; each is checked and measured by
    itself. With ``about``, the names of the two countries and of all others are the lists ``@pair`` and
    ``@others``, unless the lexicon has lists of these names. ``framing lexicon check`` shows what can never count.
    """

    name: str
    frames: tuple[Frame, ...] = ()
    entries: tuple[Entry, ...] = ()
    about: About = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    negation: Negation = field(default_factory=Negation)
    unless: Unless = field(default_factory=Unless)
    source: str = ""
    hedging: Negation = field(default_factory=Negation)
    overlaps: str = "frame"
    only: Only = field(default_factory=Only)
    language: str = "en"
    parallel: tuple["Lexicon", ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        named = self.frames or dict.fromkeys(entry.frame for entry in self.entries)
        frames = tuple(Frame(frame) if isinstance(frame, str) else frame for frame in named)
        lists = {name: (held,) if isinstance(held, str) else tuple(held) for name, held in self.lists.items()}
        object.__setattr__(self, "frames", frames)
        object.__setattr__(self, "lists", lists)
        self._check()

    def __repr__(self) -> str:
        """All that it holds, of which hashes are made: a change in any language is another lexicon."""
        names = [one.name for one in fields(self) if one.name != "parallel" or self.parallel]
        return f"Lexicon({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    def _check(self) -> None:
        where = f"lexicon {self.name!r}"
        refuse_unknown(f"{where}, overlaps", self.overlaps, "a choice", OVERLAPS)
        known = [frame.name for frame in self.frames]
        for entry in self.entries:
            named = filter(None, (entry.frame, entry.negated, entry.hedged, entry.yields))
            if other := next((frame for frame in named if frame not in known), None):
                what = f"{entry.place} names the frame {other!r}, which is not among its frames"
                raise ValueError(f"{where}: {what}. {found_names(other, known, 'Add it to the frames.')}")
        codes = [one.language for one in (self, *self.parallel)]
        if repeated := sorted({code for code in codes if codes.count(code) > 1}):
            what = f"two are written for the same language. Found: {', '.join(repeated)}"
            raise ValueError(f"lexicon: {what}. Keep one of them.")
        for one in self.parallel:
            if one.labels != self.labels:
                what = f"{one.name!r} ({one.language}) does not have the labels of {self.name!r} in their order"
                found, wanted = ", ".join(one.labels), ", ".join(self.labels)
                raise ValueError(f"lexicon: {what}. Found: {found}. Write {wanted}.")

    @cached_property
    def each(self) -> dict[str, "Lexicon"]:
        """The lexicon of each language by its code, all about the pair of this one."""
        alone = replace(self, parallel=()) if self.parallel else self
        return {self.language: alone} | {one.language: replace(one, about=self.about) for one in self.parallel}

    @cached_property
    def labels(self) -> list[str]:
        """The names of the frames, in order; without those that only hold others."""
        used = {name for entry in self.entries for name in (entry.frame, entry.negated, entry.hedged)}
        names = [frame.name for frame in self.frames]
        return [name for name in names if name in used or not any(other.startswith(f"{name}.") for other in names)]

    @property
    def empty(self) -> list[str]:
        """The labels that no entry gives, so that their share is always 0."""
        given = {name for entry in self.entries for name in (entry.frame, entry.negated, entry.hedged)}
        return [name for name in self.labels if name not in given]

    @property
    def negates(self) -> bool:
        """Whether it has words for negation or for doubt, in some language."""
        return any(one.negation.words or one.hedging.words for one in self.each.values())

    @property
    def labelled(self) -> list[Frame]:
        return [frame for frame in self.frames if frame.name in self.labels]

    @cached_property
    def named_lists(self) -> dict[str, tuple[str, ...]]:
        """The lists of the lexicon in all its languages, those of lists within a list, and those of its pair."""
        if self.parallel:
            every = [one.named_lists for one in self.each.values()]
            return {name: tuple(chain(*(one.get(name, ()) for one in every))) for name in chain(*every)}
        groups: dict[str, tuple[str, ...]] = {}
        for name in self.lists:
            for end in (place for place, letter in enumerate(name) if letter == "."):
                groups[name[:end]] = (*groups.get(name[:end], ()), f"@{name}")
        known = [*names(self.about, self.language, leaders=False).values()] if self.about else []
        pair, others = ([form for forms in part for form in forms] for part in (known[:2], known[2:]))
        of_pair = {"pair": tuple(pair), "others": tuple(form for form in others if not form.endswith("-"))}
        return (of_pair if self.about else {}) | groups | dict(self.lists)

    @property
    def policy(self) -> str:
        """What counts as a hit, in a few sentences: overlaps, negation and its scope, conditions."""
        return " ".join([OVERLAPPING[self.overlaps], *_rules(self)])

    def __str__(self) -> str:
        shown, others = ", ".join(self.labels), [one.language for one in self.parallel]
        also = f", and the same frames in {listed(others)}" if others else ""
        size = f"{len(self.entries)} entries for {len(self.labels)} frames"
        return f"{self.name}: {size} ({shown}){also}.\n{self.policy}"

    def patterns(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every group of patterns, with its place in the lexicon."""
        return [
            ("negation", self.negation.words + self.negation.exceptions),
            ("hedging", self.hedging.words + self.hedging.exceptions),
            ("only", self.only.every),
            ("unless", self.unless.every),
            *((entry.place, entry.match + entry.only.every + entry.unless.every) for entry in self.entries),
        ]

    @cached_property
    def read(self) -> dict[str, list[Steps]]:
        every = chain(*(group for _, group in self.patterns()))
        return read_patterns(every, self.named_lists, language=self.language)

    @cached_property
    def searched(self) -> Patterns:
        """All that ``read`` gives, as texts are searched for it."""
        return Patterns(steps for read in self.read.values() for steps in read)

    @cached_property
    def known(self) -> frozenset[str]:
        """Words of Chinese and Japanese patterns, with which their texts are tokenized."""
        return known_words(chain(*(group for _, group in self.patterns())), self.named_lists, self.language)


def _rules(lexicon: Lexicon) -> Iterator[str]:
    """Negation and hedging with their scopes, and conditions, a sentence each."""
    both = (lexicon.negation, lexicon.hedging)
    behind = [f" or {words.behind} after" if words.behind else "" for words in both]
    scopes = [f"up to {words.scope} words before{further} a hit of the same passage"
              for words, further in zip(both, behind, strict=True)]  # fmt: skip
    ignoring = [frame.name for frame in lexicon.labelled if not frame.negation]
    if lexicon.negation.words:
        yield f"Negation applies {scopes[0]}{f', except in {listed(ignoring)}' if ignoring else ''}."
        if set(lexicon.each) != {"en"}:
            yield "In other languages than English it ends with the clause, and verbs of denial negate, too."
    applying = [frame.name for frame in lexicon.labelled if frame.hedging]
    turning = ["to entries that name a frame for it"] if any(entry.hedged for entry in lexicon.entries) else []
    if lexicon.hedging.words and (applying or turning):
        yield f"Hedging applies {scopes[1]}, {'in ' if applying else ''}{listed([*applying, *turning])}."
    if set(lexicon.each) != {"en"}:
        codes = listed([repr(code) for code in lexicon.each])
        yield f"Only passages in the language{'s' if lexicon.parallel else ''} {codes} are searched."
    if lexicon.about:
        yield f"Only passages about {listed(list(lexicon.about))} are searched."
    general = {"only": lexicon.only, "unless": lexicon.unless}.items()
    given = ((name, kind, value) for name, condition in general for kind, value in vars(condition).items())
    if kinds := [f"{name} {kind}" for name, kind, value in given if value]:
        yield f"Conditions for all entries: {', '.join(kinds)}."
    times = {
        "with conditions of their own": sum(e.only != Only() or e.unless != Unless() for e in lexicon.entries),
        "that count for another frame when negated": sum(bool(e.negated or e.hedged) for e in lexicon.entries),
        "dropped when another frame is present in the passage": sum(bool(e.yields) for e in lexicon.entries),
    }
    if counted := [f"{n} {kind}" for kind, n in times.items() if n]:
        yield f"Entries: {'; '.join(counted)}."
