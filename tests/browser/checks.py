"""What a page is asked about itself."""

# Texts of the desk whose contrast with what lies behind them is below 4.5 : 1 (WCAG 2.1, level AA).
CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = (top, below) => top.slice(0, 3).map((c, i) => c * top[3] / 255 + below[i] * (1 - top[3] / 255));
  const linear = (v) => (v / 255 <= .04045 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
  const behind = (node) => {
    const chain = [];
    for (let n = node; n; n = n.parentElement) chain.unshift(rgb(getComputedStyle(n).backgroundColor));
    return chain.reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const written = (n) => [...n.childNodes].some((c) => c.nodeType === 3 && c.data.trim());
  const shown = (n) => n.getClientRects().length && !n.matches('option, .unseen, :disabled');
  return [...document.querySelectorAll('.desk *')].filter((n) => written(n) && shown(n)).map((n) => {
    const back = behind(n), ink = over(rgb(getComputedStyle(n).color), back);
    const [low, high] = [light(back), light(ink)].sort((a, b) => a - b);
    const contrast = Math.round(100 * (high + .05) / (low + .05)) / 100;
    return [n.className || n.tagName, n.textContent.slice(0, 20), contrast];
  }).filter((one) => one[2] < 4.5);
}"""
