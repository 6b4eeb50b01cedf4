/**
 * All tests, by kind. `vitest run` is `npm test`; `--mode soak`, `--mode e2e` and `--mode interop` run the others, as the
 * npm scripts of these names do.
 */
import { globSync, readFileSync } from "node:fs"
import { defineConfig, type ViteUserConfig } from "vitest/config"

/** Where a JSON report of each run is written as well, for whoever counts the tests. */
const reports = process.env["TEST_REPORTS"]

/** Test files that try values at random. */
const isRandom = (path: string): boolean => /\.prop\(|Property\.seeds\(/.test(readFileSync(path, "utf8"))

/** The random tests again, with another seed and more tries, beside those that take long. */
const soak = (): ViteUserConfig["test"] => {
  const seed = process.env["PEERAGE_SEED"] ?? `${crypto.getRandomValues(new Uint32Array(1))[0]}`
  console.log(`PEERAGE_SEED=${seed} npm run soak  tries these values again`)
  return {
    include: ["packages/*/soak/**/*.test.ts", ...globSync("packages/*/test/**/*.test.ts").filter(isRandom)],
    env: { PEERAGE_SEED: seed, PEERAGE_RUNS: process.env["PEERAGE_RUNS"] ?? "10" }
  }
}

const kinds: { readonly [mode: string]: () => ViteUserConfig["test"] } = {
  test: () => ({ include: ["packages/*/{test,examples}/**/*.test.ts"], exclude: ["packages/interop/**"] }),
  soak,
  // Processes and terminals: one file at a time, with nothing beside it.
  e2e: () => ({ include: ["packages/*/e2e/**/*.test.ts"], fileParallelism: false }),
  interop: () => ({
    include: ["packages/interop/test/**/*.test.ts"],
    globalSetup: "packages/interop/test/Setup.ts",
    // Most of the time is spent waiting for originals; a host of theirs keeps a core busy, so not too many at once.
    fileParallelism: false,
    sequence: { concurrent: true },
    maxConcurrency: 4
  })
}

export default defineConfig(({ mode }) => ({
  resolve: { conditions: ["@peerage/source"] },
  ssr: { resolve: { conditions: ["@peerage/source"] } },
  test: {
    // No test changes what another sees: a worker imports Effect once.
    isolate: false,
    setupFiles: ["packages/testing/src/setup.ts"],
    maxWorkers: "100%",
    // No test is judged by the clock of a busy machine: this is for one that hangs.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: reports === undefined ? ["default"] : ["default", ["json", { outputFile: `${reports}/${mode}.json` }]],
    ...kinds[mode]?.()
  }
}))
