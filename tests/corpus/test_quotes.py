import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from news_articles import repair_quotes, repairs

CASES = json.loads(Path("tests/cases/quotes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_repairs_and_leaves_as_the_cases_say(case):
    assert repair_quotes([case["given"]])[0] == [case["expected"]]


@pytest.mark.parametrize("rule", repairs(), ids=lambda rule: rule.name)
def test_every_rule_applies_to_its_example(rule):
    assert repair_quotes([rule.example])[1][rule.name] >= 1


def test_every_rule_changes_some_case():
    applied = repair_quotes([case["given"] for case in CASES])[1]
    assert [name for name, times in applied.items() if times == 0] == []


@given(st.text(alphabet='abs1 ,.?!"-\ufffd', max_size=60))
def test_no_word_is_touched(text):
    (repaired,), _ = repair_quotes([text])
    assert re.findall(r"\w", repaired) == re.findall(r"\w", text)


@given(st.text(alphabet="abc s1,.?!'()", max_size=60))
def test_text_without_the_mark_stays(text):
    assert repair_quotes([text])[0] == [text]
