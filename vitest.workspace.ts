import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config"

/** Where a JSON report of the run is written as well, for whoever counts the tests. */
const report = process.env["TEST_REPORT"]

const project = (
  name: string,
  options: TestProjectInlineConfiguration["test"] = {}
): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name, root: `packages/${name}`, include: ["test/**/*.test.ts", "examples/**/*.test.ts"], ...options }
})

export default defineConfig({
  resolve: { conditions: ["@peerage/source"] },
  ssr: { resolve: { conditions: ["@peerage/source"] } },
  test: {
    projects: [
      project("transport"),
      project("wire"),
      project("pyile"),
      project("p2p-chat"),
      project("peerpy"),
      project("pyrate"),
      // Starts a few real processes.
      project("cli", {
        include: ["test/**/*.test.ts", "e2e/**/*.test.ts"],
        testTimeout: 300_000,
        hookTimeout: 300_000,
        isolate: false
      }),
      project("bench", { testTimeout: 60_000, fileParallelism: false })
    ],
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]]
  }
})
