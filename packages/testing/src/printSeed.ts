/** Run before the tests of a soak: what fails says how to try it again. */
import { beforeEach } from "vitest"
import { seed } from "./Property.ts"

beforeEach(({ onTestFailed }) =>
  onTestFailed(({ task }) => {
    for (const error of task.result?.errors ?? []) {
      error.message = `PEERAGE_SEED=${seed} npm run soak  tries this again\n${error.message}`
    }
  })
)
