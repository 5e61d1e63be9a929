"""At the desk: entries silenced and added, passages marked right or wrong."""

import analysis as an
from analysis.show.desk.bench import Bench
from analysis.show.desk.evidence import gathered
from tests.show.benches import LEXICON, ask, bench, corpus, shares


def test_a_silenced_entry_moves_the_shares_and_can_be_heard_again():
    desk = bench()
    assert ask(desk, "silence", frame="economy", entry="gas") == {"silenced": [["economy", "gas"]], "added": []}
    cells = ask(desk, "cells")
    assert shares(cells)["BBC"] == [0.25, 0.25]
    assert [row["cells"][1]["before"] for row in cells["rows"] if row["outlet"] == "BBC"] == [0.5]
    assert [entry.name for entry in desk.lexicon.entries] == ["friend*", "allies", "trade"]
    ask(desk, "hear", frame="economy", entry="gas")
    assert shares(ask(desk, "cells"))["BBC"] == [0.25, 0.5]
    assert desk.evidence is desk.given


def test_hits_looked_for_where_a_change_is_heard_are_those_of_reading_everything_again():
    articles = an.load_seeds()
    lexicon = an.load_lexicon("russia-china")
    passages = an.passages(articles)
    desk = Bench(
        gathered(articles, an.find_frames(passages, lexicon), passages=passages, lexicon=lexicon), lexicon
    )
    said = dict.fromkeys(zip(desk.given.hits["frame"], desk.given.hits["entry"], strict=True))
    for frame, entry in [*said][:2]:
        ask(desk, "silence", frame=frame, entry=entry)
        ask(desk, "add", frame=frame, pattern=f"({entry.split()[0]}|beijing) …2 @pair")
        assert desk.added
        whole = an.find_frames(passages, desk.lexicon)
        assert desk.evidence.hits[[*whole]].to_numpy().tolist() == whole.to_numpy().tolist()


def test_an_added_entry_finds_hits_and_is_taken_back_by_silencing_it():
    desk = bench()
    ask(desk, "add", frame="economy", pattern=" rained  in ")
    assert shares(ask(desk, "cells"))["TASS"] == [0.25, 0.75]
    assert ask(desk, "silence", frame="economy", entry="rained in") == {"silenced": [], "added": []}
    assert shares(ask(desk, "cells"))["TASS"] == [0.25, 0.5]


def test_without_a_lexicon_entries_can_be_silenced_but_not_added():
    articles = corpus()
    passages = an.passages(articles, about=None)
    desk = Bench(gathered(articles, an.find_frames(passages, LEXICON), passages=passages))
    ask(desk, "silence", frame="economy", entry="gas")
    assert shares(ask(desk, "cells"))["BBC"] == [0.25, 0.25]
    assert ask(desk, "add", frame="economy", pattern="oil") == {
        "error": "To add an entry the desk needs the lexicon: explore(articles, hits, lexicon=…)."
    }


def test_a_mark_codes_the_whole_passage_as_validate_wants_it():
    desk = bench()
    answer = ask(desk, "code", passage="c:1", frame="economy", code=0)
    assert (answer["card"]["read"], answer["card"]["coded"], answer["coded"]) == ([0, 1], [0, 0], 1)
    ask(desk, "code", passage="a:1", code=1)
    assert desk.coded.to_numpy().tolist() == [
        ["a:1", "a", "TASS", "They are friends.", 1, 0],
        ["c:1", "c", "BBC", "Gas is dear.", 0, 0],
    ]
    assert an.validate(desk.coded, LEXICON).table["precision"].tolist() == [1.0, 0.0]
    again = bench()
    again.code(desk.coded)
    assert again.codes == desk.codes
    ask(desk, "code", passage="c:1", code=None)
    assert list(desk.codes) == ["a:1"]


def test_no_mark_is_an_empty_table_with_its_columns():
    table = bench().coded
    assert (len(table), list(table)) == (0, ["passage_id", "article", "outlet", "text", "alliance", "economy"])


def test_a_mark_is_right_then_wrong_then_taken_back():
    desk = bench()
    for code, wanted in [(1, [1, 0]), (0, [0, 0]), (None, None)]:
        answer = ask(desk, "code", passage="a:1", frame="alliance", code=code)
        assert answer["card"]["coded"] == wanted
    assert desk.coded.empty
