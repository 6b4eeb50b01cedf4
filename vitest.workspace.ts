/**
 * All tests, by kind. `vitest run` is `npm test`; `--mode soak`, `--mode e2e` and `--mode interop` run the others, as the
 * npm scripts of these names do.
 */
import { globSync, readFileSync } from "node:fs"
import { defineConfig, type ViteUserConfig } from "vitest/config"
import { plugin } from "./packages/testing/secured/Plugin.ts"

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

/** Tests of the protocols that use no host, or hosts with keys of their own. */
const withoutHosts = [
  "packages/p2p-chat/test/peer/{collections,router,routing,store}/**",
  "packages/p2p-chat/test/peer/{Identity,Publisher,Router}.test.ts",
  "packages/pyile/test/peer/{Keys,Secured}*.test.ts",
  "packages/pyile/test/peer/host/{Keys,BanFile,BanFileOnDisk,BanStore,PasswordCheck,PeerLists,AdmissionState}.test.ts",
  "packages/pyrate/test/exchange/Sample.test.ts",
  "packages/pyrate/test/peer/{CommandPool,OldestFirst}.test.ts",
  "packages/pyrate/test/peer/bootstrap/Registry.test.ts",
  "packages/pyrate/test/peer/searching/{Rate,SearchState,SeenSearches}.test.ts"
]

const kinds: { readonly [mode: string]: () => ViteUserConfig["test"] } = {
  test: () => ({ include: ["packages/*/{test,examples}/**/*.test.ts"], exclude: ["packages/interop/**"] }),
  soak,
  // The protocols' own tests again, with every host secured. Those without a host are left out, and those with keys of
  // their own.
  secured: () => ({
    include: ["packages/{pyile,p2p-chat,peerpy,pyrate}/test/{peer,exchange,loopback,manners}/**/*.test.ts"],
    exclude: withoutHosts,
    setupFiles: ["packages/testing/src/setup.ts", "packages/testing/secured/setup.ts"]
  }),
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
  plugins: mode === "secured" ? [plugin] : [],
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
