import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/faults/**/*.sweep.ts"],
    setupFiles: ["test/support/discretion.ts"],
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
