import hashlib
from pathlib import Path

import news_articles
from news_articles import SHA256, WHEEL

from tests.data import refused


def test_the_lock_names_the_same_wheel():
    assert f"--hash=sha256:{SHA256}" in Path("data/news_articles.lock").read_text()


def test_a_missing_wheel_names_the_command(tmp_path):
    with refused(
        f"{tmp_path / WHEEL} does not exist. Run `make data`: it downloads the wheel.", FileNotFoundError
    ):
        news_articles.news_articles(tmp_path)


def test_another_wheel_is_refused(tmp_path):
    (tmp_path / WHEEL).write_bytes(b"another")
    digest = hashlib.sha256(b"another").hexdigest()
    with refused(
        f"{tmp_path / WHEEL}: this is not the expected file. Found: sha256 {digest}, not {SHA256}. "
        "Delete it and run `make data` again."
    ):
        news_articles.news_articles(tmp_path)
