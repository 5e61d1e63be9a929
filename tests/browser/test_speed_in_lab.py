"""How long a reader waits, printed: machines differ. Run with DESK_SPEED=1 and -s."""

import os
import time

import pytest

pytestmark = pytest.mark.skipif("DESK_SPEED" not in os.environ, reason="measures only where asked: DESK_SPEED=1")

NEWS = """
import analysis as an, pandas as pd
articles = an.mark_copies(an.clean(an.load_news_articles()))
lexicon = an.load_lexicon("russia-china")
topics = an.fit_topics(an.count_terms(an.tokenize(articles), min_df=5, max_df=.5), 10)
passages = an.passages(articles)
hits = an.find_frames(passages, lexicon)
"""
# every article of News Articles 27 times over, each time with the passages of the seeds in front
MANY = """
one = an.load_news_articles()
seeds = an.load_seeds()["text"].tolist()
parts = [one.assign(doc_id=one.doc_id + f"-{n}", text=[seeds[i % 5][:600] + " " + t[:1500] for i, t in enumerate(one.text)]) for n in range(27)]
articles = pd.concat(parts, ignore_index=True).iloc[:100_000]
passages = an.passages(articles)
hits = an.find_frames(passages, lexicon)
topics = None
"""  # noqa: E501
DESK = "desk = an.explore(articles, hits, passages=passages, lexicon=lexicon, topics=topics); desk"
CLICK = """(name) => new Promise((done) => {
  const cell = document.querySelector(name);
  const list = document.querySelector('.desk .reading');
  const start = performance.now();
  new MutationObserver((_, seen) => {
    seen.disconnect();
    requestAnimationFrame(() => done(Math.round(performance.now() - start)));
  }).observe(list, { childList: true });
  cell.click();
})"""


@pytest.mark.parametrize(("name", "cells"), [("news", [NEWS]), ("many", [NEWS, MANY])])
def test_speed(lab, watched, name, cells):
    watch = watched()
    page = lab.open(watch, f"speed-{name}", [*cells, "print('rea' + 'dy', len(articles), len(passages))"])
    page.locator(".jp-OutputArea-output pre", has_text="ready").wait_for(timeout=580_000)
    told = page.locator(".jp-OutputArea-output pre", has_text="ready").inner_text()
    page.click(".jp-Notebook-footer")
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").last.click()
    page.keyboard.insert_text(DESK)
    start = time.perf_counter()
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".desk .card", timeout=120_000)
    print(f"\n{told.strip()} passages: explore to first paint {time.perf_counter() - start:.2f} s")
    for cell in ("TASS, economy", "BBC, alliance", "China Daily, economy", "ABC News, alliance"):
        taken = page.evaluate(CLICK, f".desk td[aria-label^='{cell}']")
        print(f"  click on {cell}: {taken} ms")
    print("  article:", page.evaluate(CLICK, ".desk .card .open"), "ms")
    watch.shot(f"speed-{name}")
