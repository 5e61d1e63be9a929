"""What holds for every format: how it is told, days, names, repairs and the audit."""

import json

import fixtures as made
import pandas as pd
import pytest
from reading import audit, problems, read, refusal, sums


def test_excel_and_json(tmp_path):
    rows = [["doc_id", "outlet", "text", "n"], ["a", "TASS", "One.", 7], ["b", "DW", "Zwölf.", 7.5]]
    book = made.xlsx(
        {"Articles": rows, "More": [rows[0], ["c", "RT", "Three.", ""]], "Legend": [["what", "this is"]]}
    )
    _, articles = read(tmp_path, "a.xlsx", book)
    assert sums(articles) == (4, 3, 1)
    assert articles.n.tolist() == ["7", "7.5", "", ""]
    assert problems(articles) == [["sheet Legend", "other columns than the first sheet", "what this is"]]
    _, articles = read(tmp_path, "a.json", json.dumps([{"outlet": "TASS", "text": "One."}, 7]))
    assert sums(articles) == (2, 1, 1)
    assert problems(articles) == [["element 2", "a number, not an object", "7"]]
    assert refusal(tmp_path, "b.json", '[{"outlet": "TASS"').startswith(": it is not JSON: ")


def test_a_zip_of_everything(tmp_path):
    inner = made.zipped({"x.docx": made.docx(made.PUTIN)})
    members = {
        "b/1.txt": "One.", "nexis.zip": inner, "photo.png": b"\x89PNG\0", "t.csv": "outlet,text\nRT,Two.\n",
        "broken.docx": made.docx(made.BODY)[:-50], "p.csv.gz": made.gzipped(b"outlet,text\nDW,Three.\n"),
    }  # fmt: skip
    _, articles = read(tmp_path, "all.zip", made.zipped(members))
    assert sums(articles) == (6, 4, 2)
    assert articles.doc_id.tolist() == [
        *("b/1", "nexis.zip/x.docx: item 1", "p.csv: row 2", "t.csv: row 2"),
        *("broken.docx", "photo.png"),
    ]
    assert articles["source"].tolist() == [
        "b/1.txt",
        "nexis.zip/x.docx",
        "p.csv",
        "t.csv",
        "broken.docx",
        "photo.png",
    ]


def test_content_tells_and_not_the_name(tmp_path):
    for name, content in {
        "a.csv": made.docx(made.PUTIN),
        "a.txt": made.rtf(made.PUTIN),
        "a.xls": made.proquest(made.PROQUEST_TEXTS),
    }.items():
        _, articles = read(tmp_path, name, content)
        assert articles.title[0] in ("Putin, Xi sign gas deal: the details", "Gas: a deal")


@pytest.mark.parametrize(
    "day",
    [
        "February 6, 2017 Monday 10:15 AM GMT", "6 Feb. 2017", "Montag, 6. Februar 2017, 10:15 Uhr", "6 Dez 2017",
        "lundi 6 février 2017", "6 août 2017", "lunes, 6 de febrero de 2017", "понедельник, 6 февраля 2017 г.",
        "2017年2月6日 星期一", "2017年2月6日",
    ],
)  # fmt: skip
def test_days_in_six_languages_and_orders(tmp_path, day):
    _, articles = read(tmp_path, "a.csv", f'outlet,text,date\nDW,x,"{day}"\n')
    assert (articles.date.dt.day[0], articles.date.dt.year[0]) == (6, 2017)


@pytest.mark.parametrize("day", ["May day 6, 2017 in Moscow", "6 février", "31 février 2017", "2017年13月6日"])
def test_what_names_no_day(tmp_path, day):
    _, articles = read(tmp_path, "a.csv", f'outlet,text,date\nDW,x,"{day}"\n')
    assert audit(articles)["unreadable_dates"] == 1


def test_outlets_get_one_name_and_unknown_ones_keep_theirs(tmp_path):
    _, articles = read(
        tmp_path, "a.csv", "outlet,text\neurope.chinadaily.com.cn,a\nDaily Planet,b\nCHINA DAILY,c\n,d\n"
    )
    assert articles.outlet.tolist() == ["China Daily", "Daily Planet", "China Daily", ""]
    assert articles.country.tolist() == ["CN", "", "CN", ""]
    given = ["europe.chinadaily.com.cn", "Daily Planet", "CHINA DAILY", ""]
    assert articles["outlet_given"].tolist() == given
    _, plain = read(tmp_path, "a.csv", "outlet,text\nrt.com,a\n", outlet_names=False)
    assert (plain.outlet[0], "country" in plain) == ("rt.com", False)


def test_mojibake_is_repaired_and_counted_and_other_text_left_alone(tmp_path):
    fine = ["“Он сказал”…", "北京“峰会”，中俄", "naïve café”, São ¿Qué?", "ＦＵＬＬ ｗｉｄｔｈ ﬁne"]
    broken = ["FÃ¼nf ZÃ¼ge", "ÐŸÑƒÑ‚Ð¸Ð½ Ð¸ Ð¡Ð¸"]
    table = pd.DataFrame({"outlet": "x", "text": fine + broken})
    _, articles = read(tmp_path, "a.csv", table.to_csv(index=False))
    assert articles.text.tolist() == [*fine, "Fünf Züge", "Путин и Си"]
    assert (articles["encoding"] == "utf-8, mojibake repaired").sum() == 2


def test_tables_with_an_audit_can_be_joined(tmp_path):
    _, articles = read(tmp_path, "a.rtf", made.rtf(made.NEXIS[:-20]))
    joined = pd.concat([articles.head(1), articles.tail(1)])
    assert sums(joined) == (2, 1, 1)
