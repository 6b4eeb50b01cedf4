/** Signs of life on a connection with an original. (docs/wire/peerpy.md, section 5.) */
import { assert, describe } from "@effect/vitest"
import { Duration, SubscriptionRef } from "effect"
import { connect, elapse, settle, test, valuesOf, visit } from "../peer/Network.ts"
import { header, sentBy } from "./Original.ts"
import { connected, connectedForBytes, visited } from "./Ours.ts"

describe("an idle connection to an original", () => {
  test("is probed every 2 seconds with the very bytes of an original", function*() {
    const { original } = yield* visited()
    yield* elapse(1999)
    assert.deepStrictEqual(original.segments, [])
    yield* elapse(1)
    assert.deepStrictEqual(original.segments, [header("PING")])
    yield* elapse(4000)
    const probes = (yield* sentBy(1)).slice(1).map(({ at }) => at)
    assert.deepStrictEqual(probes, [2000, 4000, 6000])
  })

  test("is probed where ours has connected as well", function*() {
    const { original } = yield* connectedForBytes()
    yield* elapse("2 seconds")
    assert.deepStrictEqual(original.segments, [header("PING")])
  })

  test("is probed after the silence of the original, however much it is sent", function*() {
    const { connection, original } = yield* connected({ type: "json" })
    yield* elapse(1500)
    yield* connection.send(1)
    yield* elapse(500)
    assert.deepStrictEqual(original.heard, ["DATA|data_size=11&data_type=json||{\"data\": 1}", "PING||"])
  })

  test("is not probed as long as something comes, be it a probe", function*() {
    const { original } = yield* visited()
    for (let round = 0; round < 6; round++) {
      yield* elapse("1900 millis")
      if (round % 2 === 0) original.say("PING")
      else original.say("DATA|data_size=1&data_type=bytes", "x")
      yield* settle
    }
    assert.deepStrictEqual(original.heard, [])
  })

  test("is probed as often as it is told", function*() {
    const { original } = yield* visited(undefined, { config: { timeout: Duration.millis(300) } })
    yield* elapse(900)
    assert.strictEqual(original.segments.length, 3)
  })
})

describe("an original's probes", () => {
  test("are not answered, and are nothing that is told of", function*() {
    const { original, ours } = yield* visited()
    for (let round = 0; round < 10; round++) {
      original.say("PING")
      yield* elapse("1 second")
    }
    assert.deepStrictEqual(original.heard, [])
    assert.deepStrictEqual(valuesOf(ours), [])
    assert.strictEqual((yield* SubscriptionRef.get(ours.connections)).length, 1)
  })
})

describe("an idle connection between two of ours", () => {
  test("is left to TCP's keep-alive, which a probe under way to a dead host would hold up", function*() {
    const alice = yield* visit(1)
    yield* visit(2)
    yield* connect(alice, 2, { type: "json" })
    yield* elapse("7 seconds")
    const probes = [...yield* sentBy(1), ...yield* sentBy(2)].filter(({ at, kind }) => at > 0 && kind === "DATA")
    assert.deepStrictEqual(probes, [])
  })
})
