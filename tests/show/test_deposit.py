import json
import re
import shutil
from dataclasses import asdict
from hashlib import sha256

import pandas as pd
import pytest
from deposits_once import EVIDENT
from deposits_once import once as found_once
from pages import found_in

import analysis as an
from analysis.show.deposit import CRATE, RUN, verify_deposit, write_deposit
from analysis.show.report.scrutiny import Settings
from analysis.show.starter import write_starter
from analysis.study.study import run_study
from tests.data import framing

pytestmark = pytest.mark.usefixtures("studied")

TABLES = [
    "settings", "shares", "estimates", "omnibus", "differences", "influence", "corrected", "robustness",
    "robustness-effects",
]  # fmt: skip
FIGURES = ["estimates", "differences", "influence", "robustness"]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The folder of a study, its articles, its lexicon, and its deposit with a certificate of drawn passages."""
    folder = tmp_path_factory.mktemp("study")
    write_starter(folder)
    articles, lexicon = an.read_articles(folder / "articles.csv"), an.read_lexicon(folder / "lexicon.yaml")
    passages = an.passages(an.mark_copies(an.clean(articles)), about=lexicon.about)
    shares = an.frame_shares(an.find_frames(passages, lexicon), passages, unit="passage")
    coded = passages.join((shares > 0).astype(int), on="passage_id").iloc[::2].assign(weight=2.0)
    coded.loc[coded.index[0], lexicon.labels[0]] = 1
    certificate = an.validate(coded, lexicon)
    certificate.write(folder / "articles.certificate.json", source="made up", coded_by="nobody")
    with found_once():
        deposit = write_deposit(articles, lexicon, folder / "deposit", certificates=[certificate])
    return folder, articles, lexicon, deposit


def failed(checks):
    return checks.loc[~checks["holds"], "what"].tolist()


def with_hash(folder, name):
    """Writes the hash of a file that was changed into the crate, as one who hides the change would."""
    crate = json.loads((folder / CRATE).read_text("utf-8"))
    part = next(part for part in crate["@graph"] if part["@id"] == name)
    part["sha256"] = sha256((folder / name).read_bytes()).hexdigest()
    (folder / CRATE).write_text(json.dumps(crate), "utf-8")


@pytest.fixture
def once():
    with found_once():
        yield


@pytest.fixture
def changed(study, tmp_path, once):  # noqa: ARG001
    return shutil.copytree(study[3], tmp_path / "deposit")


def test_a_deposit_comes_out_the_same_with_and_without_the_texts(study):
    _, articles, _, deposit = study
    alone, whole = verify_deposit(deposit), verify_deposit(deposit, articles)
    assert not failed(whole)
    again = {what.removesuffix(" comes out the same") for what in alone["what"] if what.endswith("the same")}
    assert again == {
        *(f"{name}.csv" for name in TABLES), *(f"figures/{name}.svg" for name in FIGURES), "certificates/1.json",
    }  # fmt: skip
    assert len(whole) == len(alone) + 4  # articles, passages, hits and readings


def test_its_tables_are_those_of_the_report(study):
    _, articles, lexicon, deposit = study
    found = found_in(articles, lexicon)
    for name, table in {
        "estimates": found.estimates, "differences": found.differences, "robustness": found.scrutiny.curve,
    }.items():  # fmt: skip
        kept = an.read_table(deposit / f"{name}.csv")
        expected = table.reset_index(drop=True)
        numbers = expected.select_dtypes("number").columns
        assert list(kept) == list(expected)
        pd.testing.assert_frame_equal(kept[numbers], expected[numbers], check_dtype=False)


@pytest.mark.parametrize(
    "kept", [(".begun.part",), ("settings.json",), ("settings.json", "articles.csv", "hits.csv")]
)
@pytest.mark.usefixtures("once")
def test_a_deposit_that_was_interrupted_is_written_to_its_end(study, tmp_path, kept):
    folder, articles, lexicon, deposit = study
    for name in kept:
        (tmp_path / name).write_text("half")
    certificates = an.read_certificates(folder / "articles.csv")
    again = write_deposit(articles, lexicon, tmp_path, certificates=certificates)
    files = [path for path in deposit.rglob("*.csv") if path.is_file()]
    assert all((again / path.relative_to(deposit)).read_bytes() == path.read_bytes() for path in files)


def test_a_folder_with_something_else_is_not_written_to(study, tmp_path):
    (tmp_path / "articles.csv").write_text("mine")
    with pytest.raises(ValueError, match="the folder holds something else"):
        write_deposit(study[1], study[2], tmp_path)
    assert (tmp_path / "articles.csv").read_text() == "mine"


def test_a_deposit_holds_no_text(study):
    _, articles, _, deposit = study
    words = [re.findall(r"\w+", text.lower()) for text in (*articles["text"], *articles["title"])]
    runs = {" ".join(own[at : at + RUN]) for own in words for at in range(len(own) - RUN + 1)}
    for path in filter(lambda path: path.is_file(), deposit.rglob("*")):
        content = " ".join(re.findall(r"\w+", path.read_text("utf-8").lower()))
        assert not any(run in content for run in runs), path


def every_file():
    computed = [f"{name}.csv" for name in TABLES] + [f"figures/{name}.svg" for name in FIGURES]
    return [*EVIDENT, *computed, "certificates/1.json"]


@pytest.mark.parametrize("name", every_file())
def test_what_was_changed_is_found(changed, name):
    (changed / name).write_text((changed / name).read_text("utf-8").replace("e", "i", 1), "utf-8")
    assert failed(verify_deposit(changed)) == [f"{name} is as deposited"]


CHANGED = [(rf"{name}.csv", r"0\.\d", "0.1" if name == "settings" else "0.9") for name in TABLES]
CHANGED += [(f"figures/{name}.svg", r"L\d", "L1") for name in FIGURES]
CHANGED += [("certificates/1.json", r'("table": .*\n.*?, )\d\.\d+', r"\g<1>0.123")]
EVIDENCE = {
    "hits.csv": ("False", "True", "shares.csv"),
    "readings.csv": (r",0\.\d+,", ",0.01,", "robustness.csv"),
    "settings.json": ('"seed": 0', '"seed": 1', "differences.csv"),
    "certificates/1.json": (
        r'("codes": .*\n.*?, )[01], ([01]), ([01]), ',
        r"\g<1>0, 0, 0, ",
        "certificates/1.json",
    ),
}


SETTING = [('"selection": {}', '"selection": {"first": "2001"}'), (r'"pandas": "\d', '"pandas": "9')]


def altered(folder, name, old, new):
    text = (folder / name).read_bytes().decode("utf-8")
    (folder / name).write_bytes(re.sub(old, new, text, count=1).encode("utf-8"))
    assert (folder / name).read_bytes().decode("utf-8") != text
    with_hash(folder, name)


def test_every_result_that_was_changed_together_with_its_hash_is_found(changed):
    for name, old, new in CHANGED:
        altered(changed, name, old, new)
    assert set(failed(verify_deposit(changed))) == {f"{name} comes out the same" for name, _, _ in CHANGED}


@pytest.mark.parametrize("name", EVIDENCE)
def test_evidence_that_was_changed_together_with_its_hash_changes_a_result(changed, name):
    old, new, result = EVIDENCE[name]
    altered(changed, name, old, new)
    assert f"{result} comes out the same" in failed(verify_deposit(changed))


@pytest.mark.parametrize(("old", "new"), SETTING)
def test_a_setting_that_was_changed_where_it_moves_no_other_table_is_found(changed, old, new):
    altered(changed, "settings.json", old, new)
    assert "settings.csv comes out the same" in failed(verify_deposit(changed))


def test_a_hit_of_another_frame_is_found_without_a_warning(changed, recwarn):
    altered(changed, "hits.csv", r",trade,", ",war,")
    row = verify_deposit(changed).query("not holds").iloc[0]
    assert row["found"] == "hits.csv: a frame that the lexicon does not have. Found: 'war'."
    assert not recwarn.list


def test_what_only_the_texts_can_show_is_found_with_them(study, changed):
    altered(changed, "articles.csv", r"[0-9a-f]{64}", "0" * 64)
    altered(changed, "passages.csv", r"[0-9a-f]{64}", "0" * 64)
    shown = [f"{name}.csv comes out the same from the texts" for name in ("articles", "passages")]
    assert set(shown) < set(failed(verify_deposit(changed, study[1])))


def test_files_that_are_not_of_the_deposit_are_found(changed):
    (changed / "more.csv").write_text("a\n1\n")
    assert failed(verify_deposit(changed)) == ["more.csv is listed"]
    (changed / "more.csv").unlink()
    crate = json.loads((changed / CRATE).read_text("utf-8"))
    crate["@graph"] = [part for part in crate["@graph"] if part["@id"] != "differences.csv"]
    (changed / CRATE).write_text(json.dumps(crate), "utf-8")
    (changed / "differences.csv").unlink()
    assert failed(verify_deposit(changed)) == ["differences.csv is listed"]


def test_other_versions_are_named_where_something_fails(changed):
    settings = json.loads((changed / "settings.json").read_text("utf-8"))
    settings["versions"]["numpy"] = "1.0"
    (changed / "settings.json").write_text(json.dumps(settings), "utf-8")
    with_hash(changed, "settings.json")
    (changed / "hits.csv").unlink()
    assert failed(verify_deposit(changed)) == ["hits.csv is as deposited", "numpy is that of the deposit"]


@pytest.mark.usefixtures("once")
def test_other_texts_are_found(study):
    _, articles, _, deposit = study
    other = articles.assign(text=articles["text"].str.replace("Rain fell", "Snow fell"))
    assert "articles.csv comes out the same from the texts" in failed(verify_deposit(deposit, other))


def test_ids_that_are_titles_are_refused(study, tmp_path):
    _, articles, lexicon, _ = study
    named = articles.assign(doc_id=articles["text"].str.slice(0, 80))
    with pytest.raises(ValueError, match="words in a row"):
        write_deposit(named, lexicon, tmp_path / "deposit")


def test_a_certificate_that_cannot_be_recomputed_is_refused(study, tmp_path):
    folder, articles, lexicon, _ = study
    (one,) = an.read_certificates(folder / "articles.csv")
    codes = one.codes[[name for name in one.codes if not name.startswith("instrument_")]]
    old = type(one)(**{**{name: getattr(one, name) for name in one.__dataclass_fields__}, "codes": codes})
    with pytest.raises(ValueError, match="without the instrument's answers"):
        write_deposit(articles, lexicon, tmp_path / "deposit", certificates=[old])


@pytest.mark.usefixtures("once")
def test_the_settings_of_the_study_decide_its_tables(study, tmp_path):
    _, articles, lexicon, _ = study
    sides = articles.assign(
        side=articles["outlet"].map(dict(zip(articles["outlet"].unique(), "xxyy", strict=False)))
    )
    sides["desk"] = ["home", "abroad"] * (len(sides) // 2) + ["home"] * (len(sides) % 2)
    settings = Settings(an.Inference(by="side", seed=3), control=("desk",))
    deposit = write_deposit(sides, lexicon, tmp_path / "deposit", settings=settings)
    assert not failed(verify_deposit(deposit, sides))
    assert set(an.read_table(deposit / "estimates.csv")["outlet"]) == {"x", "y"}
    assert json.loads((deposit / "settings.json").read_text())["how"] == asdict(settings.how)


@pytest.mark.usefixtures("once")
def test_what_was_run_in_parts_is_deposited_like_its_file(study, tmp_path):
    folder, articles, lexicon, read = study
    run = run_study(folder / "articles.csv", tmp_path / "run", lexicon)
    ran = write_deposit(run, lexicon, tmp_path / "ran", certificates=an.read_certificates(folder / "articles.csv"))
    for path in read.rglob("*.csv"):
        assert (ran / path.relative_to(read)).read_bytes() == path.read_bytes(), path.name
    assert not failed(verify_deposit(ran, articles))
    assert not failed(verify_deposit(read, run))


@pytest.mark.parametrize("graph", ["{", '{"@graph": []', '{"@graph": [{"@type": "File"}]}'])
def test_what_is_not_a_deposit_is_refused(tmp_path, graph):
    (tmp_path / CRATE).write_text(graph)
    with pytest.raises(ValueError, match="not a deposit"):
        verify_deposit(tmp_path)


def test_a_path_outside_is_refused(tmp_path):
    (tmp_path / CRATE).write_text('{"@graph": [{"@id": "../a", "@type": "File", "sha256": "0"}]}')
    with pytest.raises(ValueError, match="outside the deposit"):
        verify_deposit(tmp_path)


@pytest.mark.usefixtures("once")
def test_from_the_shell(study, tmp_path):
    folder = study[0]
    lexicon = ["--lexicon", str(folder / "lexicon.yaml"), "--seed", "2", "--from", "2024"]
    command = ["deposit", str(folder / "articles.csv"), *lexicon, "--published", "2026-11-28"]
    assert framing(*command, "-o", tmp_path / "deposit").exit_code == 0
    assert '"datePublished": "2026-11-28"' in (tmp_path / "deposit" / CRATE).read_text()
    done = framing("verify", tmp_path / "deposit", "--texts", folder / "articles.csv")
    assert (done.exit_code, "FAILED" in done.output, "all hold." in done.output) == (0, False, True)
    pd.DataFrame({"a": [1]}).to_csv(tmp_path / "deposit" / "hits.csv")
    done = framing("verify", tmp_path / "deposit")
    assert done.exit_code == 1
    assert "\nFAILED hits.csv is as deposited: changed\n" in done.output
    assert done.output.endswith(" checks, 1 failed; nothing was computed again.\n")


@pytest.mark.usefixtures("once")
def test_columns_that_were_named_are_known_again(study, tmp_path):
    folder, texts = study[0], tmp_path / "texts.csv"
    pd.read_csv(folder / "articles.csv").rename(columns={"outlet": "organ"}).to_csv(texts, index=False)
    named = ["--lexicon", str(folder / "lexicon.yaml"), "--column", "outlet=organ"]
    assert framing("deposit", str(texts), *named, "-o", tmp_path / "deposit").exit_code == 0
    assert "all hold." in framing("verify", tmp_path / "deposit", "--texts", texts).output
