/** Dialers of a hostile listener, which says something else at every step: nothing dies, nothing hangs, nothing grows. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Bytes, Effect, SubscriptionRef } from "effect"
import * as Frame from "../src/session/Frame.ts"
import * as Listener from "../test/Listener.ts"
import { asked, at, echo, elapse, secure } from "../test/Peers.ts"
import * as Speaker from "../test/Speaker.ts"
import { type Dice, dice, hostile, inUse, mutated } from "./Hostile.ts"

const { types } = Frame
const connections = 3000
const mebibyte = 2 ** 20

/** Where a connection goes wrong. */
const places = ["handshake", "admission", "record", "session"] as const

/** What else a listener may say at any time of the first streams of a session. */
const more = (roll: Dice): Uint8Array =>
  [
    Speaker.frame(types.window, 1 + roll(2), roll(1000)),
    Speaker.frame(types.ping, 0),
    Speaker.frame(types.pong, 0),
    Speaker.frame(types.stop, 1),
    Speaker.frame(types.reset, 1)
  ][roll(5)] ?? new Uint8Array(0)

/** A connection that goes wrong in one place, or sooner or later in its session. */
const script = (roll: Dice): Listener.Script => {
  const place = places[roll(places.length)]
  const worst = roll(8)
  let step = 0
  const once = (bytes: Uint8Array) => step++ === worst ? mutated(roll, bytes) : bytes
  if (place === "handshake") return { write: (bytes) => step++ === 0 ? mutated(roll, bytes) : bytes }
  if (place === "record") return { write: once }
  if (place === "admission") return { admit: (frame) => roll(2) === 0 ? mutated(roll, frame) : frame }
  return {
    say: (frames) => {
      const said = Bytes.concat([frames, ...Array.from({ length: roll(20) }, () => more(roll))])
      return roll(3) === 0 ? hostile(roll, said) : said
    }
  }
}

/** What may come of a connection. */
const events = new RegExp(
  "^(Admitted (Passphrase|Key)|Refused (PlainPeer|OtherVersion|Tampered|Truncated|ProtocolViolation|HandshakeTimeout|"
    + "WrongPassphrase|NotMember|Banned|TooManyGuesses|Busy|OwnKey)|"
    + "Ended (Closed|Truncated|Tampered|ProtocolViolation|ECONNRESET))$"
)

describe("a dialer", () => {
  it.effect.each(Property.seeds(1).slice(0, 1))(
    "outlives thousands of connections to a listener that says something else at any step: seed %s",
    (seed) =>
      Effect.gen(function*() {
        const roll = dice(seed)
        let dialed = 0
        const network = yield* MemoryNetwork.make({ seed, traceEntries: 0 })
        const dialer = yield* secure(network.transport("10.0.0.2"), "dialer")
        yield* Listener.listen(network.transport("10.0.0.1"), "10.0.0.1:80", () => {
          dialed++
          return script(roll)
        })
        const honest = yield* secure(network.transport("10.0.0.3"), "honest")
        yield* echo(yield* honest.transport.listen(at("10.0.0.3:80")))
        const seen = { answers: new Set<string>(), events: new Set<string>() }
        const before = inUse()
        let most = 0
        while (dialed < connections) {
          seen.answers.add(yield* asked(dialer.transport, "10.0.0.1:80"))
          for (const event of dialer.seen.splice(0)) seen.events.add(event)
          // A session that nobody uses ends, and the next question dials again.
          if (roll(4) === 0) yield* elapse("2 minutes")
          if (roll(200) === 0) most = Math.max(most, inUse() - before)
        }
        assert.isAtMost(most, 32 * mebibyte)
        for (const event of seen.events) assert.match(event, events)
        // All of it came about.
        const reasons = ["PlainPeer", "Tampered", "ProtocolViolation", "Truncated", "WrongPassphrase"]
        assert.includeMembers([...seen.answers], ["attack at dawn", ...reasons])
        // It comes in by its key only where it came in by the passphrase before.
        assert.strictEqual([...seen.events].find((event) => event.startsWith("Admitted")), "Admitted Passphrase")
        assert.includeMembers([...seen.events], ["Ended Tampered", "Ended ProtocolViolation"])
        assert.strictEqual(yield* asked(dialer.transport, "10.0.0.3:80"), "attack at dawn")
        yield* elapse("5 minutes")
        assert.deepStrictEqual(yield* SubscriptionRef.get(dialer.sessions.open), [])
        assert.strictEqual(yield* network.buffered, 0)
      })
  )
})
