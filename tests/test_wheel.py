"""What is beside the code travels with it: the desk's scripts and style, the report's page, lexicons and rules."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
# Whatever loads something, from a folder that is not the project's; without its data it says so in one sentence.
LOADERS = """
import inspect
from pathlib import Path
import analysis as an

assert not Path(an.__file__).is_relative_to({root!r})
lexicons = Path(an.__file__).with_name("frames") / "lexicons"
for path in sorted(lexicons.glob("*.yaml")):
    assert an.read_lexicon(path.stem).entries
for name in ("seeds", "news", "coded", "us-russia"):
    try:
        an.load_example(name)
    except FileNotFoundError as error:
        assert "not part of the installed package" in str(error) and "\\n" not in str(error)
    else:
        raise AssertionError(name)
articles = an.read_articles("a.csv")
print(an.compare_outlets(an.frame_shares(an.find_frames(an.passages(articles), an.read_lexicon("russia-china")),
      an.passages(articles)), articles)["share"].max())
"""


def test_every_file_of_the_package_is_in_the_wheel():
    packed = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    present = {path.relative_to(ROOT).as_posix() for path in (ROOT / "analysis").rglob("*") if path.is_file()}
    assert {Path(name).suffix for name in present} >= {".js", ".css", ".j2", ".yaml", ".typed", ".pyi"}
    assert {name for name in present - packed if "__pycache__" not in name} == set()


@pytest.mark.skipif(sys.platform == "win32", reason="paths in the code are POSIX")
def test_the_wheel_works_outside_the_clone(tmp_path):
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path / "dist"), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    (tmp_path / "a.csv").write_text("doc_id,outlet,text\na,DW,Russia and China signed a gas deal.\n")
    place = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    code = LOADERS.format(root=str(ROOT))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=place, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("1.0", "")
