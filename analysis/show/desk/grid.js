// The grid outlets × labels: one stop for Tab, arrows inside.

/**
 * A table with role grid in its pane; `choose(outlet, label)` is called for a click, Enter or Space. Over a topic or
 * term stands what `first(outlet, label)` promises. Returns { pane, choose }: the latter shows another choice without
 * drawing the table again.
 */
function gridOf(answer, { view, hue, chosen, choose, first }) {
  const scale = barScale(answer.rows);
  const top = Math.max(0.05, ...answer.rows.flatMap((row) => row.cells.map((c) => (c.low === null ? 0 : c.share || 0))));
  const words = view === "terms";
  const places = [];
  const place = (made, outlet, label) => {
    made.addEventListener("click", () => choose(outlet, label));
    if (view !== "frames" && label) {
      const above = made.title;
      const say = async () => { made.title = [above, await first(outlet, label)].filter(Boolean).join("\n\n"); };
      for (const event of ["mouseenter", "focus"]) made.addEventListener(event, say, { once: true });
    }
    places.push({ made, outlet, label });
    return made;
  };
  const body = answer.rows.map((row) => {
    const inRow = row.cells.map((cell, at) => {
      const label = words ? cell.term : answer.labels[at].name;
      const made = words ? termCell(row, cell, answer) : shareCell(row, cell, answer.labels[at], answer.kind, { scale, top, hue });
      return place(made, row.outlet, label);
    });
    const head = outletHead(row, words);
    return el("tr", { role: "row" }, words ? head : place(head, row.outlet, ""), inRow, words && !inRow.length
      ? el("td", { role: "gridcell", class: "none" }, "no term stands out") : null);
  });
  const table = el(
    "table", { role: "grid", class: `grid ${view}${answer.labels.length > FEW ? " many" : ""}`, "aria-label": words ? "Distinctive terms of each outlet" : `Shares of ${view} in each outlet` },
    words ? null : el("thead", {}, el("tr", { role: "row" }, el("td", { role: "presentation" }), answer.labels.map((label) => place(labelHead(label, hue), "", label.name)))),
    el("tbody", {}, body),
  );
  const mark = ({ outlet, label }) => places.forEach((one) => {
    const here = Boolean(outlet || label) && one.outlet === outlet && one.label === label;
    one.made.setAttribute("aria-selected", String(here));
  });
  mark(chosen);
  roving(table);
  return { pane: el("div", { class: "grid-scroll" }, table, words ? null : el("p", { class: "legend" }, legend(answer, scale, view))), choose: mark };
}

const FEW = 6; // columns that fit beside the list with their intervals in one line

function outletHead(row, words) {
  const size = words || !row.articles ? null : el("small", {}, counted(row.stories, "story"));
  return el("th", { role: "rowheader", scope: "row", tabindex: words ? null : "-1" }, el("span", { class: "name" }, written(row.outlet)), size);
}

/** The words of a topic that are not in its name. */
const beyond = (name, words = []) => words.filter((word) => !name.split(", ").includes(word));

function labelHead(label, hue) {
  const said = beyond(label.name, label.words);
  return el(
    "th", { role: "columnheader", scope: "col", tabindex: "-1", class: hue(label.name), title: said.length ? said.join(", ") : null },
    el("span", { class: "name" }, written(label.name)),
    said.length ? el("small", {}, said.slice(0, 3).map(written)) : null,
  );
}

function shareCell(row, cell, label, kind, { scale, top, hue }) {
  const made = el("td", { role: "gridcell", tabindex: "-1", class: `cell ${hue(label.name)}`, "aria-label": spoken(row, cell, label, kind) });
  if (cell.share === null) {
    made.classList.add("none");
    made.append(el("span", { class: "why" }, cell.note));
    return made;
  }
  const sure = cell.low !== null;
  made.style.setProperty("--fill", sure ? Math.min(1, cell.share / top).toFixed(3) : 0);
  const moved = cell.before === undefined ? 0 : points(cell.share) - points(cell.before || 0);
  const sign = moved ? el("span", { class: "moved" }, (moved > 0 ? "+" : "−") + Math.abs(moved)) : null;
  const interval = sure ? `${points(cell.low)}–${points(cell.high)}` : cell.note || "no interval";
  made.append(
    el("span", { class: "numbers" }, el("span", { class: "share" }, percent(cell.share), sign), el("span", { class: "interval" }, interval)),
    bar(cell, scale),
  );
  return made;
}

