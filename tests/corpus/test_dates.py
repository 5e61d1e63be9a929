"""Days as archives write them, read through ``read_articles``."""

import pandas as pd
import pytest
from reading import audit

import analysis as an
from analysis.corpus.dates import dates
from tests.data import framing


def written(path, content):
    path.write_text(content, encoding="utf-8")
    return path


def test_slashes_are_settled_by_the_column(tmp_path):
    days = {"13/04/2017\nDW,x,03/04/2017": [13, 3], "04/13/2017\nDW,x,04/03/2017": [13, 3]}
    for cells, expected in days.items():
        path = written(tmp_path / "a.csv", f"outlet,text,date\nDW,x,{cells}\n")
        assert an.read_articles(path).date.dt.day.tolist() == expected
    undecided = written(tmp_path / "a.csv", "outlet,text,date\nDW,x,03/04/2017\n")
    assert audit(an.read_articles(undecided))["undecided_dates"] == 1


# As archives, databases, spreadsheets and programs write a day; None where it is not a day or not decided.
DAYS = {
    "31.12.12": "2012-12-31",
    "25/3/22": "2022-03-25",
    "3/25/22": "2022-03-25",
    "25-03-2022": "2022-03-25",
    "03-Mar-22": "2022-03-03",
    "25/03/2022 14:30": "2022-03-25",
    "3/25/2022 2:30 PM": "2022-03-25",
    "2022-3-3": "2022-03-03",
    "2022.03.03": "2022-03-03",
    "2022. 3. 3.": "2022-03-03",
    "2022년 3월 3일": "2022-03-03",
    "2022년 3월 3일 (목요일)": "2022-03-03",
    "令和4年3月3日": "2022-03-03",
    "民國111年3月3日": "2022-03-03",
    "2022-03-03 Thursday": "2022-03-03",
    "Thu Mar 03 10:00:00 +0000 2022": "2022-03-03",
    "44623": "2022-03-03",
    "1646265600": "2022-03-03",
    "1646265600000": "2022-03-03",
    "3 maart 2022": "2022-03-03",
    "3 marca 2022": "2022-03-03",
    "3 Mart 2022": "2022-03-03",
    "٣ مارس ٢٠٢٢": "2022-03-03",
    "3 مارس 2022": "2022-03-03",
    "Published: 3 March 2022": "2022-03-03",
    "March 3, 2022 Thursday": "2022-03-03",
    "3 marzo 2022": "2022-03-03",
    "3 de março de 2022": "2022-03-03",
    "2022-03-03T02:00:00+08:00": "2022-03-03",
    "2022-03-03T22:00:00-05:00": "2022-03-03",
    "2022-03-03T22:00:00.000Z": "2022-03-03",
    "20220303T101500Z": "2022-03-03",
    "20220303101500": "2022-03-03",
    "20220303": "2022-03-03",
    "May 2, 2002, Thursday,, FINAL EDITION": "2002-05-02",
    "February 16, 2006, Thursday 17:00:00 - 18:00:00 Eastern Time": "2006-02-16",
    "March 3, 2022 Thursday Final Edition": "2022-03-03",
    "March 3, 2022 Thursday, The New York Times on the Web": "2022-03-03",
    "March 12, 2013 Tuesday 5:01 AM GMT": "2013-03-12",
    "二〇二二年三月三日": "2022-03-03",
    "二〇二二年十二月三十一日": "2022-12-31",
    "2015年01月01日 朝刊": "2015-01-01",
    "jeudi 3 mars 2022": "2022-03-03",
    "Politique, jeudi 3 mars 2022, p. 1": None,
    "Thu, 03 Mar 2022 10:00:00 GMT": "2022-03-03",
    "3. März 2022": "2022-03-03",
    "3 березня 2022 р.": "2022-03-03",
    "03.03.2022 10:15": "2022-03-03",
    "2022/03/03": "2022-03-03",
    "2022/3/3 10:00": "2022-03-03",
    "3.3.2022": "2022-03-03",
    "3 Maret 2022": "2022-03-03",
    "2022. március 3.": "2022-03-03",
    "1400-12-12": None,
    "2017": None,
    "2017-02": None,
    "2017-02-30": None,
    "yesterday": None,
    "May day 6, 2017 in Moscow": None,
    "31 février 2017": None,
    "2017年13月6日": None,
    "3/4/2022": None,
    "03-04-2022": None,
    "3 March 2022 to 5 April 2023": None,
    "6 février": None,
    "Mar 3rd, 2022": "2022-03-03",
    "3rd of March 2022": "2022-03-03",
    "Thursday, 3 March 2022": "2022-03-03",
    "2022-03-03 10:00:00 UTC": "2022-03-03",
    "２０２２年３月３日": "2022-03-03",
    "30 Eylül 2021": "2021-09-30",
    "12 Ekim 2021": "2021-10-12",
    "3 października 2021": "2021-10-03",
    "Montag 6. Februar 2017 10:15 Uhr": "2017-02-06",
    "6 Dez 2017": "2017-12-06",
    "понедельник, 6 февраля 2017 г.": "2017-02-06",
    "March 3, 2022 10:15pm": "2022-03-03",
    "March 3, 2022, 10 a.m. ET": "2022-03-03",
    "2022-03-03 10:00:00+01": "2022-03-03",  # Postgres
    "2022-03-03T10:00:00.000Z[UTC]": "2022-03-03",  # Java
    "2022-03-03 10:00:00 +0000 UTC": "2022-03-03",  # Go
    "Thu Mar 03 10:00:00 UTC 2022": "2022-03-03",
    "/Date(1646265600000)/": "2022-03-03",  # .NET
    "2022年3月3日(木) 10時15分": "2022-03-03",
    "2022.3.3.(목)": "2022-03-03",
    "2022-03-03 星期四": "2022-03-03",
    "2022/3/3 周四 上午10点": "2022-03-03",
    "99999": None,
    "12": None,
    "3 มีนาคม 2565": "2022-03-03",
    "3 मार्च 2022": "2022-03-03",
    "23/03/2565": "2022-03-23",
    "٢٢/٠٣/٢٠٢٢": "2022-03-22",
    "12 اسفند 1400": None,  # of other calendars than these: not read, and counted
    "1400/12/12": None,
    "30 رجب 1443": None,
    "5 Nisan 5782": None,
}


