import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{model,infra,policies,probes,providers,sandbox,engine,rehearsal,daily,cli,test}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
