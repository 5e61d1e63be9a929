"""Frame lexicons: what they hold, and the grammar of the YAML they are read from.

::

    name: russia-china
    about: [Russia, China]        # hits count only where a passage is about this pair; leave out for any text;
                                  # a pair of your own: {India: [india*, modi], Pakistan: [pakistan*]}
    lists:                        # words and phrases under a name, used in patterns as @drills
      drills: [drill*, manoeuvre*]
      actors:                     # @actors.russia, @actors.china, and both as @actors
        russia: [moscow, kremlin]
        china: [beijing, "@polite"]         # a list may use lists
      polite: [middle kingdom]
    negation:                     # a frame said not to hold is a hit marked `negated`
      words: [not, never, "fail* to"]
      scope: 4                    # a negator is heard among so many words before the hit, in the same passage
      except: [not only]
    hedging: {words: [may, could, reportedly], scope: 4}
    unless:                       # conditions for every entry; `only` likewise
      before: ["@others"]
    overlaps: frame               # among which hits the longest counts; see below
    frames:
      alliance:
        meaning: the two act together
        hedging: heard            # "may become allies" is then marked as negated; without it, a hedge is no denial
        entries:
          - "@actors agree*"      # a pattern alone, or
          - name: drills
            match: [joint ~ @drills]
            unless: {over: [joint venture*], after: [with @others], listed: 3}
            only: {passage: [army, navy]}
            negated: pragmatism   # what the frame becomes under negation,
            hedged: pragmatism    # and under a hedge, whether or not the frame hears them
            yields: economy       # does not count where an entry that yields to none carries that frame
            weight: 0.5           # how surely it speaks for its frame, up to 1; see `frame_shares`
            why: codebook on alliance, military cooperation
            source: codebook.md
        frames:                   # frames within: `alliance.military`, folded by `lexicon.level(1)`
          military: [arms deal*]
      pragmatism: [rival*]        # a list of patterns alone is a frame, too
      economy:
        negation: ignored         # for frames that are topics: "trade fell" is still told through trade
        entries: [trade, oil and gas]

Patterns are those of ``analysis.text.patterns``; what they find, and what not:

=========================  =================================  ==============================================
pattern                    finds                              leaves
=========================  =================================  ==============================================
``trade``                  Trade                              trades
``alli*``  ``organi?e``    allies, alliance; organise         rally; organie
``oil and gas``            oil, and gas                       oil or gas
``(oil|natural gas) deal`` natural gas deal                   gas deal
``@drills``                manoeuvres                         what the list does not hold
``=May``                   May                                may, MAY; text that lost its capitals
``joint … drill*``         joint and large naval drills       drills held jointly; more than 3 words between
``joint …6 drill*``        up to 6 words between              7 words between
``joint ~ drill*``         either order, up to 3 between      4 words between
``a ~2 b ~2 c``            all three, in any order            3 words between two neighbours
=========================  =================================  ==============================================

Conditions stand under ``unless`` (a hit is taken back where one of them holds) and ``only`` (it counts where each
kind that is given holds, by one of its patterns):

===========  ==================================================================================================
``over``     a pattern that shares a word with the hit
``before``   a pattern that ends right before it; ``after``: one that begins right after it
``passage``  a pattern anywhere in its passage
``opens``    a pattern in its passage before the first of ``@pair``: "Turkey buys Russian gas and Chinese cars"
             begins with a third, whose trade it tells of; heard by hits among the first 80 words; so
             is a pattern anywhere in a passage that never names the pair
``about``    two countries whom its passage is about, as ``passages`` tells
``listed``   (only under ``unless``) the hit shares a word with so many countries in a row, "the US, Russia and
             China" (codebook, rule 1); what stands beside such a list still counts
===========  ==================================================================================================

With ``overlaps: frame``, of overlapping hits of one frame the longest counts, then the first, then the one whose
entry stands first; ``lexicon`` lets hits of all frames compete so; ``all`` lets every hit count. What holds is
told by ``print(lexicon)``. Conditions are asked first, then overlaps are settled, then denials: negation before
hedging. A denier is heard in the scope before a hit, or inside it where a gap let it pass ("ties … closer": "ties
have not become closer"), and never beyond the passage. A denied hit stays, marked ``negated``; one that becomes
another frame gives a hit of that frame, too; one that becomes its own frame is deaf to denial. A frame within
another hears what that one hears, unless it says otherwise. A dot in a frame's name divides levels.

With ``about``, the names of the two countries and of all others are the lists ``@pair`` and ``@others``, unless
the lexicon has lists of these names itself. ``framing lexicon check`` tells what can never count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from analysis.corpus.countries import About, names
from analysis.text.patterns import Steps, read_patterns

OVERLAPS = ("frame", "lexicon", "all")  # among which hits the longest wins; the first is the rule
KINDS = ("over", "before", "after", "passage", "opens")  # of patterns in a condition
PAIR = "@pair"  # what a passage is about, which ``opens`` goes before
SCOPE = 4  # "unlikely that Moscow and Beijing will enter into any formal alliance" needs an entry of its own


@dataclass(frozen=True)
class Condition:
    """What a hit stands in: patterns over, right before and right after it, patterns and a pair of its passage,
    patterns that stand there before the pair is named."""

    over: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    passage: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    about: About = ()

    @property
    def every(self) -> tuple[str, ...]:
        named = (PAIR,) if self.opens else ()
        return self.over + self.before + self.after + self.passage + self.opens + named


@dataclass(frozen=True)
class Only(Condition):
    """A hit counts where every kind that is given holds, each by one of its patterns."""


@dataclass(frozen=True)
class Unless(Condition):
    """A hit is taken back where one of these holds, or in a list of ``listed`` countries or more (0: never)."""

    listed: int = 0


@dataclass(frozen=True)
class Negation:
    """Words that deny a hit among the ``scope`` words after them, and the phrases in which they do not."""

    words: tuple[str, ...] = ()
    scope: int = SCOPE
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """Patterns that say one thing, the frame they speak for, how surely, and why."""

    name: str
    frame: str
    match: tuple[str, ...]
    unless: Unless = Unless()
    negated: str = ""
    yields: str = ""
    why: str = ""
    source: str = ""
    weight: float = 1.0
    hedged: str = ""
    only: Only = Only()

    @property
    def place(self) -> str:
        """How complaints name it."""
        return f"entry {self.name!r} of {self.frame}"


@dataclass(frozen=True)
class Frame:
    """A frame's name (``alliance.military`` is one within ``alliance``), its meaning, whether denial is heard."""

    name: str
    meaning: str = ""
    negation: bool = True
    hedging: bool = False


