"""Whatever interrupts a write, the old file stays, the message names it, and nothing is left beside it.

Each of WRITERS is interrupted in each of FAULTS and KILLS; ``test_every_writer_is_interrupted_here`` finds those
that are missing. ``write_whole`` itself is killed in a process of its own.
"""

import ast
import errno
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from unittest import mock

import pytest

import analysis as an
from analysis.corpus import files
from analysis.frames.coders.record import Record
from analysis.study.study import SOURCE
from tests.writers import WRITERS, given

FULL = OSError(errno.ENOSPC, "No space left on device")
REFUSED = PermissionError(errno.EACCES, "Permission denied")


class Killed(BaseException):
    """The end of the process: nothing is tidied after it."""


class Short:
    """A new file that takes half of what is written, and no more."""

    def __init__(self, file, error=FULL):
        self.file, self.error = file, error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, data):
        self.file.write(data[: len(data) // 2])
        raise self.error


def opening(made):
    """``Path.open`` as it is, but for files that must be new."""
    usual = Path.open

    def opened(path, mode="r", *more, **options):
        return made(partial(usual, path, mode)) if "x" in mode else usual(path, mode, *more, **options)

    return opened


def raising(error, usual=None):
    def fail(*given, **more):
        if usual is not None:
            usual(*given, **more)
        raise error

    return fail


FAULTS = {
    "no room to begin": (Path, "open", opening(raising(FULL))),
    "a short write": (Path, "open", opening(lambda usual: Short(usual()))),
    "no room at the end": (files.os, "fsync", raising(FULL)),
    "rights that cannot be copied": (files.shutil, "copymode", raising(REFUSED)),
    "no permission to replace": (files.os, "replace", raising(REFUSED)),
}
KILLS = {
    "before it begins": (Path, "open", opening(raising(Killed()))),
    "within a write": (Path, "open", opening(lambda usual: Short(usual(), Killed()))),
    "before it is flushed": (files.os, "fsync", raising(Killed())),
    "before it is put in place": (files.os, "replace", raising(Killed())),
    "after it was put in place": (files.os, "replace", raising(Killed(), os.replace)),
}


@contextmanager
def interrupted(place, how=None, at=-1):
    """Writes of which the one at ``at`` is interrupted; gives what was there before each, and who asked for it."""
    states, asked, put, root = [], set(), files._put, Path(an.__file__).parent

    def counted(data, target):
        frame = sys._getframe(1)
        while frame := frame.f_back:
            path = Path(frame.f_code.co_filename)
            if root in path.parents:
                asked.add((path.relative_to(root).as_posix(), frame.f_lineno))
        if place not in Path(target).parents:  # of a study in a temporary folder
            return put(data, target)
        states.append(contents(place))
        if len(states) - 1 != at:
            return put(data, target)
        tidy = mock.Mock() if how in KILLS.values() else Path.unlink
        with mock.patch.object(*how), mock.patch.object(Path, "unlink", tidy):
            return put(data, target)

    with mock.patch.object(files, "_put", counted):
        yield states, asked
    states.append(contents(place))


def contents(place):
    """The files in a folder; those that are begun, too."""
    mine = (path for path in place.rglob("*") if path.is_file() and path.name not in (".lock", "news.csv"))
    return {path.relative_to(place).as_posix(): held(path) for path in mine}


def held(path):
    """What is in a file; of the one that says where the articles of a study are, where that is."""
    data = path.read_bytes()
    return os.path.normpath(path.parent / os.fsdecode(data)) if path.name == SOURCE else data


def begun(place, name):
    """The path for a writer; where it writes one file, there is an old one."""
    if "." in name:
        (place / name).write_bytes(b"old")
    return place / name


@cache
def whole(name):
    """What was there before each write of a writer and after all, and the places that asked for them."""
    given()  # which writes, too
    place = Path(mkdtemp(prefix="writers"))
    with interrupted(place) as found:
        WRITERS[name](begun(place, name))
    return found


def step(name, ways, way):
    """Which of its writes is interrupted: with each way another one, as far as it has several."""
    last = len(whole(name)[0]) - 2
    return last if way == COPIES else list(ways).index(way) * last // (len(ways) - 1)


COPIES = "rights that cannot be copied"  # of an old file, if there is one
FAULTED = [(name, fault) for name in WRITERS for fault in FAULTS if fault != COPIES or "." in name]
KILLED = [(name, kill) for name in WRITERS for kill in KILLS]


@pytest.mark.parametrize(("name", "fault"), FAULTED)
def test_a_write_that_fails_leaves_what_was_there(name, fault, tmp_path):
    at, states = step(name, FAULTS, fault), whole(name)[0]
    path, expected = begun(tmp_path, name), r"the file cannot be written\. (No space left|Permission denied)"
    with pytest.raises(OSError, match=expected) as failed, interrupted(tmp_path, FAULTS[fault], at):
        WRITERS[name](path)
    assert str(failed.value).startswith(f"{tmp_path}")
    assert contents(tmp_path) == states[at]
    if "." in name:
        WRITERS[name](path)
        assert contents(tmp_path) == states[-1]


@pytest.mark.parametrize(("name", "kill"), KILLED)
def test_after_a_kill_each_file_is_the_old_or_the_new_one(name, kill, tmp_path):
    at, states = step(name, KILLS, kill), whole(name)[0]
    with pytest.raises(Killed), interrupted(tmp_path, KILLS[kill], at):
        WRITERS[name](begun(tmp_path, name))
    parts = list(tmp_path.rglob("*.part"))
    assert len(parts) == (kill in ("within a write", "before it is flushed", "before it is put in place"))
    files.clear_left_behind.cache_clear()
    with mock.patch.object(files.os, "kill", side_effect=ProcessLookupError):
        for path in parts:
            files.write_whole(path.with_name("next.txt"), "").unlink()
    assert contents(tmp_path) == states[at + (kill == "after it was put in place")]


@cache
def calls():
    """All calls in the package: the file, what is called, in its own words, and the call."""
    root = Path(an.__file__).parent
    trees = {path.relative_to(root).as_posix(): ast.parse(path.read_text("utf-8")) for path in root.rglob("*.py")}
    nodes = ((path, node) for path, tree in trees.items() for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [(path, ast.unparse(node.func), node) for path, node in nodes]


def test_every_writer_is_interrupted_here():
    places = {(path, call.lineno) for path, name, call in calls() if name in ("write_whole", "write_table")}
    assert len(places) > 20
    assert places - set().union(*(whole(name)[1] for name in WRITERS)) == set()
    text = (Path(__file__).parents[1] / "benchmarks" / "README.md").read_text("utf-8")
    assert f"{len(WRITERS)} writers, {len(FAULTED) + len(KILLED)} interrupted writes" in text


WRITING = re.compile(
    r"(.*\.)?(write_text|write_bytes|savefig|to_(csv|parquet|excel|feather|pickle|json|html|hdf|sql|latex|orc|stata"
    r"|markdown)|sink_\w+|touch|symlink_to|hardlink_to|mkstemp|NamedTemporaryFile|memmap|tofile|dump|save|savez\w*"
    r"|FileHandler|connect)|(os|shutil)\.(open|replace|rename|link|symlink|copy\w*|move|truncate)|pq\.\w*write\w*"
)
OTHERS = {  # what else writes: the writer itself; to scratch folders, to memory, a lock, and lines only added
    "corpus/files.py": {"target.write_bytes", "begun.open", "shutil.copymode", "os.replace", "plain.to_parquet"},
    "corpus/readers/archive.py": {"member.path.open"},
    "compare/robustness/curve.py": {"store.save"},
    "frames/coders/record.py": {"open"},
    "show/report/formats.py": {"document.save", "page.write_text", "target.write_bytes"},
    "show/report/pictures.py": {"figure.savefig"},
    "shell.py": {"os.open"},
    "study/kept.py": {"pq.write_table", "(folder / LOCK).open"},
    "study/merge.py": {"self.path.open", "np.save"},  # gone at the end, or at the next start
    "study/pieces.py": {"pq.write_table", "path.write_bytes", "target.open", "shutil.copyfileobj"},  # so are these
}


def test_nothing_else_writes_files():
    found = {}
    for path, name, call in calls():
        given = [*call.args, *(one.value for one in call.keywords if one.arg == "mode")]
        modes = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        opens = name.split(".")[-1] == "open" and any(re.fullmatch("[rbt+]*[wax+][bt+]*", mode) for mode in modes)
        memory = name.endswith("to_csv") and not call.args  # gives a text
        if opens or (WRITING.fullmatch(name) and not memory):
            found.setdefault(path, set()).add(name)
    assert found == OTHERS


@pytest.mark.parametrize("fault", ["no room at the end", "a short write"])
def test_a_reply_that_cannot_be_kept_leaves_the_record_whole(fault, tmp_path, monkeypatch):
    kept = Record(tmp_path / "replies", "book")
    kept.open()
    kept.add({"key": "a", "reply": "{}"})
    file = kept.file
    if fault == "a short write":
        kept.file = Short(file)
        kept.file.fileno, kept.file.truncate = file.fileno, file.truncate
    else:
        monkeypatch.setattr(*FAULTS[fault])
    with pytest.raises(
        OSError, match=r"^.*replies: the record cannot be written\. No space left on device\. What it "
    ):
        kept.add({"key": "b", "reply": "{}"})
    monkeypatch.undo()
    kept.file = file
    kept.add({"key": "c", "reply": "{}"})
    kept.close()
    with (tmp_path / "replies").open("ab") as file:
        file.write(b'{"key": "d", "re')  # a kill within a line
    again = Record(tmp_path / "replies", "book")
    again.open()
    again.add({"key": "e", "reply": "{}"})
    again.close()
    assert list(Record(tmp_path / "replies", "book").entries) == ["a", "c", "e"]


REALLY = """
import os, sys
from pathlib import Path
from analysis.corpus import files

where, name, path = sys.argv[1:]
if where == "scratch":
    with files.scratch() as folder:
        (folder / "a.txt").write_text("x")
        os._exit(9)
setattr({"path": Path, "os": files.os}[where], name, lambda *given, **more: os._exit(9))
files.write_whole(path, "new")
"""


@pytest.mark.parametrize(("where", "name"), [("path", "open"), ("os", "fsync"), ("os", "replace")])
def test_a_process_that_is_killed_leaves_the_old_file_and_the_next_one_tidies(where, name, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    (tmp_path / ".outlet-framing-notours.part").write_text("another's")
    assert killed(where, name, path).returncode == 9
    assert path.read_text() == "old"
    files.clear_left_behind.cache_clear()
    files.write_whole(path, "again")
    assert sorted(one.name for one in tmp_path.iterdir()) == [".outlet-framing-notours.part", "a.txt"]


def test_temporary_folders_of_a_killed_process_go_at_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "gettempdir", lambda: str(tmp_path))
    assert killed("scratch", "", tmp_path / "a.txt", TMPDIR=str(tmp_path)).returncode == 9
    assert len(list(tmp_path.iterdir())) == 1
    files.clear_left_behind.cache_clear()
    with files.scratch():
        assert len(list(tmp_path.iterdir())) == 0  # its own is elsewhere
    monkeypatch.undo()
    files.clear_left_behind.cache_clear()


def killed(*arguments, **environment):
    code = [sys.executable, "-c", REALLY, *map(str, arguments)]
    return subprocess.run(
        code, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}, check=False
    )
