/** The commands of the workspace's README, as they stand there. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { hosting, start } from "./Peerage.ts"

it.live("npm start hosts a network at the port of the protocol", () =>
  Effect.gen(function*() {
    const host = yield* start(["start"], { npm: true, env: { PEERAGE_PASSWORD: "sesame" } })
    yield* host.prints(/Listening at 127\.0\.0\.1:4702|127\.0\.0\.1:4702 is in use by another program/)
    if (!/Listening/.test(host.stdout())) return assert.strictEqual(yield* host.ends, 1)
    yield* host.type("/exit")
    assert.strictEqual(yield* host.ends, 0)
  }))

it.live("npm run peerage joins with any arguments", () =>
  Effect.gen(function*() {
    const host = yield* hosting()
    const member = yield* start(["peerage", "--", "pyile", "join", host.address, "--json", "--password", "secret"], {
      npm: true
    })
    yield* member.tells("Connected")
    yield* member.type("/exit")
    assert.strictEqual(yield* member.ends, 0)
  }))

it.live("npm run demo shows a network from its beginning to its end", () =>
  Effect.gen(function*() {
    const demo = yield* start(["demo"], { npm: true })
    yield* demo.prints(/The host goes home/)
    assert.strictEqual(yield* demo.ends, 0)
  }))
