"""Deposits whose tables are computed, and whose evidence is gathered, once for all that are alike."""

from contextlib import contextmanager
from unittest import mock

from analysis.show import deposit as deposits

EVIDENT = ["articles.csv", "passages.csv", "hits.csv", "readings.csv", "lexicon.yaml", "settings.json"]
COMPUTED, compute = {}, deposits._computed


def computed_once(folder):
    given = [folder / name for name in EVIDENT] + sorted(folder.glob("certificates/*"))
    evidence = tuple((path.name, path.read_bytes()) for path in given if path.exists())
    if evidence not in COMPUTED:
        COMPUTED[evidence] = compute(folder)
    return COMPUTED[evidence]


GATHERED, gather = {}, deposits._evidence


def gathered_once(run, *given):
    key = run.digest, repr(given), tuple(run.articles["outlet"])
    if key not in GATHERED:
        GATHERED[key] = gather(run, *given)
    return GATHERED[key]


@contextmanager
def once():
    """What is in the same texts and follows from it is found once, where a test asks about something else."""
    with mock.patch.multiple(deposits, _computed=computed_once, _evidence=gathered_once):
        yield
