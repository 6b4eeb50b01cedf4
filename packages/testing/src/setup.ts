/** Run before the tests of each file: properties take this run's seed, and what fails in a soak says how to try it again. */
import { Arbitrary } from "effect"
import { beforeEach } from "vitest"
import { seed, tries } from "./Property.ts"

Arbitrary.configureGlobal({ check: { ...tries(25).arbitrary, seed } })

if (process.env["PEERAGE_SEED"] !== undefined) {
  beforeEach(({ onTestFailed }) =>
    onTestFailed(({ task }) => {
      for (const error of task.result?.errors ?? []) {
        error.message = `PEERAGE_SEED=${seed} npm run soak  tries this again\n${error.message}`
      }
    })
  )
}
