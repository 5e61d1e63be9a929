// Tables as CSV, figures as SVG and as PNG at print size: made in the page, from what the page holds.

const PRINT = 300 / 96; // pixels a point of the screen: 300 an inch

function offer(name, parts, type) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = el("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A figure as dots, in the colours of a light page whatever page it stands on. */
async function asPng(shown) {
  const image = new Image();
  image.src = wide.get(shown).replace(/%3Cstyle%3E@media.*?%3C\/style%3E|%3Cstyle%3E%40media.*?%3C\/style%3E/, "");
  await image.decode();
  const canvas = el("canvas", { width: Math.round(image.naturalWidth * PRINT), height: Math.round(image.naturalHeight * PRINT) });
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#ffffff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((made) => canvas.toBlob(made, "image/png"));
}

// the rule of write_table: what a spreadsheet would run becomes text, a number stays one
const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const GUARD = "'\u2060";
const ARMED =
  /(^|[;,\t\r\n])([\s\x00-\x20\xad\u061c\u200b-\u200f\u2060-\u2064\ufeff]*)(?=('\u2060)*[=+\-@＝＋－＠﹦﹢﹣﹫])/gu;
const disarmed = (text) => NUMBER.test(text) ? text : text.replace(ARMED, `$1$2${GUARD}`);

function csvOf(rows) {
  const cell = (value) => `"${disarmed(String(value)).replace(/"/g, '""')}"`;
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

const cellsOf = (table) => [...table.rows].map((row) => [...row.cells].map((one) => one.textContent.trim()));
const button = (words, label, press) => el("button", { type: "button", "aria-label": label, onclick: press }, words);
const tables = unpacked("tables"); // a promise: the page is painted first

/** On a phone figures are drawn narrower; what is taken along is as wide as a page. */
const wide = new Map([...document.querySelectorAll("figure[data-name] img")].map((image) => [image, image.getAttribute("src")]));
const phone = matchMedia("(max-width: 40rem)");
async function fitFigures() {
  const narrow = phone.matches ? await unpacked("narrow") : {};
  for (const [image, source] of wide) image.src = narrow[image.closest("figure").dataset.name] || source;
}
phone.addEventListener("change", fitFigures);
if (phone.matches) fitFigures();

for (const figure of document.querySelectorAll("figure[data-name]")) {
  const image = figure.querySelector("img");
  const name = figure.dataset.name;
  figure.append(el("p", { class: "downloads" },
    button("SVG", `${name} as SVG`, () => offer(`${name}.svg`, [drawing(image)], "image/svg+xml")),
    button("PNG", `${name} as PNG`, () => asPng(image).then((bytes) => offer(`${name}.png`, [bytes], "image/png")))));
}

for (const place of document.querySelectorAll(".wide[data-name]")) {
  const name = place.dataset.name;
  const take = async () => offer(`${name}.csv`, ["\ufeff", (await tables)[name] ?? csvOf(cellsOf(place.querySelector("table")))], "text/csv");
  place.after(el("p", { class: "downloads" }, button("CSV", `${name} as CSV`, take)));
}

/** What an image's data address holds, without a request. */
function drawing(image) {
  const address = wide.get(image);
  return decodeURIComponent(address.slice(address.indexOf(",") + 1));
}