@pytest.mark.parametrize("written", DAYS)
def test_a_day_is_read_as_archives_write_it(written):
    day = dates(pd.Series([written]))[0]
    assert (None if pd.isna(day) else f"{day:%Y-%m-%d}") == DAYS[written]


def test_each_date_of_a_column_that_contradicts_itself_is_read_by_itself():
    column = ["25/3/2022", "3/25/2022", "3/3/2022", "3/4/2022", "3/4/2022 14:30"]
    assert dates(pd.Series(column)).dt.strftime("%d %m").fillna("").tolist() == ["25 03", "25 03", "03 03", "", ""]


def test_clocks_and_short_years_are_settled_by_the_column_too():
    column = ["03/04/2017 14:30", "04/13/2017 9:00 AM", "1/2/17", "1-2-2017"]
    assert dates(pd.Series(column)).dt.strftime("%d %m").fillna("").tolist() == ["04 03", "13 04", "02 01", ""]


# A short year may be first or last: what the column shows, and no day to come, decides; else the day is left out.
SHORT = [
    (["22.03.31"], ["2022-03-31"]),
    (["22.03.31", "22.04.15"], ["2022-03-31", "2022-04-15"]),
    (["22.03.15", "22.04.11"], ["2022-03-15", "2022-04-11"]),
    (["22.03.15", "2022-03-20"], ["2022-03-15", "2022-03-20"]),
    (["05.02.17", "06.02.17"], ["2017-02-05", "2017-02-06"]),
    (["06.02.17", "5 February 2017"], ["2017-02-06", "2017-02-05"]),
    (["22.03.15", "21.01.12", "19.05.10"], [None, None, None]),
    (["31.12.98", "98.12.31"], ["1998-12-31", "1998-12-31"]),
    (["22/03/31"], ["2022-03-31"]),
    (["31.12.65"], [None]),
    (["22 Mar 65"], [None]),
    (["3 March 99999999999"], [None]),
    (["31 December 29"], ["2029-12-31"]),
]


@pytest.mark.parametrize(("column", "days"), SHORT)
def test_a_short_year_is_never_one_to_come(column, days):
    read = dates(pd.Series(column)).dt.strftime("%Y-%m-%d")
    assert [None if pd.isna(day) else day for day in read] == days


