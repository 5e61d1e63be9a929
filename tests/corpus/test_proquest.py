"""ProQuest exports, in both forms."""

import fixtures as made
import pytest
from reading import DAYS, audit, problems, read, sums

PROQUEST = {"txt": made.proquest(made.PROQUEST_TEXTS), "html": made.proquest_html(made.PROQUEST_TEXTS)}


@pytest.mark.parametrize("kind", PROQUEST)
def test_proquest_gives_the_same_articles_in_both_forms(tmp_path, kind):
    _, articles = read(tmp_path, f"a.{kind}", PROQUEST[kind])
    assert sums(articles) == (2, 2, 0)
    assert articles.outlet.tolist() == ["The Times", "El País"]
    assert articles.date.tolist() == [DAYS[0], DAYS[0]]
    assert articles.title.tolist() == ["Gas: a deal", "El gas"]
    assert articles.author.tolist() == ["Smith, Jane"] * 2
    assert articles.text.tolist() == [
        "A deal was signed.\nLocation: Beijing, in the rain.\nPutin: We are friends.",
        "Firmado el acuerdo.",
    ]
    assert articles.record.tolist() == ["186543210", "286543210"]


def test_proquest_cut_off_new_field_and_twice(tmp_path):
    whole = made.proquest(made.PROQUEST_TEXTS[1:] * 2)
    _, articles = read(tmp_path, "a.txt", whole[: whole.rindex("Publication title")])
    assert sums(articles) == (2, 1, 1)
    assert problems(articles)[0][:2] == ["item 2", "cut off: no 'Publication title'"]
    _, articles = read(tmp_path, "a.txt", whole.replace("2 of 2", "1 of 2").replace("286543210", "186543210"))
    assert (sums(articles), audit(articles)["repeated"]) == ((2, 2, 0), 1)
    content = whole.replace("Publication year:", "Mood: grave\n\nPublication year:")
    _, articles = read(tmp_path, "b.txt", content)
    assert (sums(articles), articles.Mood[0]) == ((2, 2, 0), "grave")
