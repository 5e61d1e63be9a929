"""``python -m benchmarks [name …]``: all of them, or those named."""

import importlib
import pkgutil
import sys

import benchmarks

LIBRARY = {"__main__", "corpora", "timing"}


def main() -> None:
    every = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name not in LIBRARY]
    for name in sys.argv[1:] or every:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{(module.__doc__ or name).strip()}\n")
        module.main()


main()
