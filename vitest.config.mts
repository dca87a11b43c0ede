import { configDefaults, defineConfig } from "vitest/config";

/**
 * Whole rehearsals: real calls in real time. They wait more than they work, so two go beside each other; the tests of the rooms beside them
 * too would take the processor from SIP's timers.
 */
const WALKS = ["test/walks/*.test.ts"];
/** Minutes each: `npm run test:walks`. */
const LONG_WALKS = ["test/**/*.walk.test.ts"];

const common = { testTimeout: 30_000, hookTimeout: 30_000, pool: "forks" as const };
const later = { ...common, sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    globalSetup: ["test/own-tmp.ts", "test/worker-ends.ts"],
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: "rooms",
          include: ["{model,infra,policies,probes,providers,sandbox,engine,rehearsal,daily,cli,test}/**/*.test.ts"],
          exclude: [...configDefaults.exclude, "**/dist/**", ...WALKS, ...LONG_WALKS],
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...later, name: "walks", include: WALKS } },
      {
        test: {
          ...common,
          name: "long-walks",
          include: LONG_WALKS,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
