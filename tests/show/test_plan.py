"""What ``framing plan`` says before any work is done."""

import gzip
import zipfile

import pandas as pd
import pytest

from analysis.show.report.plan import planned, text_size
from tests.data import framing

TEXT = "Russia and China signed a trade agreement. " * 500


@pytest.fixture
def folder(tmp_path):
    """The same text as a table, a packed table, in an archive and plain."""
    pd.DataFrame({"text": [TEXT]}).to_parquet(tmp_path / "a.parquet", compression="zstd")
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.txt", TEXT)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "c.txt").write_text(TEXT)
    return tmp_path


@pytest.mark.parametrize("name", ["a.parquet", "b.zip", "c/c.txt", "c"])
def test_text_is_measured_unpacked(folder, name):
    assert text_size(folder / name) == pytest.approx(len(TEXT), rel=0.05)


def test_packed_text_without_a_size_is_taken_for_three_times_as_much(tmp_path):
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(TEXT.encode()))
    assert text_size(packed) == 3 * packed.stat().st_size


# seconds and MB of all processes of reports that benchmarks/scale.py measured, by MB of text
@pytest.mark.parametrize(
    ("text", "seconds", "memory"), [(8, 17, 600), (34, 30, 830), (189, 75, 1980), (344, 145, 1731)]
)
def test_a_plan_is_within_a_factor_of_two_of_what_was_measured(text, seconds, memory):
    planned_seconds, planned_memory = planned(text)
    assert 0.5 < planned_seconds / seconds < 2
    assert 0.5 < planned_memory / memory < 2


def test_a_slower_machine_takes_longer_and_the_same_memory():
    seconds, memory = planned(100)
    assert planned(100, speed=0.5) == (2 * seconds, memory)


def test_the_command_prints_one_line(folder):
    done = framing("plan", folder)
    assert done.exit_code == 0
    assert done.output.startswith("Files 3, text below 1 MB. A report takes about ")


def test_a_missing_file_is_named(tmp_path):
    done = framing("plan", tmp_path / "none")
    assert done.exit_code == 2
    assert "none: file or folder not found. Check the path." in done.output
