"""What ``import analysis`` costs beside ``import pandas``, each in a fresh process. Goal: at most 0.6."""

import subprocess
import sys

from benchmarks.timing import fastest


def main() -> None:
    print(fastest({name: lambda name=name: _import(name) for name in ("analysis", "pandas")}).to_string())


def _import(name: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {name}"], check=True)
