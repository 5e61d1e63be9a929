// What stands behind a cell: passages as cards, an article, and two versions of one story.

/** The list of cards, with the entries that found them and their order. */
function cardList(answer, state, act) {
  const heading = [state.outlet, state.label].filter(Boolean).map((name) => written(name)).reduce((all, one) => (all.length ? [...all, " · ", one] : [one]), []);
  const pages = Math.ceil(answer.total / answer.size);
  return [
    el("div", { class: "reading-head" },
      el("h3", { tabindex: "-1" }, heading.length ? heading : `All ${state.kind}s`, " ", el("span", { class: "count" }, counted(answer.total, state.kind))),
      el("label", { class: "order" }, "Order ", el("select", { "aria-label": "Order of the list", onchange: (e) => act.order(e.target.value) },
        option("strength", "strongest first", answer.order || state.order), option("date", "oldest first", answer.order || state.order))),
    ),
    answer.note ? el("p", { class: "legend" }, answer.note) : null,
    state.view === "frames" ? instrument(answer, state, act) : null,
    answer.total ? null : el("p", { class: "empty" }, "Nothing here. Clear a filter or choose another cell."),
    el("div", { class: "cards", role: "list", onkeydown: walk }, answer.cards.map((card, at) => cardOf(card, state, act, at === 0))),
    pages > 1 ? pager(answer.page, pages, act) : null,
  ].filter(Boolean);
}

function option(value, words, chosen) {
  return el("option", { value, selected: value === chosen }, words);
}

function pager(page, pages, act) {
  return el("div", { class: "pager", role: "group", "aria-label": "Pages of the list" },
    el("button", { type: "button", disabled: page === 0, onclick: () => act.page(page - 1) }, "← Earlier"),
    el("span", {}, `Page ${page + 1} of ${pages.toLocaleString("en")}`),
    el("button", { type: "button", disabled: page + 1 >= pages, onclick: () => act.page(page + 1) }, "Later →"));
}

/** Up and down from card to card. */
function walk(event) {
  const card = event.target.closest(".card");
  if (!card || event.target !== card) return;
  const next = { ArrowDown: card.nextElementSibling, ArrowUp: card.previousElementSibling }[event.key];
  if (next) {
    next.focus();
    event.preventDefault();
  }
}

