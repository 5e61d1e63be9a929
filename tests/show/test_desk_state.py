"""The desk as Python sees it: read, set, refused."""

import pandas as pd
import pytest

import analysis as an
from analysis.show.explore import SELECTION
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
        ("selection", {"row": 1}, f"selection: no 'row'; there is {', '.join(SELECTION)}."),
        ("selection", {"outlet": "CNN"}, "selection: no outlet 'CNN'; there is BBC, DW, TASS."),
        ("selection", {"label": "war"}, "selection: no label 'war'; there is alliance, economy."),
        ("selection", {"view": "topics"}, "view: 'topics' is none of frames, terms."),
        ("selection", {"article": "z"}, "selection: there is no article 'z'."),
        ("selection", {"passage": "z:0"}, "selection: there is no passage 'z:0'."),
        ("selection", {"other": "b"}, "selection: 'b' stands beside no article. Set article too."),
        ("selection", {"page": -1}, "selection: -1 is no page. Pages are 0, 1, 2, …"),
        ("selection", {"order": ""}, "selection: no order ''; there is strength, date."),
        ("selection", {"filters": "TASS"}, "filters: 'TASS' is no set of settings. Write {'outlet': 'TASS'}."),
        ("silenced", "gas", "silenced: 'gas' is no list. Write ['gas']."),
        ("silenced", [3], "entries: 3 is no frame with an entry. Write ('economy', 'oil')."),
        ("added", ["oil"], "entries: 'oil' is no frame with an entry. Write ('economy', 'oil')."),
        ("codes", pd.concat([CODES, CODES]), "codes: passage 'a:0' stands twice."),
        ("silenced", ["oil"], "silenced: 'oil' is no entry of the lexicon."),
        ("codes", CODES.assign(alliance=2), "codes: 2 for 'a:0'. A code is 0 or 1."),
        ("codes", CODES[["passage_id"]], "codes: no column 'alliance'; there is passage_id."),
    ],
)  # fmt: skip
def test_a_state_that_cannot_be_is_refused(name, value, complaint):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        setattr(desk(), name, value)
    assert str(raised.value) == complaint
