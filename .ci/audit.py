"""Look up known faults of the locked packages with pip-audit; in one line where its data cannot be had.

usage: audit.py requirements.lock …
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

AT_MOST = 180  # seconds to install it, and to look up one lock
TOOL = Path(".venv", "audit")  # apart, for none of its 30 packages is needed by anything else


def verdict(packages: list[dict]) -> tuple[str, int]:
    """What was found of some packages, in words, and the exit code: 1 if a fault of one is known."""
    given = {one["name"]: one for one in packages}  # several locks have the same
    faults = {name: one["vulns"] for name, one in given.items() if "vulns" in one}
    if not faults:
        return "audit: skipped, the index has no data on faults.", 0
    known = [
        f"  {name} {given[name]['version']}: {fault['id']}" for name in sorted(faults) for fault in faults[name]
    ]
    left = f" {len(given) - len(faults)} could not be looked up." if len(faults) < len(given) else ""
    return "\n".join([f"audit: {len(faults)} packages, {len(known)} known faults.{left}", *known]), int(
        bool(known)
    )


def looked_up(lock: str) -> list[dict]:
    """What pip-audit reports on each package of a lock; OSError where it cannot be had or reaches nothing."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        plain = ["--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "15"]
        _run([str(TOOL / "bin" / "pip-audit"), *plain, "-r", lock, "-f", "json", "-o", str(report)])
        if not report.is_file():
            raise OSError(f"pip-audit gave no report on {lock}")
        return json.loads(report.read_text("utf-8"))["dependencies"]


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, capture_output=True, timeout=AT_MOST, check=False)
    except subprocess.TimeoutExpired:
        raise OSError(f"{Path(command[0]).name} took more than {AT_MOST} seconds") from None


def main(locks: list[str]) -> int:
    try:
        venv.create(TOOL, with_pip=True)
        _run([str(TOOL / "bin" / "pip"), "install", "-q", "pip-audit"])
        said, code = verdict([one for lock in locks for one in looked_up(lock)])
    except OSError as error:
        said, code = f"audit: skipped, no network to install pip-audit or to reach its data ({error}).", 0
    print(said)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
