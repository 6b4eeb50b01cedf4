import { defineConfig } from "vitest/config"

/** Where a JSON report of the run is written as well, for whoever counts the tests. */
const report = process.env["INTEROP_REPORT"]

export default defineConfig({
  resolve: { conditions: ["@peerage/source"] },
  ssr: { resolve: { conditions: ["@peerage/source"] } },
  test: {
    name: "interop",
    root: import.meta.dirname,
    include: ["test/**/*.test.ts"],
    globalSetup: "test/Setup.ts",
    // Most of the time is spent waiting for originals; a host of theirs keeps a core busy, so not too many at once.
    fileParallelism: false,
    sequence: { concurrent: true },
    maxConcurrency: 4,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]]
  }
})
