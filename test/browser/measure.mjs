/** Runs inside the page: what a reader would trip over. Self-contained, since it is sent there as text. */
export function measure() {
  const visible = (e) => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };
  const size = (e) => Number.parseFloat(getComputedStyle(e).fontSize);
  const svg = document.querySelector("svg");
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const labels = [...svg.querySelectorAll("text")].filter(visible);
  const overlaps = [];
  const boxes = labels.map((e) => ({ text: e.firstChild?.textContent ?? "", box: e.getBoundingClientRect() }));
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1)) {
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      // Line boxes are taller than letters: a little of the height is air.
      if (wide > 1 && high > 4 * scale) overlaps.push(`${a.text} / ${b.text}`);
    }
  const scrolls = (e) => e.closest(".scroll") !== null;
  const sticksOut = [...document.querySelectorAll("body *")]
    .filter((e) => visible(e) && !scrolls(e) && !(e instanceof SVGElement))
    .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((e) => `${e.tagName} ${e.textContent.slice(0, 40)}`);
  const texts = [...document.querySelectorAll("p, td, th, li, .cell b, .cell span, .key span")].filter(visible);
  const background = getComputedStyle(document.body).backgroundColor;
  const colour = (selector) => getComputedStyle(document.querySelector(selector)).color;
  const own = (selector) => getComputedStyle(document.querySelector(selector)).backgroundColor;
  return {
    pageWidth: document.documentElement.scrollWidth,
    windowWidth: document.documentElement.clientWidth,
    sticksOut,
    overlaps,
    verdictBottom: document.querySelector(".words p").getBoundingClientRect().bottom,
    smallestText: Math.min(...texts.map(size)),
    smallestSvgText: Math.min(...labels.map(size)) * scale,
    background,
    colours: {
      text: [colour("body"), background],
      "dim text": [colour(".dim"), background],
      verdict: [colour(".verdict"), own(".verdict")],
      "labels of the sums": [colour(".cell span"), own(".cell")],
    },
    lanes: labels.filter((e) => e.classList.contains("head")).map((e) => e.textContent),
  };
}

/** Contrast of two CSS colours (WCAG 2.2), 1 to 21. */
export function contrast(a, b) {
  const luminance = (colour) => {
    const [r, g, blue] = colour.match(/[\d.]+/g).map((part) => {
      const c = Number(part) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return Math.round(((light + 0.05) / (dark + 0.05)) * 100) / 100;
}
