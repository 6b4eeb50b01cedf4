/** The commands of the workspace's README, as they stand there. */
import { assert } from "@effect/vitest"
import { processes, startByNpm } from "../test/Process.ts"
import { live } from "../test/Test.ts"

live("npm start hosts a network at the port of the protocol", function*() {
  const host = yield* startByNpm(["start"], { env: { PEERAGE_PASSWORD: "sesame" } })
  yield* host.prints(/Listening at 127\.0\.0\.1:4702|127\.0\.0\.1:4702 is in use by another program/)
  if (!/Listening/.test(host.stdout())) return assert.strictEqual(yield* host.ends, 1)
  yield* host.type("/exit")
  assert.strictEqual(yield* host.ends, 0)
})

live("npm run peerage joins with any arguments", function*() {
  const host = yield* processes.hosting()
  const member = yield* startByNpm(["peerage", "--", "pyile", "join", host.address, "--json", "--password", "secret"])
  yield* member.tells("Connected")
  yield* member.type("/exit")
  assert.strictEqual(yield* member.ends, 0)
})

live("npm run demo shows a network from its beginning to its end", function*() {
  const demo = yield* startByNpm(["demo"])
  yield* demo.prints(/The host goes home/)
  assert.strictEqual(yield* demo.ends, 0)
})