def test_an_offset_does_not_move_the_day(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("outlet,text,date\nDW,x,2017-02-06T01:00:00+03:00\nDW,x,2017-02-06T22:00:00-05:00\n")
    assert an.read_articles(path).date.dt.day.tolist() == [6, 6]
    frame = pd.DataFrame({"outlet": "DW", "text": "x", "date": pd.to_datetime(["2017-02-06T01:00:00+03:00"])})
    frame.to_parquet(tmp_path / "a.parquet")
    assert an.read_articles(tmp_path / "a.parquet").date[0] == pd.Timestamp("2017-02-06 01:00")


@pytest.mark.parametrize(("order", "months"), [("dmy", [4, 3, 3, 12]), ("mdy", [3, 3, 3, 12])])
def test_a_given_order_decides(tmp_path, order, months):
    cells = ["03/04/2024", "03/03/2024", "2024/03/05", "13/12/2024" if order == "dmy" else "12/13/2024"]
    path = written(tmp_path / "a.csv", "outlet,text,Tag\n" + "".join(f"DW,x,{cell}\n" for cell in cells))
    articles = an.read_articles(path, columns={f"date_{order}": "Tag"})
    assert (articles["date"].dt.month.tolist(), articles["date_given"].tolist()) == (months, cells)
    against = dates(pd.Series(["03/04/2024", "13/12/2024", "12/13/2024"]), order).dt.month.fillna(0).tolist()
    assert against == ([4, 12, 0] if order == "dmy" else [3, 0, 12])


UNKNOWN = (
    "dates whose order of day and month is not known: 2, as 03/04/2024 (a.csv, row 2); they are not read. Of such "
    "dates only those are read whose day and month are the same number: 1, as 3/3/2024. Give the order with "
    "--column date_dmy=Datum (day first) or --column date_mdy=Datum (month first), or write them as 2024-04-03."
)
SAID = [
    (["03/04/2024", "3/3/2024", "05.06.2024", "1/2/24"], [UNKNOWN]),
    (["03/04/2024", "13/04/2024"], []),
    (
        ["soon", "2017-02-30", "1512-01-02"],
        [
            "dates that could not be read: 2, as soon (a.csv, row 2).",
            "dates before 1600 or after 2100, which are not read: 1, as 1512-01-02 (a.csv, row 4).",
        ],
    ),
    (
        ["2099-01-01", "2024-01-01", "9 May 2098"],
        ["dates in the future, to be checked: 2, as 2099-01-01 (a.csv, row 2)."],
    ),
]


@pytest.mark.parametrize(("column", "notes"), SAID)
def test_dates_that_are_not_read_or_cannot_be_are_shown_with_what_to_do(tmp_path, column, notes):
    path = written(tmp_path / "a.csv", "outlet,text,Datum\n" + "".join(f"DW,x,{cell}\n" for cell in column))
    said = [line for line in framing("summarize", path).stderr.splitlines() if "columns read" not in line]
    assert said == [f"{path}: {note}" for note in notes]


def test_a_date_at_the_beginning_of_a_file_name_is_that_of_a_text(tmp_path):
    folder = tmp_path / "texts"
    (folder / "TASS").mkdir(parents=True)
    for name in ("2024-03-07 Gas.txt", "TASS/2024-03-08_Oil.txt", "2024-03-071.txt", "On 2024-03-09.txt"):
        written(folder / name, "Russia and China met.")
    with pytest.warns(UserWarning, match=f"{folder}: dates taken from file names: 2 of 4 texts."):
        articles = an.read_articles(folder)
    days = articles.set_index("doc_id")["date"].dropna().dt.strftime("%d").to_dict()
    assert days == {"2024-03-07 Gas": "07", "TASS/2024-03-08_Oil": "08"}
    assert "dates taken from file names: 2 of 4 texts." in framing("summarize", folder).stderr
    written(folder / "articles.csv", "file,outlet,date\n2024-03-07 Gas.txt,DW,2020-01-01\n")
    for path in folder.rglob("*.txt"):
        if path.name != "2024-03-07 Gas.txt":
            path.unlink()
    assert an.read_articles(folder)["date"].dt.year.tolist() == [2020]


def test_folders_of_years_are_none_of_outlets(tmp_path):
    days = ("TASS/2024/20240307_Gas", "TASS/2024/03/2024_03_08", "2024/DW/2024-03-09", "2024/2024.03.10 Oil")
    for name in (*days, "DW/20241307", "DW/12345678"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        written(tmp_path / f"{name}.txt", "Russia and China met.")
    with pytest.warns(UserWarning, match="dates taken from file names: 4 of 6 texts"):
        articles = an.read_articles(tmp_path).set_index("doc_id")
    assert articles.loc[list(days), "outlet"].tolist() == ["TASS", "TASS", "DW", ""]
    assert articles.loc[list(days), "date"].dt.day.tolist() == [7, 8, 9, 10]
