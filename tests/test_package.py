import subprocess
import sys


def test_import_loads_no_library():
    heavy = "('pandas', 'polars', 'sklearn', 'matplotlib')"
    loaded = f"import sys, analysis; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", loaded], text=True).strip() == "[]"
