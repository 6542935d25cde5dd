import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/kill/**/*.sweep.ts"],
    setupFiles: ["test/support/discretion.ts"],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    maxConcurrency: 2,
  },
});
