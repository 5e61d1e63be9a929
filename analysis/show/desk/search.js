// The lexicon's grammar in a page without Python: a pattern becomes a regular expression over a passage's terms.
// Python has read the passages (text/tokens.py); here only the few words of a pattern are spelled in the same way.

const GAP = 3; // as text/patterns.py
const LONGEST_GAP = 80;
const PART = /\([^()]*\)|[…~]\d*|@[\p{L}\p{M}\p{N}_.-]+|[^\s()@…~|]+(?:\s+[^\s()@…~|]+)*/gu;
// "(russia|china)'s", "@pair s", "@pair …2 s ally": the terms have no possessive, but an "s" before a number is a word
const AFTER = /(\)|@[\p{L}\p{M}\p{N}_.-]+|[*?]|…\d*(?=\s+['’]?\s*s\s+\S))(?:\s+|\s*['’]\s*)s(?![\p{L}\p{M}\p{N}_*?])(?!\s*-?\d)/gu;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** Whether terms, with a space before and after each, hold the pattern: a function. Throws what cannot be read. */
function searchOf(pattern, book) {
  const refuse = (why) => { throw new RangeError(`pattern '${pattern}': ${why}`); };
  const spaced = pattern.replaceAll("...", "…").replace(AFTER, "$1").replace(/([…~])(\d*)/g, " $1$2 ");
  const rest = spaced.replace(PART, "").trim();
  if (rest) refuse(`cannot read '${rest}'. Write choices in closed brackets: (oil|gas).`);
  const glued = spaced.match(/[^\s(|][(@]|\)[^\s|)]/);
  if (glued) refuse(`'${glued[0]}' runs together. Put a space between words, brackets and lists, or write both words: (gas|gasoline).`);
  const sides = [[]];
  const near = new Set();
  for (const part of spaced.match(PART) || []) {
    if (part.startsWith("~")) {
      near.add(width(part, refuse));
      sides.push([]);
    } else sides.at(-1).push(part);
  }
  if (near.size > 1) refuse(`one ~ allows ${Math.min(...near)} words, another ${Math.max(...near)}. Give both the same number.`);
  if (sides.length > 5) refuse("more than four ~ are too many orders for a search.");
  const read = sides.map((parts, at) => sideOf(parts, sides.length > 1 ? `${at ? "after" : "before"} the ~` : "in it", book, refuse));
  const orders = permuted(read).map((order) => order.join(passing([...near][0] || 0)));
  const found = new RegExp(" (?:" + orders.join("|") + ")", "u");
  return (terms) => found.test(terms);
}

function sideOf(parts, where, book, refuse) {
  let gap = null;
  let source = "";
  for (const part of parts) {
    if (part.startsWith("…")) {
      if (!source) refuse("no word to match before the gap.");
      gap = (gap || 0) + width(part, refuse);
      if (gap > LONGEST_GAP) refuse(`a gap may have at most ${LONGEST_GAP} words. Found: ${gap}.`);
      continue;
    }
    const written = part.startsWith("(") ? part.slice(1, -1).split("|") : [part];
    source += passing(gap || 0) + choice(members(written, book.lists, [], refuse), book, refuse);
    gap = null;
  }
  if (!source || gap !== null) refuse(`no word to match ${source ? "after the gap" : where}.`);
  return source;
}

function width(part, refuse) {
  const wide = part.length > 1 ? Number(part.slice(1)) : GAP;
  return wide > LONGEST_GAP ? refuse(`a gap may have at most ${LONGEST_GAP} words. Found: ${wide}.`) : wide;
}

const passing = (gap) => (gap ? `(?:[^ ]+ ){0,${gap}}` : "");

/** The words and phrases written, those of a list in the place of its @name. */
function members(written, lists, within, refuse) {
  return written.map((one) => one.trim().split(/\s+/).join(" ")).flatMap((one) => {
    if (!one.startsWith("@")) return [one];
    const name = one.slice(1);
    if (!Object.hasOwn(lists, name)) refuse(`list '@${name}' does not exist. Found: ${Object.keys(lists).map((other) => "@" + other).join(", ") || "none"}.`);
    if (within.includes(name)) refuse(`a list uses itself: @${name}.`);
    return members(lists[name], lists, [...within, name], refuse);
  });
}

function choice(written, book, refuse) {
  const ways = written.map((member) => {
    if (/[()@…~|]/.test(member)) refuse(`'${member}' is part of a choice or list: words and phrases only. Write it as a separate pattern.`);
    if (member.startsWith("=")) refuse(`'${member}' asks for capitals, which the search of a report cannot tell apart; that of an.explore can.`);
    const terms = termsOf(member, book);
    if (!terms.length) refuse(`'${member}' contains no word.`);
    return terms.map((term) => expression(term) + " ").join("");
  });
  return `(?:${ways.join("|")})`;
}

function expression(term) {
  return term.replace(/[.*+?^${}()|[\]\\/-]/g, (sign) => ({ "*": "[^ ]*", "?": "[^ ]" })[sign] || (sign === "-" ? "-" : "\\" + sign));
}

/** The terms of a phrase: runs of plain words, which may be one term together, and each glob alone. */
function termsOf(phrase, book) {
  const runs = [];
  for (const written of phrase.split(" ")) {
    const word = written.replace(ACRONYM, "$1"); // "u.s.*" in other grammars, whose words keep the points
    const glob = /[*?]/.test(word);
    if (glob || !runs.length || runs.at(-1).glob) runs.push({ glob, words: [word] });
    else runs.at(-1).words.push(word);
  }
  return runs.flatMap(({ glob, words }) => (glob
    ? words[0].toLowerCase().replace(/[^\p{L}\p{M}\p{N}*?]+/gu, " ").trim().split(" ").filter(Boolean)
    : plainTerms(words.join(" "), book.joins)));
}

/** As text/joins.py: each word under the term it is alone, runs of words that are one term, no possessive s. */
function plainTerms(text, joins) {
  const seen = text.replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, "").replace(THOUSANDS, (number) => number.replace(/\D/g, ""));
  const words = [...seen.matchAll(WORD)].map(({ 0: form, index }) => ({
    term: own(joins.capitals, form) || aloneTerm(form.normalize("NFKC").toLowerCase(), HYPHEN.test(seen[index + form.length]), joins),
    left: form === "s" && POSSESSIVE.test(seen[index - 1]),
  }));
  const terms = [];
  for (let at = 0; at < words.length;) {
    const ahead = words.slice(at).map((word) => word.term).join(" ") + " ";
    const run = joins.runs.find(([written]) => ahead.startsWith(written + " "));
    if (run) terms.push(run[1]);
    else if (!words[at].left) terms.push(words[at].term);
    at += run ? run[0].split(" ").length : 1;
  }
  return terms;
}

const THOUSANDS = /(?<![\p{L}\p{M}\p{N}])\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?![\p{L}\p{M}\p{N}])/gu;
const ACRONYM = /^((?:[\p{L}\p{M}\p{N}_]\.){2,})\*$/u;
const HYPHEN = /^[-‐‑]$/;
const POSSESSIVE = /^['’‘`´" ]$/;
const own = (table, key) => (Object.hasOwn(table, key) ? table[key] : "");
const aloneTerm = (word, hyphen, joins) => (hyphen && own(joins.hyphened, word)) || own(joins.alike, word) || word;

function permuted(all) {
  if (all.length < 2) return [all];
  return all.flatMap((one, at) => permuted([...all.slice(0, at), ...all.slice(at + 1)]).map((rest) => [one, ...rest]));
}
