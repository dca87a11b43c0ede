import { esc, minute } from "./html-text";
import type { Report } from "./report";

/** Drawing area shared by all lanes: user units of the SVG, and wall seconds to x. */
export interface Frame {
  left: number;
  right: number;
  width: number;
  /** Wall seconds at the right edge. */
  end: number;
  x(second: number): number;
}

/** One lane: its drawing, and the height it takes. */
export interface Lane {
  svg: string;
  height: number;
}

const ROW = { height: 18, bar: 12 };
/** Rows drawn; further ones are in the table below the chart. */
const ROWS_MAX = 40;
const LABEL_MAX = 20;

const short = (text: string): string => (text.length > LABEL_MAX ? `${text.slice(0, LABEL_MAX - 1)}…` : text);
const title = (text: string): string => `<title>${esc(text)}</title>`;

/** A lane's title with its line, SVG. */
export const heading = (frame: Frame, y: number, text: string): string =>
  `<text x="4" y="${y}" class="head">${esc(text)}</text><line x1="4" x2="${frame.width - frame.right}" y1="${y + 5}" y2="${y + 5}" class="grid"/>`;

interface Segment {
  from: number;
  to: number;
  className: string;
  text: string;
}

function rows(frame: Frame, top: number, lanes: { label: string; segments: Segment[] }[]): Lane {
  const shown = lanes.slice(0, ROWS_MAX);
  const svg = shown.map(({ label, segments }, i) => {
    const y = top + i * ROW.height;
    const bars = segments.map((s) => {
      const from = frame.x(s.from);
      const width = Math.max(2, frame.x(s.to) - from);
      return `<rect x="${from.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW.bar}" class="${s.className} edge">${title(`${label}: ${s.text}`)}</rect>`;
    });
    return `<text x="4" y="${y + ROW.bar - 2}" class="name">${esc(short(label))}${title(label)}</text>${bars.join("")}`;
  });
  const more = lanes.length - shown.length;
  const note = more > 0 ? `<text x="4" y="${top + shown.length * ROW.height + 10}">and ${more} more</text>` : "";
  return { svg: svg.join("") + note, height: shown.length * ROW.height + (more > 0 ? ROW.height : 0) };
}

/** What each resolver answered, from its first answer to the end: the old target, or the one that all have in the end. */
export function resolverLane(report: Report, frame: Frame, top: number): Lane {
  const answers = report.timeline?.answers ?? [];
  const names = new Set(answers.map((a) => a.name));
  const byRow = new Map<string, typeof answers>();
  for (const a of answers) {
    const key = `${a.resolver}|${a.name}`;
    byRow.set(key, [...(byRow.get(key) ?? []), a]);
  }
  const first = new Map<string, string | null>();
  for (const a of answers) if (!first.has(a.name)) first.set(a.name, a.target);
  const sorted = [...byRow].sort(([a], [b]) => a.localeCompare(b)).map(([, own]) => own);
  const lanes = sorted.map((own) => {
    const { resolver, name } = own[0]!;
    const segments = own.map((a, i) => ({
      from: a.second,
      to: own[i + 1]?.second ?? frame.end,
      className: a.target === null ? "trouble" : a.target === first.get(name) ? "gcv" : "byoc",
      text: `${a.name} is ${a.target ?? "nothing"}, TTL ${a.ttlSeconds} s, since ${minute(a.at)}`,
    }));
    return { label: names.size > 1 ? `${resolver} ${name}` : resolver, segments };
  });
  return rows(frame, top, lanes);
}

const PORT_CLASS: Record<string, string> = {
  submitted: "wait",
  "in-process": "wait",
  "foc-date-confirmed": "dated",
  exception: "trouble",
  cancelled: "gone",
  "cancel-pending": "gone",
  ported: "active",
};

/** Each port order's states; green from the moment its numbers are live, whatever its paper says. */
export function portLane(report: Report, frame: Frame, top: number): Lane {
  const states = report.timeline?.ports ?? [];
  const byName = [...states].sort((a, b) => a.order.localeCompare(b.order));
  const ids = [...new Set(byName.map((p) => p.id))];
  const lanes = ids.map((id) => {
    const own = states.filter((p) => p.id === id);
    const segments = own.map((p, i) => ({
      from: p.second,
      to: own[i + 1]?.second ?? frame.end,
      className: p.active > 0 ? "active" : (PORT_CLASS[p.status] ?? "wait"),
      text: `${p.status}, ${p.active} of ${p.numbers} numbers live, ${p.detail}, since ${minute(p.at)}`,
    }));
    return { label: own[0]!.order, segments };
  });
  return rows(frame, top, lanes);
}
