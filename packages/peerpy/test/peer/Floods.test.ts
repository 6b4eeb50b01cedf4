/** A peer whose places are taken by idle connections of a few addresses: others get in. */
import { assert, describe } from "@effect/vitest"
import { PeerPyConfig } from "@peerage/peerpy"
import { Effect } from "effect"
import { Raw } from "../exchange/Raw.ts"
import {
  addressOf,
  connect,
  count,
  elapse,
  helloOf,
  reasonsOf,
  running,
  settle,
  stranger,
  test,
  visit
} from "./Network.ts"
import { refusal } from "./World.ts"

const numbers = (length: number) => Array.from({ length }, (_, number) => number)
const json = { type: "json" } as const

describe("a peer with as many connections as it may have", () => {
  const config = { maxConnections: 20 }

  /** Connects from a machine, and is idle from then on. */
  const idle = Effect.fnUntraced(function*(machine: number) {
    const raw = yield* stranger(machine, 2)
    raw.say(helloOf(machine))
    yield* settle
    return raw
  })

  test("lets others in: the longest idle connection of the address with the most makes way", function*() {
    const bob = yield* visit(2, { config })
    const taken = yield* Effect.forEach(numbers(20), () => idle(66))
    assert.strictEqual(yield* count(bob), 20)
    const honest = yield* Effect.forEach(numbers(10), (number) => visit(number + 10))
    const connections = yield* Effect.forEach(honest, (one) => connect(one, 2, json))
    yield* settle
    assert.deepStrictEqual(reasonsOf(bob), numbers(10).map(() => "TooMany"))
    assert.strictEqual(yield* count(bob), 20)
    assert.deepStrictEqual(taken.map(({ heard }) => heard[0]), taken.map(() => "ACCEPT"))
    const closing = yield* Effect.forEach(connections, ({ closed }) => Effect.forkChild(closed))
    // Those who lost their places come again, and find none.
    assert.deepStrictEqual((yield* idle(66)).heard, ["DENY"])
    assert.isTrue(closing.every(running))
  })

  test("leaves every address its last connection, and what it has opened itself", function*() {
    const bob = yield* visit(2, { config: { maxConnections: 3 } })
    yield* visit(3)
    yield* connect(bob, 3, json)
    yield* idle(66)
    yield* idle(67)
    assert.strictEqual(yield* refusal(connect(yield* visit(5), 2, json)), "Denied")
  })

  test("has a bound for each address and for each network, by default below that of all", function*() {
    const { maxConnections, maxConnectionsPerAddress, maxConnectionsPerNetwork } = PeerPyConfig.defaults
    assert.isTrue(maxConnectionsPerAddress < maxConnectionsPerNetwork && maxConnectionsPerNetwork < maxConnections)
    yield* visit(2, { config: { maxConnectionsPerAddress: 2, maxConnectionsPerNetwork: 3 } })
    const answers = yield* Effect.forEach([66, 66, 66, 67, 68], idle)
    assert.deepStrictEqual(answers.map(({ heard }) => heard[0]), ["ACCEPT", "ACCEPT", "DENY", "ACCEPT", "ACCEPT"])
    yield* elapse("1 second")
    assert.deepStrictEqual(answers.map(({ end }) => end), ["ECONNRESET", "Open", "Fin", "Open", "Open"])
  })
})

describe("a peer with silent strangers at its door", () => {
  test("lets others in", function*() {
    const bob = yield* visit(2)
    const silent = yield* Effect.forEach(numbers(64), (number) => Raw.dial(`10.9.${number % 8}.1`, addressOf(2)))
    assert.isTrue(silent.every(({ end }) => end === "Open"))
    yield* connect(yield* visit(3), 2, json)
    assert.strictEqual(yield* count(bob), 1)
  })
})
