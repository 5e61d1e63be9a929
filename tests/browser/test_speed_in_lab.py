"""How long a reader waits, printed: machines differ. Run with DESK_SPEED=news or DESK_SPEED=many, and -s.

Beside the desk stands a bare widget, which shows a word and sends back what it hears: its times are JupyterLab's.
Times are of the clock, in milliseconds; processor time tells the same on a busy machine.
"""

import os
import statistics

import pytest

SPEED = os.environ.get("DESK_SPEED", "")
pytestmark = pytest.mark.skipif(not SPEED, reason="measures only where asked: DESK_SPEED=news or many")

NEWS = """
import analysis as an, pandas as pd, time
articles = an.mark_copies(an.clean(an.load_example("news")))
lexicon = an.read_lexicon("russia-china")
topics = an.fit_topics(an.count_terms(an.tokenize(articles), min_df=5, max_df=.5), 10)
passages = an.passages(articles)
hits = an.find_frames(passages, lexicon)
"""
# 100,000 articles: those of News Articles many times over, each with a passage of the seeds in front, so that some
# 300,000 passages are about the pair: far more than any real archive of this size has
MANY = """
import analysis as an, pandas as pd, time
one = an.load_example("news")
seeds = an.load_example("seeds")["text"].tolist()
texts = [seeds[i % 5][:600] + " " + text[:1500] for i, text in enumerate(one.text)]
parts = [one.assign(doc_id=one.doc_id + f"-{n}", text=texts) for n in range(27)]
articles = pd.concat(parts, ignore_index=True).iloc[:100_000]
lexicon = an.read_lexicon("russia-china")
passages = an.passages(articles)
hits = an.find_frames(passages, lexicon)
topics = None
"""
SHOW = """
import anywidget, traitlets
class Bare(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      performance.mark("bare shown");
      el.innerHTML = "<p class=bare>bare</p>";
      let heard = null;
      model.on("msg:custom", () => heard());
      window.echo = () => new Promise((done) => { heard = done; model.send({ id: 1 }); });
    } }'''
def bare():
    widget = Bare()
    widget.on_msg(lambda widget, message, _: widget.send(message))
    return widget
what = None
"""
CELL = """
shown = bare() if what == "bare" else an.explore(articles, hits, passages=passages, lexicon=lexicon, topics=topics)
shown
"""
# From the order to run until the page is painted with what was waited for, and when the widget's script began.
PAINT = """async ([name, selector]) => {
  performance.clearMarks();
  const start = performance.now();
  jupyterapp.commands.execute('notebook:run-all-cells');
  while (!document.querySelector(selector) || !performance.getEntriesByName(name).length) {
    await new Promise(requestAnimationFrame);
  }
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  const began = performance.getEntriesByName(name.replace('shown', 'opened'))[0];
  return [performance.now() - start, began ? performance.now() - began.startTime : 0].map(Math.round);
}"""
CLICK = """(name) => new Promise((done) => {
  const start = performance.now();
  new MutationObserver((_, seen) => {
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(Math.round(performance.now() - start))));
  }).observe(document.querySelector('.desk .reading'), { childList: true });
  document.querySelector(name).click();
})"""
ECHO = "async () => { const start = performance.now(); await window.echo(); return performance.now() - start; }"


class Clock:
    """Processor time of page and kernel, and bytes from the kernel, since the last look."""

    def __init__(self, lab, watch):
        self.lab, self.watch = lab, watch
        self.session = watch.page.context.new_cdp_session(watch.page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.seen = self._now()

    def _now(self):
        metrics = {one["name"]: one["value"] for one in self.session.send("Performance.getMetrics")["metrics"]}
        kernel = self.lab.told(self.watch.page, "time.process_time()")
        return metrics["TaskDuration"] * 1000, kernel * 1000, self.watch.received / 1000

    def since(self):
        before, self.seen = self.seen, self._now()
        page, kernel, came = (now - then for now, then in zip(self.seen, before, strict=True))
        return f"processor {page:.0f} ms in the page, {kernel:.0f} ms in the kernel; {came:.0f} kB came"


@pytest.mark.skipif(SPEED not in ("news", "many"), reason="DESK_SPEED is news or many")
def test_speed(lab, watched):
    watch = watched()
    page = lab.open(watch, f"speed-{SPEED}", [CELL])
    for code in (NEWS if SPEED == "news" else MANY, SHOW):
        assert lab.run(page, code) == ""
    print("\n", lab.told(page, "f'{len(articles):,} articles, {len(passages):,} passages, {len(hits):,} hits'"))
    clock = Clock(lab, watch)
    for what, mark in [(None, "desk"), ("bare", "bare"), (None, "desk"), ("bare", "bare"), (None, "desk")]:
        lab.run(page, f"what = {what!r}")
        clock.since()
        taken, own = page.evaluate(PAINT, [f"{mark} shown", ".desk .card" if mark == "desk" else ".bare"])
        print(f"  {mark} painted after {taken} ms, {own} of them in its own script; {clock.since()}")
        if mark == "bare":
            echoes = [page.evaluate(ECHO) for _ in range(9)]
            print(f"  a word to the kernel and back: {statistics.median(echoes):.0f} ms")
    watch.shot(f"speed-{SPEED}")
    for selector in (".desk td.cell:not(.none)", ".desk .card .open"):
        count = min(9, page.locator(selector).count())
        for at in range(count):
            page.evaluate(f"document.querySelectorAll('{selector}')[{at}].dataset.speed = {at}")
        clock.since()
        clicks = [page.evaluate(CLICK, f"[data-speed='{at}']") for at in range(count if "cell" in selector else 1)]
        print(f"  click on {selector}: median {statistics.median(clicks)}, all {clicks} ms; {clock.since()}")
