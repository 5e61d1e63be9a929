// The desk in a report: the same questions, answered from what was written down beforehand.

function bookAnswers(book) {
  const text = (card) => card.segments.map((piece) => piece.text).join("");
  const kept = (filters) => book.cards.filter((card) => passes(card, filters, book));
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
    return { total: found.length, page, size, cards: found.slice(page * size, (page + 1) * size), entries: view === "frames" ? entriesOf(found, label) : [] };
  }

  function topicCards(filters, label) {
    const chosen = book.topics.filter((cell) => (!label || cell.label === label) && (!filters.outlet || cell.outlet === filters.outlet));
    const seen = new Map(chosen.flatMap((cell) => cell.cards).map((card) => [card.id, card]));
    return [...seen.values()].filter((card) => passes(card, filters, book));
  }

  const absent = { error: "This report does not hold that article whole. Open it with an.explore." };
  const answers = {
    scope: () => book.scope,
    cells, cards,
    sheet: ({ article }) => book.sheets[article] || absent,
    compare: ({ article, other }) => book.pairs[`${article}\n${other}`] || absent,
  };
  return async (question) => answers[question.ask](question);

  function entriesOf(found, label) {
    const counts = new Map();
    for (const card of found) {
      for (const piece of card.segments) {
        for (const frame of piece.frames || []) {
          if (label && frame !== label) continue;
          for (const entry of piece.entries || []) {
            const key = JSON.stringify([frame, entry]);
            counts.set(key, (counts.get(key) || 0) + 1);
          }
        }
      }
    }
    const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return ranked.slice(0, 40).map(([key, hits]) => ({ frame: JSON.parse(key)[0], entry: JSON.parse(key)[1], hits, denied: 0 }));
  }

  function passes(card, filters) {
    const frames = book.scope.frames.map((one) => one.name);
    return (!filters.outlet || card.outlet === filters.outlet)
      && (!filters.since || (card.date && card.date >= filters.since))
      && (!filters.until || (card.date && card.date <= filters.until))
      && (!filters.topic || card.topic === filters.topic)
      && (!filters.story || card.story === filters.story)
      && (!filters.frame || filters.entry || card.values[frames.indexOf(filters.frame)] > 0)
      && (!filters.entry || card.segments.some((piece) => (piece.entries || []).includes(filters.entry)))
      && (!filters.search || patternOf(filters.search).test(plainWords(text(card))));
  }
}

/** A text as words with one space before and after each. */
function plainWords(text) {
  return " " + (text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) || []).join(" ") + " ";
}

/** A pattern of the lexicon's grammar as a regular expression over plain words: words, globs, choices, gaps. */
function patternOf(pattern) {
  const word = (written) => written.replace(/[*?]/g, (sign) => (sign === "*" ? "\u0001" : "\u0002")).replace(/[^\p{L}\p{N}\p{M}\u0001\u0002]+/gu, " ").trim()
    .replace(/\u0001/g, "[^ ]*").replace(/\u0002/g, "[^ ]");
  const parts = pattern.toLowerCase().replace(/\.\.\./g, "…").match(/\([^()]*\)|…\d*|[^\s()…]+/g) || [];
  const source = parts.map((part) => {
    if (part.startsWith("…")) return `(?:[^ ]+ ){0,${Math.min(80, Number(part.slice(1)) || 3)}}`;
    const choices = (part.startsWith("(") ? part.slice(1, -1).split("|") : [part]).map(word).filter(Boolean);
    return `(?:${choices.join("|")}) `;
  }).join("");
  try {
    return new RegExp(" " + source, "u");
  } catch {
    return /$^/;
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
  const error2 = steadied(seen2, values, share);
  const square = student[n - 2] ** 2;
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

for (const place of document.querySelectorAll("[data-desk]")) {
  const book = JSON.parse(document.getElementById(place.dataset.desk).textContent);
  place.replaceChildren();
  openDesk(place, bookAnswers(book));
}
