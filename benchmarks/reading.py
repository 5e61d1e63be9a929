"""Reading ten times News Articles from Parquet, CSV and JSON Lines: time and memory, against pandas.

And a CSV of many short rows. Seconds are the shortest of several runs, which other work lengthens least.

Each reading is a process of its own, so that its peak of memory is its own. Run: python -m benchmarks.reading
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

TIMES = 10
RUNS = 3
SHORT = 400_000  # rows of a headline each
FORMATS = ("parquet", "csv", "jsonl")
READERS = ("ours", "pandas", "nothing")  # "nothing" only imports, to subtract from the rest


def written(folder: Path) -> dict[str, Path]:
    """The corpus ten times over, with ids of their own, in each format."""
    news = pd.read_parquet("data/news_articles.parquet")
    many = pd.concat([news.assign(doc_id=news["doc_id"] + f"-{at}") for at in range(TIMES)], ignore_index=True)
    paths = {kind: folder / f"news.{kind}" for kind in FORMATS}
    many.to_parquet(paths["parquet"], index=False)
    many.to_csv(paths["csv"], index=False)
    many.to_json(paths["jsonl"], orient="records", lines=True, date_format="iso", force_ascii=False)
    rows = (f"{at:06},TASS,2017-02-05,Headline {at},Xi met Putin and talked of gas." for at in range(SHORT))
    paths["short csv"] = folder / "short.csv"
    paths["short csv"].write_text("\n".join(["doc_id,outlet,date,title,text", *rows]))
    return paths


def read(reader: str, path: str) -> int:
    """The number of rows that a reader finds."""
    import analysis as an

    if reader == "nothing":
        import analysis.corpus.read

        return 0
    if reader == "ours":
        return len(an.read_articles(path))
    kind = Path(path).suffix
    if kind == ".parquet":
        return len(pd.read_parquet(path))
    return len(pd.read_csv(path) if kind == ".csv" else pd.read_json(path, lines=True))


def _peak() -> int:
    """The peak of this process's memory in kB; ru_maxrss would begin with the peak of its parent."""
    found = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) if found else 0


def main() -> None:
    """A row a format and reader: rows, seconds, and the peak of memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        paths = written(Path(folder))
        print(f"{'format':9} {'reader':8} {'file MB':>8} {'rows':>7} {'seconds':>8} {'peak MB':>8}")
        for kind, path in paths.items():
            for reader in READERS:
                command = [sys.executable, "-m", "benchmarks.reading", reader, str(path)]
                runs = [
                    subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
                    for _ in range(RUNS)
                ]
                rows, seconds, peak = min(runs, key=lambda run: float(run[1]))
                size = path.stat().st_size / 1e6
                print(f"{kind:9} {reader:8} {size:8.0f} {rows:>7} {float(seconds):8.1f} {int(peak) / 1024:8.0f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        start = time.perf_counter()
        rows = read(*sys.argv[1:])
        print(rows, time.perf_counter() - start, _peak())
    else:
        main()