@dataclass(frozen=True)
class Lexicon:
    """Frames and the entries that speak for them; see the module for the grammar."""

    name: str
    frames: tuple[Frame, ...]
    entries: tuple[Entry, ...]
    about: About = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    negation: Negation = Negation()
    unless: Unless = Unless()
    source: str = ""
    hedging: Negation = Negation()
    overlaps: str = "frame"
    only: Only = Only()

    @cached_property
    def labels(self) -> list[str]:
        """The names of the frames, in order; without those that only hold others."""
        said = {name for entry in self.entries for name in (entry.frame, entry.negated, entry.hedged)}
        names = [frame.name for frame in self.frames]
        return [name for name in names if name in said or not any(other.startswith(f"{name}.") for other in names)]

    @property
    def labelled(self) -> list[Frame]:
        """The frames that ``labels`` names."""
        by_name = {frame.name: frame for frame in self.frames}
        return [by_name[label] for label in self.labels]

    @cached_property
    def named_lists(self) -> dict[str, tuple[str, ...]]:
        """The lists of the lexicon, those of lists within a list, and those of the pair it is about."""
        groups: dict[str, tuple[str, ...]] = {}
        for name in self.lists:
            for end in (at for at, sign in enumerate(name) if sign == "."):
                groups[name[:end]] = (*groups.get(name[:end], ()), f"@{name}")
        return self._pair_lists() | groups | dict(self.lists)

    def _pair_lists(self) -> dict[str, tuple[str, ...]]:
        if not self.about:
            return {}
        known = names(self.about)
        others = [form for name in list(known)[2:] for form in known[name] if not form.endswith("-")]
        pair = [form for name in list(known)[:2] for form in known[name]]
        return {"pair": tuple(pair), "others": tuple(others)}

    def level(self, level: int) -> "Lexicon":
        """The lexicon with its frames folded to the first ``level`` names: ``alliance.military`` to ``alliance``.

        What overlaps is counted once within the folded frame.

        Raises:
            ValueError: a level that is no number of 1 or more.

        >>> frames = (Frame("near"), Frame("near.army"), Frame("far"))
        >>> Lexicon("tiny", frames, (Entry("drill*", "near.army", ("drill*",)),)).level(1).labels
        ['near', 'far']
        """
        from analysis.frames.grammar.levels import folded

        return folded(self, level)

    @property
    def policy(self) -> str:
        """What counts, in a few sentences: overlaps and ties, denial and its scope, conditions."""
        from analysis.frames.grammar.policy import told

        return told(self)

    def __str__(self) -> str:
        shown = ", ".join(self.labels)
        return f"{self.name}: {len(self.entries)} entries for {len(self.labels)} frames ({shown}).\n{self.policy}"

    def patterns(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every group of patterns, with the place it stands in."""
        return [
            ("negation", self.negation.words + self.negation.exceptions),
            ("hedging", self.hedging.words + self.hedging.exceptions),
            ("only", self.only.every),
            ("unless", self.unless.every),
            *((entry.place, entry.match + entry.only.every + entry.unless.every) for entry in self.entries),
        ]

    @cached_property
    def read(self) -> dict[str, list[Steps]]:
        """Every pattern, read."""
        return read_patterns((pattern for _, group in self.patterns() for pattern in group), self.named_lists)
