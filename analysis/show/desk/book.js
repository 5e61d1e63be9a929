// The desk in a report: the same questions, answered from what was written down beforehand.

function bookAnswers(book) {
  for (const card of book.cards) if (!card.segments) Object.assign(card, cutFrom(book.sheets[card.article], card.id));
  const kept = (filters) => among(book.cards, filters);
  const some = (filters) => Object.values(filters || {}).some(Boolean);

  function cells({ view, filters }) {
    const all = book.cells[view];
    if (!some(filters)) return all;
    if (view !== "frames") return { ...all, note: "The grid shows the whole corpus; filters narrow only the list." };
    if (!book.whole) return { ...all, note: "The report holds only the strongest passages, so the grid still shows all." };
    return partOf(all, kept(filters));
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
    const note = view === "topics" ? "The report lists only the articles with most of each topic, a few for each outlet." : book.whole ? "" : `The report holds the ${counted(book.cards.length, "strongest passage")} of ${book.of.toLocaleString("en")}.`;
    return { total: found.length, page, size, note, cards: found.slice(page * size, (page + 1) * size).map(judged), entries: view === "frames" ? entriesOf(found, label) : [] };
  }

  function topicCards(filters, label) {
    const chosen = book.topics.filter((cell) => (!label || cell.label === label) && (!filters.outlet || cell.outlet === filters.outlet));
    const seen = new Map(chosen.flatMap((cell) => cell.cards).map((card) => [card.id, card]));
    return among([...seen.values()], filters);
  }

  // --- what the reader marks: kept in the browser as far as it allows, and taken along as CSV ---
  const frames = book.scope.frames.map((one) => one.name);
  const shelf = `marks of ${book.key}`;
  const marks = stored(shelf);
  const passages = new Map(book.cards.map((card) => [card.id, card]));

  function judged(card) {
    const passage = passages.get(card.id);
    const own = marks[card.id];
    return passage ? { ...card, read: passage.values, coded: own ? frames.map((frame) => own[frame] ?? null) : null } : card;
  }

  function code({ passage, frame, code: given }) {
    const own = { ...(frame ? marks[passage] : {}) };
    if (given === null) delete own[frame];
    else own[frame] = given;
    if (Object.keys(own).length) marks[passage] = own;
    else delete marks[passage];
    const kept = store(shelf, marks);
    return { card: judged(passages.get(passage)), coded: Object.keys(marks).length, file: kept ? "this browser; take them along as CSV" : "" };
  }

  /** All passages that the report holds: the lexicon's reading, and the reader's beside it. */
  function take() {
    const said = (segments) => segments.map((piece) => piece.text).join("");
    return [["passage_id", "article", "outlet", "date", "title", "text", ...frames, ...frames.map((frame) => `coded_${frame}`)],
      ...book.cards.map((card) => [card.id, card.article, card.outlet, card.date, card.title, said(card.segments), ...card.values, ...frames.map((frame) => marks[card.id]?.[frame] ?? "")])];
  }

  const absent = { error: "The report does not hold that article: its texts would make the file too large. The desk in a notebook has all." };
  const answers = {
    scope: () => book.scope,
    cells, cards, code, take,
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

  /** The entries that say it, as the list in a notebook counts them: hits, and how many of these are negated. */
  function entriesOf(found, label) {
    const counts = new Map();
    for (const [frame, entry, negated] of found.flatMap((card) => card.said)) {
      if (label && frame !== label) continue;
      const key = JSON.stringify([frame, entry]);
      const one = counts.get(key) || { frame, entry, hits: 0, negated: 0 };
      counts.set(key, { ...one, hits: one.hits + 1, negated: one.negated + negated });
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
      && Object.entries(filters.where || {}).every(([column, value]) => (book.scope.columns[column].length ? card.columns[column] === value : card.columns[column].toLowerCase().includes(value.toLowerCase())))
      && (!filters.story || card.story === filters.story)
      && (!(filters.frame || filters.entry) || card.said.some(carried));
  }
}

/** What this browser kept under a name; some keep nothing for a file on a disk. */
function stored(shelf) {
  try {
    return JSON.parse(localStorage.getItem(shelf)) || {};
  } catch {
    return {};
  }
}

function store(shelf, value) {
  try {
    localStorage.setItem(shelf, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** What a card shows of its article: the passage as it was read, without what was removed. */
function cutFrom(sheet, id) {
  const { doc_id, outlet, date, title, story } = sheet;
  const own = sheet.segments.filter((piece) => piece.passage?.includes(id) && !piece.removed);
  return { doc_id, outlet, date, title, story, segments: own.map(({ passage, ...piece }) => piece) };
}

/** The grid of a part of the passages: means over stories, with the intervals of compare_outlets. */
function partOf(all, cards) {
  const rows = all.rows.map((row) => {
    const own = cards.filter((card) => card.outlet === row.outlet);
    const stories = grouped(own, (card) => card.story).map((story) => grouped(story, (card) => card.article));
    const cells = all.labels.map((_, at) => {
      if (!own.length) return { share: null, low: null, high: null, n: 0, note: "no passage" };
      const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
      const values = stories.map((docs) => mean(docs.map((doc) => mean(doc.map((card) => card.values[at])))));
      return { ...interval(values), n: own.filter((card) => card.values[at] > 0).length };
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

/** A mean and its interval, which allows for one story not seen; see share_interval in intervals.py. */
function interval(values) {
  const n = values.length;
  const share = values.reduce((a, b) => a + b, 0) / n;
  if (n < 2) return { share, low: null, high: null, note: "one story" };
  return { share, low: withUnseen(values, 0, 0.025), high: withUnseen(values, 1, 0.975), note: "" };
}

/** The quantile of the beta distribution with the mean and variance of these stories and one of this share more. */
function withUnseen(values, unseen, part) {
  const all = [...values, unseen];
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  if (mean < 1e-12 || mean > 1 - 1e-12) return Math.round(mean);
  const variance = all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (all.length * (all.length + 1));
  const strength = (mean * (1 - mean)) / variance - 1;
  let [low, high] = [0, 1];
  for (let turn = 0; turn < 30; turn += 1) {
    const middle = (low + high) / 2;
    [low, high] = below(middle, mean * strength, (1 - mean) * strength) < part ? [middle, high] : [low, middle];
  }
  return (low + high) / 2;
}

/** The beta distribution function, by its continued fraction (Press et al., Numerical Recipes, section 6.4). */
function below(x, a, b) {
  if (x > (a + 1) / (a + b + 2)) return 1 - below(1 - x, b, a);
  let [c, d] = [1, 1 / (1 - ((a + b) * x) / (a + 1))];
  let fraction = d;
  for (let m = 1; m < 300; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const step of [even, odd]) {
      [c, d] = [1 + step / c, 1 / (1 + step * d)];
      fraction *= c * d;
    }
  }
  return (Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a) * fraction;
}

/** Stirling's series, from 10 on exact to the twelfth digit. */
function logGamma(x) {
  let [shifted, taken] = [x, 0];
  for (; shifted < 10; shifted += 1) taken += Math.log(shifted);
  const series = 1 / (12 * shifted) - 1 / (360 * shifted ** 3) + 1 / (1260 * shifted ** 5);
  return (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - taken;
}

for (const place of document.querySelectorAll("[data-desk]")) {
  unpacked(place.dataset.desk).then((book) => {
    place.replaceChildren();
    const desk = openDesk(place, bookAnswers(book));
    for (const link of document.querySelectorAll(`a[data-of="${place.dataset.desk}"]`)) leadTo(desk, link);
  });
}

/** A topic or term on the page: beside the pointer stand its first sentences, a click lists all at the desk. */
function leadTo(desk, link) {
  const shows = JSON.parse(link.dataset.shows);
  link.addEventListener("click", () => desk.select(shows));
  let said = null;
  const say = () => { said ??= desk.first(shows).then((found) => link.after(el("span", { role: "note" }, (found || "The report does not hold a passage with it.").split("\n\n").map((one) => el("q", {}, written(one)))))); };
  for (const event of ["mouseenter", "focus"]) link.addEventListener(event, say);
}
