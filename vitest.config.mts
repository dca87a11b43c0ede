import { configDefaults, defineConfig } from "vitest/config";

/** Whole rehearsals: real calls in real time. Other tests beside them would take the processor from SIP's timers. */
const WALKS = ["test/walks.test.ts", "test/**/*.walk.test.ts"];

const common = { testTimeout: 30_000, hookTimeout: 30_000, pool: "forks" as const };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: "rooms",
          include: ["{model,infra,policies,probes,providers,sandbox,engine,rehearsal,daily,cli,test}/**/*.test.ts"],
          exclude: [...configDefaults.exclude, "**/dist/**", ...WALKS],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: { ...common, name: "walks", include: WALKS, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