function cardOf(card, state, act, first) {
  const open = () => act.open(card);
  const made = el(
    "div", { class: "card", role: "listitem", tabindex: first ? "0" : "-1", "data-id": card.id, "aria-label": `${[card.outlet, card.date || "no date"].filter(Boolean).join(", ")}: ${card.title}` },
    el("header", {}, card.outlet ? [el("b", {}, written(card.outlet)), " "] : null, el("time", {}, card.date || "no date"),
      card.copies ? el("button", { type: "button", class: "link", onclick: open }, counted(card.copies, "other version")) : null,
      state.view === "topics" && state.label ? el("span", { class: "weight" }, percent(card.values[state.at])) : null),
    el("p", { class: "text", dir: "auto", onclick: () => window.getSelection().isCollapsed && open() }, pieces(card.segments, state.look)),
    el("footer", {}, el("button", { type: "button", class: "link open", onclick: open }, el("span", { class: "title", dir: "auto" }, written(card.title || "untitled")), " →"),
      card.read && state.can.code ? judge(card, state, act) : null),
  );
  made.addEventListener("focus", () => {
    for (const other of made.parentElement.querySelectorAll('.card[tabindex="0"]')) other.tabIndex = -1;
    made.tabIndex = 0;
  });
  made.addEventListener("keydown", (event) => {
    if (event.target !== made || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") open();
    else if (state.can.code && card.read && state.label && event.key === "y") act.code(card, state.label, 1);
    else if (state.can.code && card.read && state.label && event.key === "n") act.code(card, state.label, 0);
    else return;
    event.preventDefault();
  });
  return made;
}

/** For each frame: does the passage carry it? A mark judges one frame; pressed again, it is taken back. */
function judge(card, state, act) {
  const chips = state.frames.map((frame, at) => {
    if (card.differ && !card.differ.includes(frame)) return null; // coders agree on it
    const own = card.coded ? card.coded[at] : null;
    const now = own ?? card.read[at];
    const button = (code, mark, words) => el("button", {
      type: "button", class: code ? "yes" : "no", "aria-pressed": String(own === code),
      "aria-label": `${frame}: ${words}`, title: `${frame}: ${words}`, onclick: () => act.code(card, frame, own === code ? null : code),
    }, mark);
    return el("span", { class: `chip ${state.hue(frame)} ${now ? "on" : "off"}`, role: "group", "aria-label": frame + (card.read[at] ? ", as the lexicon reads it" : "") },
      el("span", { class: "name" }, written(frame)), button(1, "✓", "carried"), button(0, "✗", "not carried"));
  });
  const back = card.coded ? el("button", { type: "button", class: "link", onclick: () => act.code(card, "", null) }, "take back") : null;
  return el("div", { class: card.coded ? "judge said" : "judge" }, chips, back);
}

const FIRST_ENTRIES = 8;

/** The entries that found the passages: silence one and the shares change; add one of your own. */
function instrument(answer, state, act) {
  const can = state.can.silence;
  if (!answer.entries.length && !state.silenced.length && !state.added.length && !state.can.add) return null;
  const chip = (entry) => el("span", { class: `entry ${state.hue(entry.frame)}` },
    el("button", { type: "button", class: "name", "aria-pressed": String(state.filters.entry === entry.entry && state.filters.frame === entry.frame), title: `only passages with this entry of ${entry.frame}`, onclick: () => act.entry(entry) }, written(entry.entry), el("small", {}, " " + entry.hits.toLocaleString("en"))),
    can ? el("button", { type: "button", class: "mute", "aria-label": `Silence ${entry.entry} of ${entry.frame}`, title: "Silence: count without this entry", onclick: () => act.silence(entry) }, "⊘") : null);
  const few = answer.entries.slice(0, FIRST_ENTRIES).map(chip);
  const rest = answer.entries.slice(FIRST_ENTRIES).map(chip);
  const more = rest.length ? el("button", { type: "button", class: "link", onclick: (e) => e.target.replaceWith(...rest) }, `${rest.length} more`) : null;
  const back = state.silenced.map(([frame, entry]) => el("button", { type: "button", class: `entry silenced ${state.hue(frame)}`, "aria-label": `Restore ${entry} of ${frame}`, title: "Restore: count it again", onclick: () => act.restore({ frame, entry }) }, written(entry), " ↺"));
  return el("div", { class: "instrument", role: "group", "aria-label": "Entries of the lexicon" },
    answer.entries.length ? el("span", { class: "lead" }, "Found by") : null, few, more, back, state.can.add ? addForm(state, act) : null);
}

function addForm(state, act) {
  const pattern = el("input", { type: "text", placeholder: "add an entry: joint … drill*", "aria-label": "Pattern of a new entry", spellcheck: "false", autocomplete: "off" });
  const frame = state.label && state.frames.includes(state.label) ? state.label : state.frames[0];
  const into = el("select", { "aria-label": "Frame of the new entry" }, state.frames.map((name) => option(name, name, frame)));
  return el("form", { class: "add", onsubmit: (e) => { e.preventDefault(); if (pattern.value.trim()) act.add(into.value, pattern.value); } }, pattern, into, el("button", { type: "submit" }, "Add"));
}

/** A whole article as it was received. */
function articleSheet(sheet, state, act) {
  const taken = sheet.removed.reduce((sum, one) => sum + one.letters, 0);
  return [
    el("div", { class: "reading-head" }, el("button", { type: "button", class: "back", onclick: act.back }, "← Back to the list")),
    el("h3", { class: "headline", dir: "auto", tabindex: "-1" }, written(sheet.title || "untitled")),
    el("p", { class: "byline" }, sheet.outlet ? [el("b", { dir: "auto" }, written(sheet.outlet)), " · "] : null, el("time", {}, sheet.date || "no date"), sheet.agency ? [" · ", written(sheet.agency)] : null,
      sheet.url && state.can.link !== false ? [" · ", outward(sheet.url, "source ↗")] : null),
    sheet.versions.length ? versionList(sheet, state, act) : null,
    el("div", { class: "text whole", dir: "auto" }, pieces(sheet.segments, state.look)),
    taken ? el("p", { class: "legend" }, el("span", { class: "removed" }, "Grey"), `: ${counted(taken, "letter")} of boilerplate, removed before reading. Passages that count are in full ink.`) : null,
  ].filter(Boolean);
}

function versionList(sheet, state, act) {
  const original = sheet.versions.find((one) => one.original);
  return el("div", { class: "versions" }, el("b", {}, `One story, ${counted(sheet.versions.length + sheet.more, "version")}`),
    el("ul", {}, sheet.versions.map((one) => {
      const pair = one.original ? (sheet.id === one.id ? null : [one.id, sheet.id]) : [original.id, one.id];
      return el("li", { class: one.id === sheet.id ? "this" : "" },
        one.id === sheet.id ? el("span", {}, written(one.outlet)) : el("button", { type: "button", class: "link", onclick: () => act.sheet(one.id) }, written(one.outlet)),
        ` ${one.date || "no date"}`, one.original ? ", taken as the original" : one.overlap === null ? "" : `, ${percent(one.overlap)} of its wording in the original`, one.unsure ? ` (${one.unsure})` : "",
        pair && state.can.compare ? el("button", { type: "button", class: "compare", onclick: () => act.compare(...pair) }, one.id === sheet.id || one.original ? "Compare with the original" : "Compare") : null);
    }), sheet.more ? el("li", {}, `and ${sheet.more} more`) : null),
    state.can.story ? el("button", { type: "button", class: "link", onclick: () => act.only(sheet) }, "Only this story in grid and list") : null);
}

/** Two versions, stretch beside stretch. */
function versionsBeside(answer, state, act) {
  const [first, second] = answer.sides;
  const head = (side, words) => el("div", { class: "side-head" }, el("b", {}, written(side.outlet)), ` ${side.date || "no date"} · ${words}`, el("div", { class: "title", dir: "auto" }, written(side.title)));
  const words = ["kept", "cut", "added", "reworded", "moved"].filter((kind) => answer.words[kind]).map((kind) => el("span", { class: "change " + kind }, `${kind} ${counted(answer.words[kind], "word")}`));
  return [
    el("div", { class: "reading-head" }, el("button", { type: "button", class: "back", onclick: act.back }, "← Back to the article"), el("p", { class: "legend changes", tabindex: "-1" }, words)),
    answer.note ? el("p", { class: "empty" }, answer.note) : null,
    el("div", { class: "sides" }, head(first, "original"), head(second, "copy"),
      answer.rows.map((row) => row.map((segments, at) => el("p", { class: "text", dir: "auto", "aria-label": at ? "copy" : "original" }, pieces(segments, state.look))))),
  ].filter(Boolean);
}
