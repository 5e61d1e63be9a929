"""At the desk: entries silenced and added, passages marked right or wrong."""

import json

import pandas as pd
import pytest

import analysis as an
from analysis.frames.coders.people import settled, to_settle
from analysis.show.desk.bench import Bench
from analysis.show.desk.coding import CodesFile, codes_in, passage_table
from analysis.show.desk.evidence import gathered
from tests.show.benches import LEXICON, ask, bench, corpus, shares


def test_a_silenced_entry_moves_the_shares_and_can_be_heard_again():
    desk = bench()
    assert ask(desk, "silence", frame="economy", entry="gas") == {"silenced": [["economy", "gas"]], "added": []}
    cells = ask(desk, "cells")
    assert shares(cells)["BBC"] == [0.25, 0.25]
    assert [row["cells"][1]["before"] for row in cells["rows"] if row["outlet"] == "BBC"] == [0.5]
    assert [entry.name for entry in desk.lexicon.entries] == ["friend*", "allies", "trade"]
    ask(desk, "restore", frame="economy", entry="gas")
    assert shares(ask(desk, "cells"))["BBC"] == [0.25, 0.5]
    assert desk.evidence is desk.given


def test_hits_looked_for_where_a_change_is_heard_are_those_of_reading_everything_again():
    articles = an.load_example("seeds")
    lexicon = an.read_lexicon("russia-china")
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
        "error": "added: the desk has no lexicon. Pass it: explore(articles, hits, lexicon=…)."
    }


def test_a_mark_judges_one_frame_and_no_other():
    desk = bench()
    answer = ask(desk, "code", passage="c:1", frame="economy", code=0)
    assert (answer["card"]["read"], answer["card"]["coded"], answer["coded"]) == ([0, 1], [None, 0], 1)
    ask(desk, "code", passage="a:1", frame="alliance", code=1)
    ask(desk, "code", passage="a:1", frame="economy", code=0)
    assert desk.coded.fillna(-1).to_numpy().tolist() == [
        ["a:1", "a", "TASS", "They are friends.", True, 1, 0],
        ["c:1", "c", "BBC", "Gas is dear.", True, -1, 0],
    ]
    again = bench()
    again.keep(codes_in(again.given, desk.coded))
    assert again.codes == desk.codes


def test_a_third_decides_at_the_desk_and_the_record_says_who(tmp_path):
    articles = corpus()
    passages = an.passages(articles, about=None)
    given = {"ann": [1, 0, 1, 0], "bob": [1, 1, 1, 0]}
    long = pd.concat([
        passages[:2].loc[[0, 0, 1, 1]].assign(coder=coder, label=["war", "gas"] * 2, code=codes)
        for coder, codes in given.items()
    ])  # fmt: skip
    queue = to_settle(long)
    hits, file = an.find_frames(passages, LEXICON), CodesFile(tmp_path / "eva.csv")
    desk = Bench(gathered(articles, hits, passages=queue), file=file)
    assert ask(desk, "scope")["can"]["settle"]
    (card,) = ask(desk, "cards", view="frames")["cards"]
    assert (card["id"], card["differ"], card["read"], card["coded"]) == ("a:0", ["gas"], [0], None)
    assert [set(piece) for piece in card["segments"]] == [{"text"}]  # of hits, nothing
    answer = ask(desk, "code", passage="a:0", frame="gas", code=0)
    assert (answer["coded"], answer["left"]) == (1, 0)
    final = settled(long, an.read_codes(tmp_path / "eva.csv", weights=False))
    assert final[["war", "gas", "gas_settled_by", "war_settled_by"]].to_numpy().tolist() == [
        [1, 0, "eva", ""],
        [1, 0, "", ""],
    ]
    pd.testing.assert_frame_equal(final, settled(long, desk.coded, by="eva"))


def test_what_a_reader_coded_in_full_can_be_validated():
    desk = bench()
    for passage, codes in {"a:1": (1, 0), "c:1": (0, 0)}.items():
        for frame, code in zip(("alliance", "economy"), codes, strict=True):
            ask(desk, "code", passage=passage, frame=frame, code=code)
    assert an.validate(desk.coded, LEXICON).table["precision"].tolist() == [1.0, 0.0]


