/** A hundred thousand frames inside valid sessions, as they should be and not: nothing dies, nothing hangs, nothing grows. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { MemoryNetwork, SocketFailure } from "@peerage/transport"
import { Effect, Exit, Fiber, Scope } from "effect"
import * as Frame from "../src/session/Frame.ts"
import { ask, at, echo, elapse, secure, seeded, settle } from "../test/Peers.ts"
import * as Speaker from "../test/Speaker.ts"
import { type Dice, dice, hostile, inUse } from "./Hostile.ts"

const { types } = Frame
const frames = 100_000
const mebibyte = 2 ** 20

/** What a peer that keeps to the protocol would say next in a session of its own. */
const valid = (roll: Dice, opened: { last: number; open: Set<number> }): Uint8Array => {
  const one = [...opened.open][roll(opened.open.size)] ?? 0
  const choice = one === 0 ? 0 : roll(9)
  if (choice === 0) {
    opened.open.add(++opened.last)
    return Speaker.frame(types.open, opened.last, 1 + roll(65_535))
  }
  if (choice === 1) return Speaker.frame(types.window, one, roll(1000))
  if (choice === 2) return Speaker.frame([types.ping, types.pong][roll(2)] ?? types.ping, 0)
  if (choice === 3) return Speaker.frame(types.stop, one)
  if (choice === 4 || choice === 5) {
    opened.open.delete(one)
    return Speaker.frame(choice === 4 ? types.fin : types.reset, one)
  }
  return Speaker.data(one, new Uint8Array(roll(64)))
}

/** Says frames in one session until it ends, 2000 at most. Gives how many, and how the connection ended. */
const session = Effect.fnUntraced(function*(speaker: Effect.Success<ReturnType<typeof Speaker.speak>>, roll: Dice) {
  const opened = { last: 0, open: new Set<number>() }
  let over = false
  yield* Effect.forkScoped(
    Effect.ignore(Effect.ensuring(Effect.forever(speaker.listen), Effect.sync(() => over = true))),
    { startImmediately: true }
  )
  let said = 0
  for (; said < 2000 && !over; said++) {
    const frame = valid(roll, opened)
    yield* Effect.ignore(speaker.say(roll(400) === 0 ? hostile(roll, frame) : frame))
    if (roll(20) === 0) yield* settle
  }
  yield* settle
  if (!over) return { said, lost: "open" }
  const lost = yield* Effect.flip(Effect.forever(speaker.reader.pull))
  return { said, lost: SocketFailure.isFin(lost) ? "FIN" : SocketFailure.errno(lost) ?? "" }
})

describe("a listener", () => {
  it.effect.each(Property.seeds(1).slice(0, 1))(
    "outlives a hundred thousand frames of an admitted peer: seed %s",
    (seed) =>
      Effect.gen(function*() {
        const roll = dice(seed)
        const network = yield* MemoryNetwork.make({ seed, traceEntries: 0 })
        const keys = [seeded("member").identity.key]
        const host = yield* secure(network.transport("10.0.0.1"), "host", { keys })
        yield* echo(yield* host.transport.listen(at("10.0.0.1:80")))
        const honest = yield* secure(network.transport("10.0.0.3"), "honest")
        const ends = new Set<string>()
        const before = inUse()
        let most = 0
        let said = 0
        while (said < frames) {
          const scope = yield* Scope.make()
          const speaking = Speaker.speak(network.transport("10.0.0.2"), "10.0.0.1:80", "member").pipe(
            Scope.provide(scope)
          )
          const fiber = yield* Effect.forkChild(speaking, { startImmediately: true })
          yield* elapse("100 millis")
          const told = yield* Scope.provide(session(yield* Fiber.join(fiber), roll), scope)
          said += told.said
          yield* Scope.close(scope, Exit.void)
          yield* elapse("10 seconds")
          const [admitted, ended, ...others] = host.seen.splice(0)
          assert.deepStrictEqual([admitted, others], ["Admitted Key", []])
          ends.add(`${told.lost} ${ended}`)
          if (roll(20) === 0) most = Math.max(most, inUse() - before)
        }
        assert.isAtMost(most, 32 * mebibyte)
        const expected = ["ECONNRESET Ended ProtocolViolation", "FIN Ended Closed", "open Ended Truncated"]
        for (const end of ends) assert.include(expected, end)
        const asking = yield* Effect.forkChild(ask(honest.transport, "10.0.0.1:80"), { startImmediately: true })
        yield* elapse("1 second")
        assert.strictEqual(yield* Fiber.join(asking), "attack at dawn")
        assert.strictEqual(yield* network.buffered, 0)
      })
  )
})
