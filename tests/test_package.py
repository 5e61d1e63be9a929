import subprocess
import sys


def test_import_loads_no_library():
    heavy = "('pandas', 'polars', 'sklearn', 'matplotlib')"
    loaded = f"import sys, analysis; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", loaded], text=True).strip() == "[]"


def test_help_lists_every_public_name_by_its_step():
    import re

    import analysis

    steps = (analysis.__doc__ or "").split("Parts that few need")[0]
    assert sorted(re.findall(r"``(\w+)``", steps)) == sorted(analysis.__all__)