def test_a_frame_is_measured_on_the_passages_in_which_it_was_judged():
    desk = bench()
    ask(desk, "code", passage="a:1", frame="alliance", code=1)
    ask(desk, "code", passage="c:1", frame="economy", code=0)
    ask(desk, "code", passage="a:0", frame="economy", code=1)
    table = an.validate(desk.coded, LEXICON).table
    assert table["n"].tolist() == [1, 2]
    assert table["recall"].isna().all()  # these passages were picked: what was missed is not among them


def test_no_mark_is_an_empty_table_with_its_columns():
    table = bench().coded
    assert (len(table), list(table)) == (
        0, ["passage_id", "article", "outlet", "text", "picked", "alliance", "economy"],
    )  # fmt: skip


def test_a_judgement_is_taken_back_by_frame_or_by_passage():
    desk = bench()
    steps = [("alliance", 1, [1, None]), ("economy", 0, [1, 0]), ("alliance", None, [None, 0]), ("", None, None)]
    for frame, code, wanted in steps:
        answer = ask(desk, "code", passage="a:1", frame=frame, code=code)
        assert answer["card"]["coded"] == wanted
    assert desk.coded.empty


def test_one_mark_never_codes_every_frame():
    desk = bench()
    answer = ask(desk, "code", passage="a:1", code=1)
    assert answer == {"error": "codes: '' is not a frame. Use one of: alliance, economy."}
    assert not desk.codes


def test_marks_are_kept_in_a_file_that_the_next_desk_reads(tmp_path):
    path = tmp_path / "codes.csv"
    desk = bench(file=CodesFile(path))
    answer = ask(desk, "code", passage="c:1", frame="economy", code=0)
    assert answer["file"] == "codes.csv"
    assert bench(file=CodesFile(path)).codes == {"c:1": {"economy": 0}}
    ask(desk, "code", passage="c:1", frame="economy", code=None)
    assert bench(file=CodesFile(path)).codes == {}


def test_codes_of_passages_elsewhere_stay_in_the_file(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text(
        "passage_id,text,picked,alliance,economy\nz:0,elsewhere,True,1,\na:1,They are friends.,True,,1\n"
    )
    with pytest.warns(UserWarning, match="1 coded passages are not at this desk, first 'z:0'"):
        desk = bench(file=CodesFile(path))
    assert desk.codes == {"a:1": {"economy": 1}}
    ask(desk, "code", passage="a:1", frame="alliance", code=0)
    rows = pd.read_csv(path).set_index("passage_id")
    assert rows.loc["a:1", ["alliance", "economy"]].tolist() == [0, 1]
    assert rows.loc["z:0", "alliance"] == 1
    assert pd.isna(rows.loc["z:0", "economy"])


def test_a_file_with_a_wrong_code_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text("passage_id,alliance,economy\na:1,7,\n")
    with pytest.raises(ValueError, match=r"codes: '7' for 'a:1' is not a valid code"):
        bench(file=CodesFile(path))
    assert path.read_text().endswith("a:1,7,\n")


def test_all_passages_leave_with_both_readings(tmp_path):
    desk = bench()
    ask(desk, "code", passage="a:0", frame="economy", code=0)
    for name in ("passages.csv", "passages.parquet"):
        an.write_table(passage_table(desk.evidence, desk.codes), tmp_path / name)
    table = pd.read_parquet(tmp_path / "passages.parquet")
    assert len(table) == 9
    assert table.loc[0, ["passage_id", "outlet", "economy", "coded_economy", "alliance"]].tolist() == [
        "a:0", "TASS", 1, 0, 0,
    ]  # fmt: skip
    assert table["coded_alliance"].isna().all()
    assert list(pd.read_csv(tmp_path / "passages.csv")) == list(table)


def test_who_decides_between_coders_does_not_see_who_printed_it():
    articles = corpus().assign(agency="Xinhua", url="https://tass.example/a", section=list("abcab"))
    passages = an.passages(articles, about=None)
    queue = passages.head(4).assign(differ="alliance")
    hits = an.find_frames(passages, LEXICON)
    desk = Bench(gathered(articles, hits[hits["passage_id"].isin(queue["passage_id"])], passages=queue))
    asked = [ask(desk, "scope"), ask(desk, "cells"), ask(desk, "cards"), ask(desk, "sheet", article="a")]
    shown = json.dumps(asked, ensure_ascii=False)
    assert [name for name in ("TASS", "BBC", "DW", "Xinhua", "tass.example", "section") if name in shown] == []
    ask(desk, "code", passage="a:0", frame="alliance", code=1)
    assert desk.coded["outlet"].tolist() == ["TASS"]  # the file has it: who validates needs it