function bar(cell, scale) {
  const sure = cell.low !== null;
  const track = el("span", { class: "track", "aria-hidden": "true" }, sure ? el("span", { class: "range" }) : null, el("span", { class: sure ? "dot" : "dot hollow" }));
  track.style.setProperty("--at", Math.min(1, cell.share / scale));
  if (sure) {
    track.style.setProperty("--low", cell.low / scale);
    track.style.setProperty("--wide", (cell.high - cell.low) / scale);
  }
  return track;
}

/** Where the bars end: the highest bound, rounded up to a tenth. */
function barScale(rows) {
  const bounds = rows.flatMap((row) => row.cells.map((cell) => cell.high ?? cell.share ?? 0));
  return Math.max(0.1, Math.ceil(Math.max(0, ...bounds) * 10 - 1e-9) / 10);
}

function spoken(row, cell, label, kind) {
  const what = `${row.outlet}, ${label.name}: `;
  if (cell.share === null) return what + cell.note;
  const sure = cell.low === null ? cell.note || "no interval" : `interval ${points(cell.low)} to ${points(cell.high)} percent`;
  const before = cell.before === undefined || cell.before === cell.share ? "" : `, before ${points(cell.before || 0)} percent`;
  return `${what}${points(cell.share)} percent, ${sure}${before}, ${counted(cell.n, kind)}`;
}

function termCell(row, cell) {
  const clear = cell.q < 0.05;
  const made = el(
    "td", { role: "gridcell", tabindex: "-1", class: clear ? "term clear" : "term", "aria-label": `${row.outlet}: ${cell.term}, z ${cell.z.toFixed(1)}${clear ? ", clear" : ""}` },
    el("span", {}, written(cell.term)), el("small", {}, cell.z.toFixed(1)),
  );
  made.style.setProperty("--fill", Math.min(1, Math.max(0, cell.z / 8)).toFixed(3));
  return made;
}

function legend(answer, scale, view) {
  const what = view === "topics" ? `the words of ${answer.kind === "article" ? "an" : "a"} ${answer.kind}` : `${answer.kind}s`;
  return `Percent of ${what}, mean over stories; beneath it the 95 % interval, drawn from 0 to ${points(scale)} %. Unshaded: no interval.`;
}

/** One cell of the table is reached by Tab; arrows, Home and End move, Enter and Space choose. */
function roving(table) {
  const rows = () => [...table.rows].map((row) => [...row.cells].filter((cell) => cell.tabIndex >= -1 && cell.hasAttribute("tabindex")));
  const first = table.querySelector("[aria-selected=true]") || table.querySelector("td[tabindex]");
  if (first) first.tabIndex = 0;
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("[tabindex]");
    if (!cell || !table.contains(cell)) return;
    for (const other of table.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    cell.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[tabindex]");
    const all = rows().filter((row) => row.length);
    const y = all.findIndex((row) => row.includes(cell));
    if (y < 0) return;
    const heads = (row) => row.filter((one) => one.matches("[role=rowheader]")).length; // the row of labels has none
    const x = all[y].indexOf(cell) - heads(all[y]);
    const to = { ArrowUp: [y - 1, x], ArrowDown: [y + 1, x], ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1], Home: [y, -1], End: [y, all[y].length] }[event.key];
    if (to) {
      const row = all[to[0]];
      if (row) row[Math.min(row.length - 1, Math.max(0, to[1] + heads(row)))].focus();
      event.preventDefault();
    } else if (event.key === "Enter" || event.key === " ") {
      cell.click();
      event.preventDefault();
    }
  });
}
