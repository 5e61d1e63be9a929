"""Days as archives write them, read through ``read_articles``."""

import pandas as pd
import pytest

import analysis as an


def written(path, content):
    path.write_text(content, encoding="utf-8")
    return path


def test_slashes_are_settled_by_the_column(tmp_path):
    days = {"13/04/2017\nDW,x,03/04/2017": [13, 3], "04/13/2017\nDW,x,04/03/2017": [13, 3]}
    for cells, expected in days.items():
        path = written(tmp_path / "a.csv", f"outlet,text,date\nDW,x,{cells}\n")
        assert an.read_articles(path).date.dt.day.tolist() == expected
    undecided = written(tmp_path / "a.csv", "outlet,text,date\nDW,x,03/04/2017\n")
    assert an.read_articles(undecided).attrs["audit"]["unreadable_dates"] == 1


@pytest.mark.parametrize(
    "day",
    [
        "2017-02-06",
        "20170206",
        "2017/2/6",
        "06.02.2017",
        "6 February 2017",
        "6 Feb 2017",
        "06-Feb-2017",
        "February 6, 2017",
        "Feb 6, 2017",
        "February 6, 2017 Monday",
        "Monday, February 6, 2017",
        "Monday, 6 February 2017",
        "Mon, 06 Feb 2017 00:00:00 +0000",
        "Mon, 06 Feb 2017 00:00:00 GMT",
    ],
)
def test_a_day_is_read_as_archives_write_it(tmp_path, day):
    path = written(tmp_path / "a.csv", f'outlet,text,date\nDW,x,"{day}"\n')
    assert an.read_articles(path).date.tolist() == [pd.Timestamp("2017-02-06")]


@pytest.mark.parametrize("day", ["2017", "2017-02", "1486400000", "2017-02-30", "yesterday"])
def test_what_is_no_day_is_left_undated(tmp_path, day):
    path = written(tmp_path / "a.csv", f"outlet,text,date\nDW,x,{day}\n")
    assert an.read_articles(path).attrs["audit"]["unreadable_dates"] == 1


def test_a_date_with_a_zone_is_told_in_utc(tmp_path):
    path = written(tmp_path / "a.csv", "outlet,text,date\nDW,x,2017-02-06T01:00:00+03:00\n")
    assert an.read_articles(path).date[0] == pd.Timestamp("2017-02-05 22:00")
