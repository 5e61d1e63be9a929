"""Known faults of packages stop CI; data that cannot be had does not, and is never taken for a clean result."""

import runpy
from pathlib import Path

import pytest

AUDIT = runpy.run_path(str(Path(__file__).parents[1] / ".ci" / "audit.py"))
CLEAN = {"name": "numpy", "version": "2.0", "vulns": []}
FAULTY = {"name": "jinja2", "version": "2.10", "vulns": [{"id": "PYSEC-2019-217"}]}
UNKNOWN = {"name": "babel", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("packages", "said", "code"),
    [
        ([CLEAN], "audit: 1 packages, 0 known faults.", 0),
        ([CLEAN, UNKNOWN], "audit: 1 packages, 0 known faults. 1 could not be looked up.", 0),
        ([CLEAN, FAULTY, FAULTY], "audit: 2 packages, 1 known faults.\n  jinja2 2.10: PYSEC-2019-217", 1),
        ([UNKNOWN, UNKNOWN], "audit: skipped, the index has no data on faults.", 0),
        ([], "audit: skipped, the index has no data on faults.", 0),
    ],
)
def test_what_is_said_and_whether_ci_stops(packages, said, code):
    assert AUDIT["verdict"](packages) == (said, code)


def test_without_the_tool_it_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(AUDIT["venv"], "create", lambda *_, **__: None)
    assert AUDIT["main"](["a.lock"]) == 0
    assert capsys.readouterr().out.startswith(
        "audit: skipped, no network to install pip-audit or to reach its data"
    )
