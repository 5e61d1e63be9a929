"""What is beside the code travels with it: the desk's scripts and style, the report's page, lexicons and rules."""

from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]


def test_every_file_of_the_package_is_in_the_wheel():
    packed = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    present = {path.relative_to(ROOT).as_posix() for path in (ROOT / "analysis").rglob("*") if path.is_file()}
    assert {Path(name).suffix for name in present} >= {".js", ".css", ".j2", ".yaml", ".typed", ".pyi"}
    assert {name for name in present - packed if "__pycache__" not in name} == set()
