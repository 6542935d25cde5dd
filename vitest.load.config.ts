import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/load/**/*.load.ts"],
    setupFiles: ["test/support/discretion.ts"],
    testTimeout: 900_000,
    hookTimeout: 60_000,
  },
});
