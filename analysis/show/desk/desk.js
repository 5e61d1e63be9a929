// The desk: filters, grid and reading pane, held together by one selection.

const EMPTY = { view: "frames", outlet: "", label: "", order: "strength", page: 0, passage: "", article: "", other: "", filters: {} };
const VIEWS = { frames: "Frames", topics: "Topics", terms: "Terms" };
const FIRST_CARDS = 10; // a screen holds five
const LONGEST_HOVER = 300; // letters of a sentence beside the pointer
let desks = 0;

/**
 * Opens a desk inside `root`. `ask(question)` promises an answer; `onSelect(selection)` hears of every change.
 * Returns { select, first, refresh, close }.
 */
function openDesk(root, ask, { selection = {}, onSelect = () => {} } = {}) {
  const name = `desk-${++desks}`;
  const nth = desks > 1 ? ` ${desks}` : ""; // landmarks of one page have names of their own
  let sel = { ...EMPTY, ...selection, filters: { ...(selection.filters || {}) } };
  let scope = null;
  let cells = null;
  let drawn = null; // the grid on the page
  let turn = 0;

  const frame = el("section", { class: "desk", "aria-label": `Reading desk${nth}`, "data-lm-suppress-shortcuts": "true" });
  const bar = el("div", { class: "bar" });
  const status = el("p", { class: "status", role: "status", "aria-live": "polite" });
  const gridPane = el("div", { class: "grid-pane" });
  const reading = el("div", { class: "reading", role: "region", "aria-label": `Passages and articles${nth}` });
  frame.append(bar, status, el("div", { class: "main" }, gridPane, reading));
  root.append(frame);
  const unwatch = watchTheme(frame, () => scope && paint());

  const hue = (label) => {
    const at = scope ? scope.frames.findIndex((one) => one.name === label) : -1;
    return at < 0 ? "" : `hue f${at % 12}`;
  };
  const ink = (label) => `var(--f${Math.max(0, scope.frames.findIndex((one) => one.name === label)) % 12})`;
  const paint = () => scope.frames.slice(0, 12).forEach((one, at) => {
    frame.style.setProperty(`--f${at}`, frame.dataset.theme === "dark" ? one.dark : one.light);
    frame.style.setProperty(`--f${at}-hue`, frame.dataset.theme === "dark" ? one.dark : one.colour);
  });

  function state() {
    const labels = cells ? cells.labels.map((one) => one.name) : [];
    return {
      ...sel, hue, can: scope.can, frames: scope.frames.map((one) => one.name), at: labels.indexOf(sel.label),
      kind: cells && cells.kind === "article" ? "article" : "passage",
      silenced: (cells && cells.silenced) || [], added: (cells && cells.added) || [],
      look: { hue, ink, label: sel.view === "frames" ? sel.label : "", passage: sel.passage },
    };
  }

  async function answered(question) {
    const answer = await ask(question);
    if (answer.error) say(answer.error, true);
    return answer.error ? null : answer;
  }
  function say(words, wrong = false) {
    status.textContent = words;
    status.classList.toggle("wrong", wrong);
  }

  /** Takes a change over, reports it, and shows what it asks for. */
  async function change(part, { grid = false, focus = "" } = {}) {
    sel = { ...sel, ...part };
    const shown = show({ grid, focus });
    onSelect({ ...sel }); // after the questions: the reader waits for those
    return shown;
  }

  async function show({ grid = true, focus = "" } = {}) {
    const mine = ++turn;
    const asked = grid ? answered({ ask: "cells", view: sel.view, filters: sel.filters }) : null;
    const listed = answered(readingQuestion()); // both leave together
    if (grid) {
      const answer = await asked;
      if (!answer || mine !== turn) return;
      cells = answer;
      drawGrid();
      say(summary(answer));
    }
    drawn?.choose(sel);
    await drawReading(listed, mine, focus);
  }

  function summary(answer) {
    const all = answer.units === answer.of ? "" : ` of ${answer.of.toLocaleString("en")}`;
    const noun = answer.kind === "article" ? "article" : "passage";
    const about = noun === "passage" && scope.about.length ? ` about ${scope.about.join(" and ")}` : "";
    const inside = noun === "article" ? "" : ` in ${counted(answer.articles, "article")}`;
    const said = `${answer.units.toLocaleString("en")}${all} ${noun}${answer.of === 1 ? "" : "s"}${about}${inside}, ${counted(answer.stories, "story")}.`;
    return answer.note ? `${said} ${answer.note}` : said;
  }

  function drawGrid() {
    const at = drawn ? drawn.pane.scrollLeft : 0;
    const held = gridPane.contains(document.activeElement);
    drawn = gridOf(cells, { view: sel.view, hue, chosen: sel, choose, first: (outlet, label) => first({ ...sel, outlet, label }) });
    gridPane.replaceChildren(drawn.pane);
    drawn.pane.scrollLeft = at;
    if (held) (drawn.pane.querySelector("[aria-selected=true]") || drawn.pane.querySelector('[tabindex="0"]'))?.focus({ preventScroll: true });
  }

  function choose(outlet, label) {
    const again = outlet === sel.outlet && label === sel.label && !sel.article;
    change({ outlet: again ? "" : outlet, label: again ? "" : label, page: 0, article: "", other: "", passage: "" }, { focus: "" });
  }

  function readingQuestion() {
    if (sel.other) return { ask: "compare", article: sel.article, other: sel.other };
    if (sel.article) return { ask: "sheet", article: sel.article };
    return { ask: "cards", ...listed(sel), order: sel.order, page: sel.page };
  }

  async function drawReading(asked, mine, focus) {
    const answer = await asked;
    if (!answer || mine !== turn) return;
    frame.classList.toggle("pair", Boolean(sel.other));
    const draw = sel.other ? drawPair : sel.article ? drawSheet : drawList;
    draw(answer, focus);
  }

  /** The cards of the first screen at once, the rest when these are painted. */
  function drawList(answer, focus) {
    const first = Math.max(FIRST_CARDS, 1 + answer.cards.findIndex((card) => card.id === sel.passage));
    const look = state();
    reading.replaceChildren(...cardList({ ...answer, cards: answer.cards.slice(0, first) }, look, act));
    reading.scrollTop = 0;
    const list = reading.querySelector(".cards");
    const rest = answer.cards.slice(first);
    if (rest.length) requestAnimationFrame(() => setTimeout(() => list.isConnected && list.append(...rest.map((card) => cardOf(card, look, act)))));
    if (focus === "card") (byId(sel.passage) || reading.querySelector(".card"))?.focus();
  }

  /** The filters and label of a list: a term is looked up as a pattern. */
  function listed({ view, outlet, label, filters: given }) {
    const filters = { ...given, ...(outlet ? { outlet } : {}) };
    if (view !== "terms") return { view, filters, label };
    return { view: "frames", filters: label ? { ...filters, search: label } : filters, label: "" };
  }

  /** The first sentences of a topic or term, for who hovers over it. */
  async function first(chosen) {
    const answer = await ask({ ask: "cards", ...listed({ ...EMPTY, ...chosen }), order: "strength", page: 0 });
    return (answer.cards || []).slice(0, 2).map((card) => beginning(card.segments.map((piece) => piece.text).join(""))).join("\n\n");
  }

  const byId = (id) => [...reading.querySelectorAll(".card")].find((one) => one.dataset.id === id);

  function drawSheet(answer) {
    reading.replaceChildren(...articleSheet(answer, state(), act));
    reading.scrollTop = 0;
    reading.querySelector(".headline").focus({ preventScroll: true });
    const here = reading.querySelector(".here");
    if (here) reading.scrollTop = Math.max(0, here.offsetTop - reading.clientHeight / 3);
  }

  function drawPair(answer) {
    reading.replaceChildren(...versionsBeside(answer, state(), act));
    reading.scrollTop = 0;
    reading.querySelector(".back").focus({ preventScroll: true });
  }

  async function changed(question) {
    const answer = await answered(question);
    if (answer) await show({ grid: true });
  }

  const act = {
    order: (order) => change({ order, page: 0 }),
    page: (page) => change({ page }, { focus: "card" }),
    open: (card) => change({ article: card.doc_id, passage: card.id, other: "" }),
    sheet: (article) => change({ article, passage: "", other: "" }),
    compare: (article, other) => change({ article, other }),
    only: (sheet) => filter({ ...sel.filters, story: sheet.story }),
    back: () => change(sel.other ? { other: "" } : { article: "", other: "" }, { focus: "card" }),
    entry: (entry) => {
      const again = sel.filters.entry === entry.entry && sel.filters.frame === entry.frame;
      const { entry: _, frame: __, ...others } = sel.filters;
      filter(again ? others : { ...others, entry: entry.entry, frame: entry.frame });
    },
    silence: (entry) => changed({ ask: "silence", frame: entry.frame, entry: entry.entry }),
    restore: (entry) => changed({ ask: "restore", frame: entry.frame, entry: entry.entry }),
    add: (into, pattern) => changed({ ask: "add", frame: into, pattern }),
    code: async (card, which, code) => {
      const answer = await answered({ ask: "code", passage: card.id, frame: which, code });
      if (!answer) return;
      const old = byId(card.id);
      if (old) {
        const again = cardOf(answer.card, state(), act, old.tabIndex === 0);
        const button = document.activeElement?.getAttribute("aria-label");
        const held = old.contains(document.activeElement);
        old.replaceWith(again);
        if (held) ([...again.querySelectorAll("[aria-label]")].find((one) => one.getAttribute("aria-label") === button) || again).focus();
      }
      const open = scope.can.take ? "kept while this page is open; take them along as CSV" : "kept while this desk is open; explore(…, codes='codes.csv') keeps them in a file";
      const left = scope.can.settle ? `, ${answer.left.toLocaleString("en")} left` : "";
      say(`${counted(answer.coded, "passage")} coded${left}, ${answer.file ? `kept in ${answer.file}` : open}.`);
    },
  };

  function filter(filters) {
    const said = Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
    const outlet = said.outlet && said.outlet !== sel.outlet ? "" : sel.outlet; // a cell of another outlet would be empty
    return change({ filters: said, outlet, page: 0, article: "", other: "" }, { grid: true }).then(drawBar);
  }

  function drawBar() {
    const field = (key, label, made) => el("label", {}, el("span", {}, label), made);
    const set = (key) => (event) => filter({ ...sel.filters, [key]: event.target.value });
    const select = (key, label, all, values, words = (v) => v) => field(key, label,
      el("select", { onchange: set(key), "data-filter": key }, option("", all, sel.filters[key] || ""), values.map((value) => option(value, words(value), sel.filters[key] || ""))));
    const date = (key, label) => field(key, label, el("input", { type: "date", "data-filter": key, value: sel.filters[key] || "", min: scope.days[0], max: scope.days[1], onchange: set(key) }));
    const search = el("input", { type: "search", "data-filter": "search", value: sel.filters.search || "", placeholder: "word, phrase, glob*, (a|b)", spellcheck: "false", onsearch: set("search"), onchange: set("search") });
    const tabs = scope.views.map((view) => el("button", { type: "button", role: "tab", id: `${name}-${view}`, "aria-selected": String(view === sel.view), tabindex: view === sel.view ? "0" : "-1", onclick: () => turnTo(view) }, VIEWS[view]));
    const any = Object.keys(sel.filters).length;
    const kept = document.activeElement?.dataset?.filter;
    bar.replaceChildren(
      el("div", { class: "tabs", role: "tablist", "aria-label": "What the grid shows", onkeydown: tabKeys }, tabs),
      el("form", { class: "filters", role: "search", onsubmit: (e) => e.preventDefault() },
        scope.can.search ? field("search", "Search", search) : null,
        scope.outlets.length ? select("outlet", "Outlet", "all outlets", scope.outlets) : null,
        scope.days.length ? [date("since", "From"), date("until", "To")] : null,
        select("frame", "Frame", "any frame", scope.frames.map((one) => one.name)),
        Object.entries(scope.columns).map(([column, values]) => {
          const now = sel.filters.where?.[column] || "";
          const said = { "data-filter": `where ${column}`, onchange: (event) => filter({ ...sel.filters, where: chosenOf({ ...sel.filters.where, [column]: event.target.value }) }) };
          return field(column, column, values.length ? el("select", said, option("", "any", now), values.map((value) => option(value, value, now))) : el("input", { type: "search", placeholder: "any part", value: now, ...said }));
        }),
        scope.topics.length ? select("topic", "Topic", "any topic", scope.topics, (t) => [t, ...beyond(t, scope.topic_words[t]).slice(0, 2)].join(" ")) : null,
        sel.filters.story ? el("button", { type: "button", class: "entry", onclick: () => filter({ ...sel.filters, story: "" }) }, "one story ×") : null,
        sel.filters.entry ? el("button", { type: "button", class: "entry", onclick: () => filter({ ...sel.filters, entry: "", frame: "" }) }, written(sel.filters.entry), " ×") : null,
        scope.can.take ? el("button", { type: "button", class: "link take", onclick: take }, "Passages as CSV") : null,
        any ? el("button", { type: "button", class: "link clear", onclick: () => filter({}) }, "Clear filters") : null),
    );
    if (kept) bar.querySelector(`[data-filter="${CSS.escape(kept)}"]`)?.focus();
  }

  async function take() {
    offer("passages.csv", ["\ufeff", csvOf(await ask({ ask: "take" }))], "text/csv");
  }

  async function turnTo(view) {
    await change({ view, outlet: "", label: "", page: 0, article: "", other: "", passage: "" }, { grid: true });
    drawBar();
    bar.querySelector("[aria-selected=true]").focus();
  }

  function tabKeys(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = scope.views.indexOf(sel.view) + step;
    turnTo(scope.views[(at + scope.views.length) % scope.views.length]);
    event.preventDefault();
  }

  frame.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing) {
      bar.querySelector("[data-filter=search]")?.focus();
      event.preventDefault();
    } else if (event.key === "Escape") {
      if (sel.article) act.back();
      else gridPane.querySelector('[tabindex="0"]')?.focus();
    } else if (event.key === "Enter" && event.target.closest("table.grid") && !event.defaultPrevented) {
      event.preventDefault();
    }
    event.stopPropagation(); // a notebook's own keys (y, n, /, arrows) mean something else
  });

  async function start() {
    scope = await answered({ ask: "scope" });
    if (!scope) return;
    if (!scope.views.includes(sel.view)) sel = { ...sel, view: scope.views[0] };
    frame.classList.toggle("queue", Boolean(scope.can.settle));
    paint();
    drawBar();
    await show();
    performance.mark("desk shown");
  }
  performance.mark("desk opened");
  start();

  return {
    /** Shows a selection that was made elsewhere. */
    select: (selection) => {
      const next = { ...EMPTY, ...selection, filters: { ...(selection.filters || {}) } };
      if (JSON.stringify(next) === JSON.stringify(sel)) return;
      sel = next;
      if (scope) { drawBar(); show(); }
    },
    first,
    refresh: () => scope && show(),
    close: () => { unwatch(); frame.remove(); },
  };
}

const beginning = (text) => (text.length > LONGEST_HOVER ? text.slice(0, LONGEST_HOVER).replace(/\s+\S*$/, " …") : text);

/** The columns of which a value was chosen; nothing where none was. */
function chosenOf(where) {
  const said = Object.entries(where).filter(([, value]) => value);
  return said.length ? Object.fromEntries(said) : null;
}

/** Keeps data-theme in step with JupyterLab, VS Code, Colab, or the system. */
function watchTheme(frame, changed) {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const set = () => {
    const lab = document.body.dataset.jpThemeLight;
    const answered = lab !== undefined ? lab === "false" : /dark/.test(document.body.className + document.documentElement.getAttribute("theme")) || null;
    frame.dataset.theme = (answered === null ? dark.matches : answered) ? "dark" : "light";
    changed();
  };
  const observer = new MutationObserver(set);
  for (const node of [document.body, document.documentElement]) observer.observe(node, { attributes: true, attributeFilter: ["data-jp-theme-light", "class", "theme"] });
  dark.addEventListener("change", set);
  set();
  return () => { observer.disconnect(); dark.removeEventListener("change", set); };
}
