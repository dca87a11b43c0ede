import { Bench } from "./testing";
(async () => {
  for (const N of ["300", "1000"]) {
  const b = new Bench({ onEvent: undefined, env: { CUTOVER_TEST_LOG: "" } , packs: N === "300" ? [__dirname + "/testdata/pack"] : []});
  b.set({ SCENARIO: "many", N });
  for (let i = 0; i < 4; i++) {
    await new Promise((r) => setTimeout(r, i ? 2500 : 0));
    const c = process.cpuUsage(); const r = i === 0 || i == 3 ? await b.engine.up({}) : await b.engine.preview(); const c2 = process.cpuUsage(c);
    console.log(N, i, r.ok, r.changes.create, r.changes.same, "wall", r.seconds, "engine cpu ms", (c2.user + c2.system) / 1000, "rss MB", Math.round(process.memoryUsage().rss / 1e6));
  }
  await b.close();
  }
})();
