import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.corpus.files import write_whole
from tests.data import refused


def test_a_text_is_written_as_utf_8_with_its_line_ends(tmp_path):
    path = write_whole(tmp_path / "a.txt", "Xi’s\r\nvisit\n")
    assert path.read_bytes() == "Xi’s\r\nvisit\n".encode()
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_a_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path):
    path = write_whole(tmp_path / "a.txt", "old")
    with pytest.raises(ValueError, match="UTF-8") as refused:
        write_whole(path, "the title \udcff")
    assert str(refused.value) == (
        f"{path}: the text cannot be written as UTF-8. Found: '\\udcff' after 'the title '. "
        "Replace this character."
    )
    assert path.read_text() == "old"


@pytest.mark.skipif(sys.platform == "win32", reason="the limit on the size of a file is set by a shell")
def test_a_file_that_does_not_fit_leaves_the_old_one_and_nothing_beside_it(tmp_path):
    path = write_whole(tmp_path / "a.txt", "old")
    code = f"from analysis.corpus.files import write_whole; write_whole({str(path)!r}, 'x' * 1_000_000)"
    limited = f"trap '' XFSZ; ulimit -f 100; exec {sys.executable} -c \"{code}\""
    done = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, check=False)
    assert f"OSError: {path}: the file cannot be written. File too large." in done.stderr
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["a.txt"])


def test_messages_name_the_file_and_the_folder(tmp_path):
    with refused(
        f"{tmp_path}/none/a.txt: the file cannot be written. The folder {tmp_path}/none does not exist. "
        "Create it, or write elsewhere.",
        FileNotFoundError,
    ):
        write_whole(tmp_path / "none" / "a.txt", "x")
    with pytest.raises(IsADirectoryError, match="It is a folder; name a file"):
        write_whole(tmp_path, "x")


def test_links_are_followed_and_rights_are_kept(tmp_path):
    path = write_whole(tmp_path / "a.txt", "old")
    path.chmod(0o640)
    (tmp_path / "link.txt").symlink_to(path)
    write_whole(tmp_path / "link.txt", b"new")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)
    assert (tmp_path / "link.txt").is_symlink()


def test_a_device_is_written_to():
    assert write_whole(os.devnull, "x") == Path(os.devnull)
    assert not Path(os.devnull).is_file()
