// Elements made of plain text. Article text comes from strangers: it only ever becomes a text node.

/** An element with attributes, listeners (onclick: …) and children; strings become text nodes. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

// Characters that steer or hide others. Shown by name, they can do neither.
const SIGNS = {
  "\u00ad": "soft hyphen", "\u061c": "ALM", "\u200b": "zero-width space", "\u200e": "LRM", "\u200f": "RLM",
  "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
  "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM",
};
const SIGN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** A stranger's text as nodes: isolated, with steering signs made visible. */
function written(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(SIGN)) {
    nodes.push(text.slice(at, found.index));
    const name = SIGNS[found[0]] || "U+" + found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    nodes.push(el("span", { class: "sign", title: "an invisible character, shown by its name" }, name));
    at = found.index + found[0].length;
  }
  nodes.push(text.slice(at));
  return el("bdi", {}, nodes.filter((node) => node !== ""));
}

/** The pieces of a text: hits in their frame's colour, negated ones struck through, boilerplate grey. */
function pieces(segments, look) {
  return segments.map((piece) => {
    if (piece.left_out) {
      return el("span", { class: "left-out" }, ` … ${counted(piece.left_out, "more letter")} `);
    }
    return clothed(piece, written(piece.text), look);
  });
}

function clothed(piece, inner, look) {
  const said = piece.frames || [];
  const negated = piece.negated || [];
  let made = inner;
  if (said.length || negated.length) {
    const names = [...said, ...negated.map((name) => name + " (negated)")].join(", ");
    const shown = said.includes(look.label) || negated.includes(look.label) ? look.label : said[0] || negated[0];
    const quiet = look.label && !said.includes(look.label) && !negated.includes(look.label);
    const classes = ["hit", look.hue(shown), said.length ? "" : "negated", quiet ? "quiet" : ""].filter(Boolean);
    made = el("mark", { class: classes.join(" "), title: `${names} · ${(piece.entries || []).join(", ")}` }, made);
    if (negated.length) {
      made.classList.add("struck");
      made.style.setProperty("--struck", look.ink(negated[0]));
      made.append(el("span", { class: "unseen" }, ` (negates ${negated.join(", ")}) `));
    }
  }
  if (piece.found) made = el("span", { class: "found" }, made);
  if (piece.change) made = el(CHANGED[piece.change[0]] || "span", { class: "change " + piece.change[0] }, made);
  if (piece.removed) made = el("span", { class: "removed", title: "removed before reading: " + piece.removed[0] }, made);
  if (piece.passage) {
    const here = piece.passage.includes(look.passage);
    made = el("span", { class: here ? "passage here" : "passage" }, made);
  }
  return made;
}

const CHANGED = { cut: "del", added: "ins" };

/** "1 passage", "3 passages", "12 stories". */
function counted(n, noun) {
  const plural = noun.endsWith("y") ? noun.slice(0, -1) + "ies" : noun + "s";
  return `${n.toLocaleString("en")} ${n === 1 ? noun : plural}`;
}

/** A share as people say it; a trace is not called nothing. */
function percent(share) {
  if (share === null || share === undefined) return "–";
  return (share > 0 && share < 0.005 ? "<1" : points(share)) + "\u00a0%";
}

/** Whole percents, halves to the even one, as tables and figures have them. */
function points(share) {
  const near = Math.round(share * 100);
  return near - share * 100 === 0.5 && near % 2 ? near - 1 : near;
}

/** A link for the web's own schemes, else the words alone. */
function outward(url, words) {
  if (!/^https?:\/\//i.test(url)) return null;
  return el("a", { href: url, rel: "noopener noreferrer nofollow", target: "_blank" }, words);
}

/** What a page holds in an element, written by `packed` in book.py. */
async function unpacked(id) {
  const letters = atob(document.getElementById(id).textContent);
  const bytes = Uint8Array.from(letters, (one) => one.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}
