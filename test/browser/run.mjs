#!/usr/bin/env node
/**
 * `npm run test:browser`: opens report.html in a real Chromium, wide and narrow, light and dark, and as paper, and keeps what it looked like
 * under out/browser. Looks at a recorded report and at those of rehearsals that are there (out/rehearsal, out/guide, out/by-pool).
 * Exit 0: all passed; 1: something failed; 3: there is no Chromium here, and nothing was tried.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { findChromium, startChromium } from "./chromium.mjs";
import { contrast, measure } from "./measure.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const out = join(root, "out", "browser");
const VIEWS = [
  { name: "desktop", width: 1280, height: 900, media: "screen", scheme: "light" },
  { name: "phone", width: 390, height: 844, media: "screen", scheme: "light" },
  { name: "small-phone", width: 360, height: 740, media: "screen", scheme: "light" },
  { name: "dark", width: 1280, height: 900, media: "screen", scheme: "dark" },
  // A4 at 96 dots per inch, less 12 mm on either side.
  { name: "print", width: 703, height: 1000, media: "print", scheme: "dark" },
];
/** WCAG 2.2, 1.4.3: contrast of text. */
const CONTRAST_MIN = 4.5;
/** Pages a manager is handed. */
const PAGES_MAX = 12;

let passed = 0;
let failed = 0;
function check(what, holds, seen = "") {
  if (holds) passed++;
  else {
    failed++;
    console.log(`FAILED ${what}${seen === "" ? "" : `: ${typeof seen === "string" ? seen : JSON.stringify(seen)}`}`);
  }
}

/** Renders the recorded report with the sources of today. */
async function recorded() {
  const bundle = join(out, "render.cjs");
  await build({
    entryPoints: [join(root, "rehearsal/html.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: bundle,
    logLevel: "error",
  });
  const { renderHtml } = createRequire(import.meta.url)(bundle);
  const file = join(out, "recorded.html");
  writeFileSync(file, renderHtml(JSON.parse(readFileSync(join(here, "guide-report.json"), "utf8"))));
  return file;
}

async function look(chromium, name, file) {
  const { page, on } = chromium;
  const asked = [];
  const complaints = [];
  on(({ method, params }) => {
    if (method === "Network.requestWillBeSent" && !params.request.url.startsWith("file:"))
      asked.push(params.request.url);
    if (method === "Log.entryAdded" && params.entry.level === "error") complaints.push(params.entry.text);
    if (method === "Runtime.exceptionThrown") complaints.push(params.exceptionDetails.text);
  });
  await Promise.all([page("Page.enable"), page("Network.enable"), page("Log.enable"), page("Runtime.enable")]);
  for (const view of VIEWS) {
    const what = `${name}, ${view.name}`;
    await page("Emulation.setDeviceMetricsOverride", {
      width: view.width,
      height: view.height,
      deviceScaleFactor: 1,
      mobile: view.name.endsWith("phone"),
    });
    await page("Emulation.setEmulatedMedia", {
      media: view.media,
      features: [{ name: "prefers-color-scheme", value: view.scheme }],
    });
    await page("Page.navigate", { url: pathToFileURL(file).href });
    await loaded(page);
    const { result } = await page("Runtime.evaluate", { expression: `(${measure})()`, returnByValue: true });
    judge(what, view, result.value);
    const shot = await page("Page.captureScreenshot", { format: "png", captureBeyondViewport: true });
    writeFileSync(join(out, `${name}-${view.name}.png`), Buffer.from(shot.data, "base64"));
  }
  const pdf = await page("Page.printToPDF", { preferCSSPageSize: true, printBackground: true });
  const bytes = Buffer.from(pdf.data, "base64");
  writeFileSync(join(out, `${name}.pdf`), bytes);
  const pages = bytes.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  if (name === "recorded") check(`${name}, pages on paper 1 to ${PAGES_MAX}`, pages >= 1 && pages <= PAGES_MAX, pages);
  check(`${name} asks no other host`, asked.length === 0, asked);
  check(`${name} without errors in the console`, complaints.length === 0, complaints);
}

async function loaded(page) {
  for (let i = 0; i < 100; i++) {
    const { result } = await page("Runtime.evaluate", {
      expression: "document.readyState === 'complete' && location.protocol === 'file:'",
    });
    if (result.value === true) return;
    await new Promise((r) => setTimeout(r, 50));
  }
  throw new Error("the page did not load in 5 s");
}

function judge(what, view, m) {
  check(`${what}: the page does not scroll sideways`, m.pageWidth <= m.windowWidth, m);
  check(`${what}: nothing sticks out of its place`, m.sticksOut.length === 0, m.sticksOut);
  check(`${what}: no text of the time line lies on another`, m.overlaps.length === 0, m.overlaps);
  check(
    `${what}: the verdict is seen without scrolling`,
    m.verdictBottom > 0 && m.verdictBottom <= view.height,
    m.verdictBottom,
  );
  // On paper 8.5 points are read well.
  const least = view.media === "print" ? 11 : 12;
  check(`${what}: text is at least ${least} px`, m.smallestText >= least, m.smallestText);
  check(`${what}: text in the time line is at least 8 px`, m.smallestSvgText >= 8, m.smallestSvgText);
  for (const [name, pair] of Object.entries(m.colours))
    check(`${what}: contrast of ${name}`, contrast(...pair) >= CONTRAST_MIN, { ...pair, ratio: contrast(...pair) });
  const dark = contrast(m.background, "rgb(0, 0, 0)") < 2;
  check(
    `${what}: ${view.media === "print" ? "paper is white" : view.scheme}`,
    dark === (view.name === "dark"),
    m.background,
  );
  for (const lane of ["Steps", "Calls per second", "Audio quality, MOS", "Resolvers", "Port orders"])
    check(`${what}: lane ${lane}`, m.lanes.includes(lane), m.lanes);
}

const path = findChromium();
if (!path) {
  console.log(
    "0 passed, 0 failed: no Chromium on this machine (Debian: the package chromium; or CHROMIUM=PATH), the report was not looked at",
  );
  process.exit(3);
}
mkdirSync(out, { recursive: true });
const files = [["recorded", await recorded()]];
for (const name of ["rehearsal", "guide", "by-pool"]) {
  const file = resolve(root, "out", name, "report.html");
  if (existsSync(file)) files.push([name, file]);
}
const only = process.argv[2] ? [["given", resolve(process.argv[2])]] : files;
for (const [name, file] of only) {
  const chromium = await startChromium(path);
  try {
    await look(chromium, name, file);
  } catch (error) {
    check(name, false, error.message);
  } finally {
    await chromium.close();
  }
}
console.log(`${passed} passed, ${failed} failed; pictures in out/browser`);
process.exit(failed === 0 ? 0 : 1);
