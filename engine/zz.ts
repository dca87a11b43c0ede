import { Bench } from "./testing";
(async () => {
  const b = new Bench({ onEvent: undefined });
  await b.set({ SCENARIO: "many", N: "4" }).engine.up();
  for (let i = 0; i < 4; i++) {
    await new Promise((r) => setTimeout(r, 3000));
    const e = b.engine as any; const marks: any[] = []; const t0 = performance.now();
    const orig = e.program.run.bind(e.program);
    const m = (s: string) => marks.push([s, Math.round(performance.now() - t0)]);
    e.program.run = (...a: any[]) => { m("run"); const r = orig(...a); r.ended.then(() => m("exited")); const c = e.current; const sig = c.signal; c.signal = () => { m("signal"); return sig(); }; const tr = c.deployment.track.bind(c.deployment); let n = 0; c.deployment.track = (w: any) => { m("call" + n++); return tr(w); }; return r; };
    const cpu = process.cpuUsage();
    await e.preview(); m("end"); const c2 = process.cpuUsage(cpu);
    e.program.run = orig;
    console.log(JSON.stringify(marks), "cpu ms", (c2.user + c2.system) / 1000);
  }
  await b.close();
})();
