"""A run that is stopped, started twice, or done by several processes ends with the same files."""

import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from made_news import LEXICON, rows

import analysis as an
from analysis.__main__ import main
from analysis.show.report.plan import engine
from analysis.study.kept import alone
from analysis.study.study import SOURCE, open_study, run_study

KILLS = 20
FORKS = multiprocessing.get_context("forkserver")  # starts from a process that has imported what a run needs
FORKS.set_forkserver_preload(["analysis.study.study", "sklearn.feature_extraction.text"])


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    for at in range(0, 42, 14):
        rows(at, at + 14).to_csv(folder / f"{at:02}.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def once(source, tmp_path_factory):
    """A study whose run was not disturbed."""
    folder = tmp_path_factory.mktemp("once")
    run(source, folder)
    return folder


@pytest.fixture
def begun(once, tmp_path):
    """A copy of that study."""
    return Path(shutil.copytree(once, tmp_path / "study"))


def files(folder):
    """The content of every file of a study but its lock, and where its articles were."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name not in (".lock", SOURCE))
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def size(folder):
    """How much a folder holds, though a run adds and removes meanwhile."""
    return sum(len(folders) + len(names) for _, folders, names in os.walk(folder))


def run(source, folder):
    run_study(source, folder, LEXICON, batch=7)


def test_a_run_killed_twenty_times_ends_with_the_same_bytes(source, once, tmp_path):
    chance, folder, killed = random.Random(17), tmp_path / "killed", 0
    while killed < KILLS:
        process = FORKS.Process(target=run, args=(source, folder))
        until = size(folder) + chance.randint(1, 4)
        process.start()
        while process.is_alive() and size(folder) < until:
            time.sleep(0.002)
        process.join(chance.uniform(0, 0.02))  # in the middle of something
        if process.exitcode is None:
            killed += 1
        else:  # all was done: from the beginning again
            shutil.rmtree(folder)
        process.kill()
        process.join()
    run(source, folder)
    assert files(folder) == files(once)


def test_what_is_damaged_or_lost_is_made_again_and_nothing_else(source, begun):
    before = files(begun)
    parts = sorted((begun / "work").glob("*.parquet"))
    parts[0].write_bytes(b"damaged")
    parts[7].unlink()
    times = {path: path.stat().st_mtime_ns if path.exists() else 0 for path in parts}
    run(source, begun)
    assert files(begun) == before
    again = [path for path in parts if path.stat().st_mtime_ns != times[path]]
    assert again == [*parts[:2], *parts[6:8]]  # the two tables of two parts


def test_a_changed_source_changes_the_study(source, begun, tmp_path):
    changed = Path(shutil.copytree(source, tmp_path / "source"))
    rows(60, 70).to_csv(changed / "60.csv", index=False)
    (changed / "00.csv").unlink()
    run(changed, begun)
    run(changed, tmp_path / "new")
    pd.testing.assert_frame_equal(open_study(begun).articles, open_study(tmp_path / "new").articles)
    pd.testing.assert_frame_equal(open_study(begun).hits, open_study(tmp_path / "new").hits)


def test_a_second_run_in_the_folder_is_refused(source, tmp_path):
    with alone(tmp_path / "study"):
        answer = CliRunner().invoke(main, ["run", str(source), str(tmp_path / "study")])
    assert answer.exit_code == 2
    assert "another run is working in this folder. Wait until it ends, or name another folder." in answer.stderr


def test_a_folder_without_a_study_is_refused(tmp_path):
    with pytest.raises(ValueError, match="the study is not finished"):
        an.open_study(tmp_path)


def test_the_command_says_what_was_found(source, tmp_path):
    answer = CliRunner().invoke(main, ["run", str(source), str(tmp_path / "study")])
    assert answer.exit_code == 0, answer.stderr
    assert answer.stdout == f"Articles 42, copies 4, 32 passages about the pair.\n{tmp_path / 'study'}\n"


@pytest.fixture
def scheduler(tmp_path):
    """A scheduler and two workers, each a process of its own."""
    distributed = pytest.importorskip("distributed")
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard"]
    found = tmp_path / "scheduler.json"
    started = [subprocess.Popen([*command, "--scheduler-file", found], stderr=subprocess.DEVNULL)]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", found, "--nthreads", "1"]
    started += [
        subprocess.Popen([*worker, "--no-nanny", "--no-dashboard"], stderr=subprocess.DEVNULL) for _ in "12"
    ]
    with distributed.Client(scheduler_file=str(found)) as client:
        client.wait_for_workers(2)
        yield client.scheduler.address, started
    for process in started:
        process.kill()
        process.wait()


def test_a_cluster_gives_the_same_files_though_a_worker_is_killed(source, once, scheduler, tmp_path):
    address, (_, worker, _) = scheduler

    def killing(label):
        if label.startswith("working"):
            worker.kill()

    with engine("dask", address) as do:
        run_study(source, tmp_path / "cluster", LEXICON, batch=7, do=do, step=killing)
    assert files(tmp_path / "cluster") == files(once)


def test_without_its_scheduler_a_run_stops_with_a_sentence_and_goes_on_later(source, once, scheduler, tmp_path):
    address, processes = scheduler

    def killing(label):
        if label.startswith("working"):
            processes[0].kill()

    with pytest.raises(ValueError, match="does not answer any more"), engine("dask", address) as do:
        run_study(source, tmp_path / "study", LEXICON, batch=7, do=do, step=killing)
    run(source, tmp_path / "study")
    assert files(tmp_path / "study") == files(once)


def test_a_scheduler_that_is_not_there_is_named():
    dask = pytest.importorskip("dask")
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(ValueError, match="Check the address"),
        engine("dask", "tcp://127.0.0.1:9"),
    ):
        pass
