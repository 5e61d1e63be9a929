import subprocess
import sys


def test_import_loads_no_library():
    loaded = "import sys, analysis; print([m for m in ('pandas', 'polars', 'sklearn', 'matplotlib') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", loaded], text=True).strip() == "[]"
