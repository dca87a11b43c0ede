import { type Frame, heading, portLane, resolverLane } from "./html-lanes";
import { esc, minute, stepName } from "./html-text";
import type { Bucket } from "./ledger";
import type { Report } from "./report";

const WIDTH = 1120;
const LEFT = 138;
const RIGHT = 16;
const CALLS_HEIGHT = 170;
const MOS_HEIGHT = 76;
/** E-model scale shown: below 2.5 hardly anybody can work with a line, 4.5 is the best a narrow-band call reaches. */
const MOS_SHOWN = { min: 2.5, max: 4.5 };
/** Points of a MOS line over the whole width; single seconds would only show chance. */
const MOS_POINTS = 90;
/** Least distance of two dates, user units: their own width. */
const DATE_GAP = 74;

const n1 = (n: number): string => n.toFixed(1);

/** Calls, steps, audio quality, resolvers and port orders over each other on one axis: wall seconds, which are the calls' own time. */
export function chart(report: Report): string {
  const end = Math.max(1, report.wallSeconds);
  const frame: Frame = {
    left: LEFT,
    right: RIGHT,
    width: WIDTH,
    end,
    x: (s) => LEFT + (Math.min(Math.max(s, 0), end) / end) * (WIDTH - LEFT - RIGHT),
  };
  const parts: string[] = [];
  let y = 14;
  const add = (name: string, lane: { svg: string; height: number }, gap = 20) => {
    if (lane.svg === "") return;
    parts.push(heading(frame, y, name), lane.svg);
    y += lane.height + gap;
  };
  add("Steps", steps(report, frame, y + 12), 10);
  const callsTop = y + 14;
  add("Calls per second", calls(report, frame, callsTop, CALLS_HEIGHT), 32);
  add("Audio quality, MOS", mos(report, frame, y + 14), 34);
  add("Resolvers", resolverLane(report, frame, y + 12), 26);
  add("Port orders", portLane(report, frame, y + 12), 26);
  parts.push(axis(frame, y - 6));
  const bottom = y - 20;
  const bands = phaseBands(report, frame, 24, bottom);
  const marks = eventMarks(report, frame, callsTop, bottom);
  return `<svg viewBox="0 0 ${WIDTH} ${y + 12}" role="img" aria-label="Steps, calls by path, audio quality, resolvers and port orders on one time line">${bands}${parts.join("")}${marks}</svg>`;
}

const stepEnd = (report: Report, i: number, frame: Frame): number => report.phases[i + 1]?.wallStart ?? frame.end;

function phaseBands(report: Report, frame: Frame, top: number, bottom: number): string {
  return report.phases
    .map((p, i) => {
      const from = frame.x(p.wallStart);
      const width = Math.max(0, frame.x(stepEnd(report, i, frame)) - from);
      return `<rect x="${n1(from)}" y="${top}" width="${n1(width)}" height="${bottom - top}" class="${i % 2 ? "fb" : "fa"}"><title>${esc(`${i + 1}. ${stepName(p)}`)}</title></rect>`;
    })
    .join("");
}

/** Numbers of the steps, names where they fit, the world's date, and a bar for the time each up took. */
function steps(report: Report, frame: Frame, top: number): { svg: string; height: number } {
  let free = { name: 0, date: 0 };
  const svg = report.phases.map((p, i) => {
    const x = frame.x(p.wallStart);
    const room = frame.x(stepEnd(report, i, frame)) - x;
    const name = `${i + 1}${p.direction === "back" ? " back" : p.phase === "cutover" ? "" : ` ${stepName(p)}`}`;
    const fits = name.length * 6 + 3 <= room ? name : String(i + 1);
    const label =
      x < free.name
        ? ""
        : `<text x="${n1(x + 3)}" y="${top + 8}" class="name">${esc(fits)}<title>${esc(stepName(p))}</title></text>`;
    if (label) free = { ...free, name: x + 3 + fits.length * 6 };
    const day =
      x < free.date || x + DATE_GAP > frame.width
        ? ""
        : `<text x="${n1(x + 3)}" y="${top + 22}">${esc(minute(p.at).slice(5, 10))}</text>`;
    if (day) free = { ...free, date: x + 46 };
    const upFrom = frame.x(p.wallEnd - p.up.seconds);
    const upWidth = Math.max(2, frame.x(p.wallEnd) - upFrom);
    const up = `<rect x="${n1(upFrom)}" y="${top + 28}" width="${n1(upWidth)}" height="5" class="up"><title>${esc(`up of ${stepName(p)}: ${p.up.seconds} s`)}</title></rect>`;
    return label + day + up;
  });
  return { svg: svg.join(""), height: 44 };
}

