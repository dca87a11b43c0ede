import type { PhaseReport } from "./report";

/** Text for HTML and its attributes: nothing of an estate becomes markup. */
export const esc = (text: unknown): string =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** `1,200`. */
export const count = (n: number): string => n.toLocaleString("en-US");

/** `1 call`, `1,200 calls`. */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** What a step is called: its phase, or inside `cutover` its waves. */
export const stepName = (p: Pick<PhaseReport, "phase" | "waves">): string =>
  p.phase === "cutover" && p.waves ? p.waves.replaceAll(",", ", ") : p.phase;

/** `2026-06-16 18:01` from ISO, UTC. */
export const minute = (iso: string): string => iso.replace("T", " ").slice(0, 16);

/** Simulated time: whole days and hours, or minutes below an hour. */
export function duration(seconds: number): string {
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  const hours = Math.round(seconds / 3600);
  const days = Math.floor(hours / 24);
  return days ? `${days} d ${hours % 24} h` : `${hours} h`;
}
