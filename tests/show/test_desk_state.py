"""The desk as Python sees it: read, set, refused."""

import pandas as pd
import pytest

import analysis as an
from analysis.show.explore import SELECTION
from tests.data import refused
from tests.show.benches import LEXICON, corpus

CODES = pd.DataFrame({"passage_id": ["a:0"], "alliance": [0], "economy": [1]})


def desk():
    articles = corpus()
    passages = an.passages(articles, about=None)
    return an.explore(articles, an.find_frames(passages, LEXICON), passages=passages, lexicon=LEXICON)


def test_the_state_can_be_read_and_set():
    mine = desk()
    mine.selection = {"outlet": "TASS", "label": "economy", "filters": {"search": ""}}
    assert mine.selection["filters"] == {}
    mine.silenced = ["gas", ("alliance", "allies")]
    assert mine.silenced == [("economy", "gas"), ("alliance", "allies")]
    mine.added = [("economy", "rain*")]
    assert mine.hits["entry"].value_counts().to_dict() == {"rain*": 2, "friend*": 3, "trade": 3}
    assert mine.hits["frame"].cat.categories.tolist() == ["alliance", "economy"]
    assert [entry.name for entry in mine.lexicon.entries] == ["friend*", "trade", "rain*"]
    mine.codes = CODES
    assert mine.codes["text"].tolist() == ["Gas and trade grew."]
    assert repr(mine) == "Desk of 9 passages in 5 articles"


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("selection", {"row": 1}, f"selection: 'row' is not a setting. Use one of: {', '.join(SELECTION)}."),
        ("selection", {"outlet": "CNN"}, "selection: 'CNN' is not a known outlet. Use one of: BBC, DW, TASS."),
        ("selection", {"label": "war"}, "selection: 'war' is not a known label. Use one of: alliance, economy."),
        ("selection", {"view": "topics"}, "view: 'topics' is not a view. Use one of: frames, terms."),
        ("selection", {"article": "z"}, "selection: article 'z' is not at this desk."),
        ("selection", {"passage": "z:0"}, "selection: passage 'z:0' is not at this desk."),
        ("selection", {"other": "b"}, "selection: other 'b' needs an article beside it. Set article too."),
        ("selection", {"page": -1}, "selection: page -1 is not a whole number from 0."),
        ("selection", {"order": ""}, "selection: '' is not a known order. Use one of: strength, date."),
        ("selection", {"filters": "TASS"}, "filters: 'TASS' is not a dict. Write {'outlet': 'TASS'}."),
        ("silenced", "gas", "silenced: 'gas' is not a list. Write ['gas']."),
        ("silenced", [3], "entries: 3 is not a pair of frame and entry. Write ('economy', 'oil')."),
        ("added", ["oil"], "entries: 'oil' is not a pair of frame and entry. Write ('economy', 'oil')."),
        ("codes", pd.concat([CODES, CODES]), "codes: passage 'a:0' is duplicated. Give each passage one row."),
        ("silenced", ["oil"], "silenced: 'oil' is not an entry of the lexicon."),
        ("codes", CODES.assign(alliance=2), "codes: 2 for 'a:0' is not a valid code. A code is 0, 1 or missing."),
        ("codes", CODES[["passage_id"]], "codes: column 'alliance' is missing. Found: passage_id."),
    ],
)  # fmt: skip
def test_a_state_that_cannot_be_is_refused(name, value, complaint):
    with refused(complaint):
        setattr(desk(), name, value)
