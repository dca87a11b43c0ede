import { readdirSync, readFileSync } from "node:fs";

let peakKb = 0;

/** Resident memory with shared pages counted once over their sharers (Pss), kB; plain RSS where the kernel does not tell. */
function memoryKb(pid: string, status: string): number {
  try {
    const pss = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
    if (pss) return Number(pss);
  } catch {
    // Not readable for this process.
  }
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
}

/** Resident memory of this process and all it started, kB; 0 where /proc is not there. */
function residentKb(): number {
  const parents = new Map<number, { parent: number; status: string }>();
  try {
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const status = readFileSync(`/proc/${name}/status`, "utf8");
        const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0);
        parents.set(Number(name), { parent, status });
      } catch {
        // Ended between the listing and the reading.
      }
    }
  } catch {
    return 0;
  }
  const ours = new Set([process.pid]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [pid, { parent }] of parents) {
      if (ours.has(parent) && !ours.has(pid)) {
        ours.add(pid);
        grew = true;
      }
    }
  }
  return [...ours].reduce((sum, pid) => sum + memoryKb(String(pid), parents.get(pid)?.status ?? ""), 0);
}

/** Samples memory every two seconds until the returned function is called. */
export function watchMemory(): () => void {
  const timer = setInterval(() => {
    peakKb = Math.max(peakKb, residentKb());
  }, 2000);
  timer.unref();
  return () => clearInterval(timer);
}

/** Highest sum of resident memory of all processes seen, MB; 0 where it cannot be measured. */
export const peakMemoryMb = (): number => Math.round(peakKb / 1024);
