// The desk in a report: the same questions, answered from what was written down beforehand.

function bookAnswers(book) {
  const kept = (filters) => among(book.cards, filters);
  const some = (filters) => Object.values(filters || {}).some(Boolean);

  function cells({ view, filters }) {
    const all = book.cells[view];
    if (!some(filters)) return all;
    if (view !== "frames") return { ...all, note: "The grid is that of the whole corpus; filters narrow the list." };
    if (!book.whole) return { ...all, note: "The report holds the strongest passages only: the grid stays that of all." };
    return partOf(all, kept(filters), book.student);
  }

  function cards({ view, filters, label, order, page }) {
    const size = 50;
    const at = Math.max(0, book.cells[view].labels.findIndex((one) => one.name === label));
    let found = view === "topics" ? topicCards(filters || {}, label) : kept(filters || {});
    if (view === "frames" && label) found = found.filter((card) => card.values[at] > 0);
    const strength = (card) => (label ? card.strength[at] : card.strength.reduce((a, b) => a + b, 0));
    const day = (card) => card.date || "9999";
    const by = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    found = [...found].sort((a, b) => (order === "date" ? by(day(a), day(b)) || strength(b) - strength(a) : strength(b) - strength(a) || by(day(a), day(b))));
    const note = view === "topics" ? "The report lists the articles that are most of each topic, a few of each outlet." : book.whole ? "" : `The report holds the ${counted(book.cards.length, "strongest passage")} of ${book.of.toLocaleString("en")}.`;
    return { total: found.length, page, size, note, cards: found.slice(page * size, (page + 1) * size), entries: view === "frames" ? entriesOf(found, label) : [] };
  }

  function topicCards(filters, label) {
    const chosen = book.topics.filter((cell) => (!label || cell.label === label) && (!filters.outlet || cell.outlet === filters.outlet));
    const seen = new Map(chosen.flatMap((cell) => cell.cards).map((card) => [card.id, card]));
    return among([...seen.values()], filters);
  }

  const absent = { error: "This report does not hold that article whole. Open it with an.explore." };
  const answers = {
    scope: () => book.scope,
    cells, cards,
    sheet: ({ article }) => book.sheets[article] || absent,
    compare: ({ article, other }) => book.pairs[`${article}\n${other}`] || absent,
  };
  return async (question) => {
    try {
      return answers[question.ask](question);
    } catch (refusal) {
      if (refusal instanceof RangeError) return { error: refusal.message };
      throw refusal;
    }
  };

  /** The entries that say it, as the list in a notebook counts them: hits, and how many of these are denied. */
  function entriesOf(found, label) {
    const counts = new Map();
    for (const [frame, entry, negated] of found.flatMap((card) => card.said)) {
      if (label && frame !== label) continue;
      const key = JSON.stringify([frame, entry]);
      const one = counts.get(key) || { frame, entry, hits: 0, denied: 0 };
      counts.set(key, { ...one, hits: one.hits + 1, denied: one.denied + negated });
    }
    const before = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    return [...counts.values()].sort((a, b) => b.hits - a.hits || before(a.frame, b.frame) || before(a.entry, b.entry)).slice(0, 40);
  }

  function among(cards, filters) {
    const search = filters.search ? searchOf(filters.search, book) : null;
    return cards.filter((card) => passes(card, filters) && (!search || search(` ${card.terms} `)));
  }

  function passes(card, filters) {
    const carried = ([frame, entry, negated]) => (!filters.frame || frame === filters.frame) && (filters.entry ? entry === filters.entry : !negated);
    return (!filters.outlet || card.outlet === filters.outlet)
      && (!filters.since || (card.date && card.date >= filters.since))
      && (!filters.until || (card.date && card.date <= filters.until))
      && (!filters.topic || card.topic === filters.topic)
      && (!filters.story || card.story === filters.story)
      && (!(filters.frame || filters.entry) || card.said.some(carried));
  }
}

/** The grid of a part of the passages: means over stories, with score intervals as compare_outlets makes them. */
function partOf(all, cards, student) {
  const rows = all.rows.map((row) => {
    const own = cards.filter((card) => card.outlet === row.outlet);
    const stories = grouped(own, (card) => card.story).map((story) => grouped(story, (card) => card.article));
    const cells = all.labels.map((_, at) => {
      if (!own.length) return { share: null, low: null, high: null, n: 0, note: "no passage" };
      const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
      const values = stories.map((docs) => mean(docs.map((doc) => mean(doc.map((card) => card.values[at])))));
      return { ...interval(values, student), n: own.filter((card) => card.values[at] > 0).length };
    });
    return { outlet: row.outlet, articles: new Set(own.map((card) => card.article)).size, stories: stories.length, cells };
  });
  const count = (key) => new Set(cards.map((card) => card[key])).size;
  return { ...all, rows, units: cards.length, articles: count("article"), stories: count("story") };
}

function grouped(cards, key) {
  const groups = new Map();
  for (const card of cards) groups.set(key(card), [...(groups.get(key(card)) || []), card]);
  return [...groups.values()];
}

/** A mean and its interval: Wilson's, with the effective number of stories; see compare_outlets. */
function interval(values, student) {
  const n = values.length;
  const share = values.reduce((a, b) => a + b, 0) / n;
  if (n < 2) return { share, low: null, high: null, note: "one story" };
  const seen2 = values.reduce((sum, v) => sum + (v - share) ** 2, 0) / (n - 1) / n;
  if (seen2 < 1e-18) {
    const unseen = 1 - 0.025 ** (1 / n);
    return { share, low: share * (1 - unseen), high: share * (1 - unseen) + unseen, note: "" };
  }
  const [error2, degrees] = owned(steadied(seen2, values, share), share, n);
  const square = quantile(degrees, student) ** 2;
  const effective = (share * (1 - share)) / error2;
  const middle = (share + square / effective / 2) / (1 + square / effective);
  const half = Math.sqrt(square * error2 + (square / effective / 2) ** 2) / (1 + square / effective);
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half), note: "" };
}

/** The squared error, drawn towards its largest where few stories carry the label; see intervals.py. */
function steadied(seen2, values, share) {
  const carrying = (side) => side.reduce((a, b) => a + b, 0) ** 2 / side.reduce((a, b) => a + b * b, 0);
  const carried = Math.min(carrying(values), carrying(values.map((v) => 1 - v)));
  const most2 = (share * (1 - share)) / values.length;
  return seen2 + Math.max(most2 - seen2, 0) / Math.max(carried, 1) ** 3;
}

/** The squared error and its degrees of freedom, after what a share tells of its own variance; see intervals.py. */
function owned(error2, share, n) {
  const most2 = (share * (1 - share)) / n;
  const design = ((error2 / most2) * (n - 1)) / n;
  const degrees = (n - 1) * Math.max(design / Math.max(Math.abs(1 - design), 1e-9), 1) ** 2;
  return [error2 > most2 ? Math.max(most2, error2 - most2 / (n - 1)) : error2, degrees];
}

/** Student's quantile between those given, which stand in equal steps of 1 / degrees from 0 to 1. */
function quantile(degrees, student) {
  const at = (student.length - 1) / degrees;
  const below = Math.min(Math.floor(at), student.length - 2);
  return student[below] + (at - below) * (student[below + 1] - student[below]);
}

for (const place of document.querySelectorAll("[data-desk]")) {
  const book = JSON.parse(document.getElementById(place.dataset.desk).textContent);
  place.replaceChildren();
  openDesk(place, bookAnswers(book));
}