type Layer = { className: string; from: (b: Bucket) => number; to: (b: Bucket) => number };
const LAYERS: readonly Layer[] = [
  { className: "gcv", from: () => 0, to: (b) => b.gcv },
  { className: "byoc", from: (b) => b.gcv, to: (b) => b.gcv + b.byoc },
  { className: "failover", from: (b) => b.gcv + b.byoc, to: (b) => b.gcv + b.byoc + b.failover },
  { className: "lost", from: (b) => b.gcv + b.byoc + b.failover, to: (b) => b.gcv + b.byoc + b.failover + b.lost },
];

function calls(report: Report, frame: Frame, top: number, height: number): { svg: string; height: number } {
  const peak = Math.max(1, ...report.series.map((b) => b.gcv + b.byoc + b.failover + b.lost));
  const y = (n: number) => top + height - (n / peak) * height;
  const second = frame.x(1) - frame.x(0) + 0.3;
  const layers = LAYERS.map(({ className, from, to }) => {
    const d = report.series
      .filter((b) => to(b) > from(b))
      .map((b) => {
        // A single lost call must be seen: never thinner than two units.
        const tall = Math.max(className === "lost" ? 2 : 0, y(from(b)) - y(to(b)));
        return `M${n1(frame.x(b.second))} ${n1(y(from(b)))}v${n1(-tall)}h${n1(second)}v${n1(tall)}z`;
      });
    return d.length ? `<path class="${className}" d="${d.join("")}"/>` : "";
  });
  const scale = [0, 0.5, 1].map((f) => gridLine(frame, y(peak * f), String(Math.round(peak * f))));
  return { svg: scale.join("") + layers.join(""), height: height + 14 };
}

const gridLine = (frame: Frame, y: number, text: string): string =>
  `<line x1="${frame.left}" x2="${frame.width - frame.right}" y1="${n1(y)}" y2="${n1(y)}" class="grid"/><text x="${frame.left - 6}" y="${n1(y + 4)}" text-anchor="end">${esc(text)}</text>`;

/** Mean MOS of each path, in equal pieces of the time line, and the canary's limit. */
function mos(report: Report, frame: Frame, top: number): { svg: string; height: number } {
  const samples = report.timeline?.quality ?? [];
  if (samples.length === 0) return { svg: "", height: 0 };
  const { min, max } = MOS_SHOWN;
  const y = (value: number) =>
    top + MOS_HEIGHT - ((Math.min(Math.max(value, min), max) - min) / (max - min)) * MOS_HEIGHT;
  const line = (path: "gcv" | "byoc") => {
    const piece = frame.end / MOS_POINTS;
    const sums = Array.from({ length: MOS_POINTS + 1 }, () => ({ calls: 0, sum: 0 }));
    for (const q of samples) {
      const at = sums[Math.min(MOS_POINTS, Math.max(0, Math.floor(q.second / piece)))]!;
      if (q.path !== path) continue;
      at.calls += q.calls;
      at.sum += q.meanMos * q.calls;
    }
    // Pieces without calls break the line: nothing was measured there.
    let pen = "M";
    return sums
      .map(({ calls: n, sum }, i) => {
        if (n === 0) {
          pen = "M";
          return "";
        }
        const point = `${pen}${n1(frame.x((i + 0.5) * piece))} ${n1(y(sum / n))}${pen === "M" ? "h1" : ""}`;
        pen = "L";
        return point;
      })
      .join("");
  };
  const scale = [3, 4].map((v) => gridLine(frame, y(v), String(v)));
  const limit = report.estate
    ? `<line x1="${frame.left}" x2="${frame.width - frame.right}" y1="${n1(y(report.estate.minMos))}" y2="${n1(y(report.estate.minMos))}" class="limit"><title>${esc(`a canary below ${report.estate.minMos} stops the migration`)}</title></line>`
    : "";
  return {
    svg: `${scale.join("")}${limit}<path d="${line("gcv")}" class="lgcv"/><path d="${line("byoc")}" class="lbyoc"/>`,
    height: MOS_HEIGHT,
  };
}

function eventMarks(report: Report, frame: Frame, top: number, bottom: number): string {
  return report.events
    .map((e) => {
      const x = n1(frame.x(e.wall));
      return `<line x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" class="mark"><title>${esc(`${minute(e.at)} ${e.kind}: ${e.detail}`)}</title></line>`;
    })
    .join("");
}

function axis(frame: Frame, y: number): string {
  return Array.from({ length: 9 }, (_, i) => (frame.end * i) / 8)
    .map(
      (s, i) =>
        `<text x="${n1(frame.x(s))}" y="${y + 6}" text-anchor="${i === 8 ? "end" : "middle"}">${Math.round(s)} s</text>`,
    )
    .join("");
}
