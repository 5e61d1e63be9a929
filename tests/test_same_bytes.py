"""The same files come of the same articles, whatever must not matter; several such things are changed at once."""

import multiprocessing
import os
import subprocess
import time
import warnings
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.line import FILES, OUTLETS, given, line

SLOW = ("sklearn", "gensim")
THREADS = ["OMP", "OPENBLAS", "POLARS", "ARROW", "NUMEXPR", "MKL"]
PLAIN = {
    **{"PYTHONHASHSEED": "random", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    **{f"{name}_{'MAX' if name == 'POLARS' else 'NUM'}_THREADS": "3" for name in THREADS},
    "LOKY_MAX_CPU_COUNT": "3",
}
TURKISH = {"PYTHONHASHSEED": "7", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "OMP_NUM_THREADS": "1"}


def contents(out):
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """The files as this process writes them."""
    folder = tmp_path_factory.mktemp("here")
    with warnings.catch_warnings():
        line(given(folder), [folder / "out"], engines=("nmf-lda", *SLOW))
    found = contents(folder / "out")
    assert len(found) == FILES
    return found


def same(found, usual):
    """Whether these are the same files, but for those of slow engines, which are made where they may differ."""
    assert {*found} >= {name for name in usual if not any(f" {one}." in name for one in SLOW)}
    assert {name for name in found if found[name] != usual.get(name)} == set()


def begun(monkeypatch, environment, folder, *given, **how):
    """The line in a pool of processes of its own, which begin in another environment, in another folder."""
    with monkeypatch.context() as changed:
        for name, value in environment.items():
            changed.setenv(name, value)
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(1, mp_context=context, initializer=os.chdir, initargs=(folder,))
        return pool, pool.submit(line, *given, **how)


def test_two_runs_at_once_that_differ_in_everything_else(usual, tmp_path, monkeypatch):
    """Two pools of processes write to one place.

    One has random hashes, three threads and ASCII; the other rows and files in another order, 400 days later,
    elsewhere, with another comma and other capitals.
    """
    made = ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(tmp_path / "tr_TR.UTF-8")]
    try:
        subprocess.run(made, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("localedef is not installed")
    plain, other = given(tmp_path / "plain"), given(tmp_path / "other", OUTLETS[::-1])
    elsewhere, both = tmp_path / "else where", tmp_path / "both"
    elsewhere.mkdir()
    runs = [
        begun(monkeypatch, PLAIN, tmp_path, plain, [plain.parent / "out", both], engines=("nmf-lda", *SLOW)),
        begun(
            monkeypatch, TURKISH | {"LOCPATH": str(tmp_path)}, elsewhere, "../other/given",
            [other.parent / "out", both], order=7, later=True, sheets="others",
        ),
    ]  # fmt: skip
    for pool, run in runs:
        run.result(timeout=600)
        pool.shutdown()
    same(contents(plain.parent / "out"), usual)
    for out in (other.parent / "out", both):
        same({name.replace("others/", "sheets/"): held for name, held in contents(out).items()}, usual)


def test_a_kill_and_a_second_start_in_a_forked_pool_do_not_matter(usual, tmp_path):
    fork, place, out = multiprocessing.get_context("fork"), given(tmp_path), tmp_path / "out"
    first = fork.Process(target=line, args=(place, [out]))
    first.start()
    while first.is_alive() and not list(out.glob("[a-z]*")):
        time.sleep(0.01)
    first.kill()
    first.join()
    assert 0 < len(contents(out)) < len(usual)
    with ProcessPoolExecutor(1, mp_context=fork) as pool:
        pool.submit(line, place, [out]).result(timeout=600)
    same(contents(out), usual)
