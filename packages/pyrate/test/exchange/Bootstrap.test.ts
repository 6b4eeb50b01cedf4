import { assert, describe, it } from "@effect/vitest"
import { PyrateConfig } from "@peerage/pyrate"
import { MemoryNetwork, PeerAddress } from "@peerage/transport"
import { Effect } from "effect"
import * as PeerList from "../../src/exchange/PeerList.ts"
import * as Registration from "../../src/exchange/Registration.ts"
import { elapse, holderAt, inet, outcome, requesterIp, script, settle, simulated } from "./Scene.ts"

const bootstrap = Effect.gen(function*() {
  const transport = (yield* MemoryNetwork.MemoryNetwork).transport(requesterIp)
  return { transport, address: inet(holderAt), config: PyrateConfig.make({ maxListBytes: 100 }) }
})

const verbs = [
  { says: "0:5005", verb: Registration.register },
  { says: "3:5005", verb: Registration.keepAlive },
  { says: "2:5005", verb: Registration.unregister }
]

describe("a peer that tells a bootstrap of itself", () => {
  it.effect.each(verbs)(
    "says $says in one write, and waits for the bootstrap to hang up",
    ({ says, verb }) =>
      Effect.gen(function*() {
        const node = yield* script()
        const telling = yield* Effect.forkScoped(verb(yield* bootstrap, 5005))
        const asked = yield* node.asked
        assert.strictEqual(asked.heard, says)
        const data = (yield* (yield* MemoryNetwork.MemoryNetwork).trace).filter(({ kind }) => kind === "DATA")
        assert.strictEqual(data.length, 1)
        assert.strictEqual(asked.end, "Open")
        assert.strictEqual(yield* outcome(telling), "Running")
        asked.pipe.close()
        assert.strictEqual(yield* outcome(telling), undefined)
      }).pipe(simulated)
  )

  it.effect("hangs up itself after 10 seconds on a bootstrap that does not, and was heard for all it knows", () =>
    Effect.gen(function*() {
      const node = yield* script()
      const telling = yield* Effect.forkScoped(Registration.register(yield* bootstrap, 5005))
      const asked = yield* node.asked
      yield* elapse("9999 millis")
      assert.strictEqual(asked.end, "Open")
      yield* elapse("1 milli")
      assert.strictEqual(asked.end, "Fin")
      assert.strictEqual(yield* outcome(telling), undefined)
    }).pipe(simulated))

  it.effect.each(verbs)("says Unreachable where nobody listens to $says", ({ verb }) =>
    Effect.gen(function*() {
      const telling = yield* Effect.forkScoped(verb(yield* bootstrap, 5005))
      yield* elapse("4 seconds")
      assert.strictEqual(yield* outcome(telling), "Unreachable")
    }).pipe(simulated))
})

/** A bootstrap that was asked for 3 peers, and the asking. */
const asking = Effect.gen(function*() {
  const node = yield* script()
  const list = yield* Effect.forkScoped(PeerList.initiate(yield* bootstrap, 3))
  return { list, asked: yield* node.asked }
})

describe("a peer that asks a bootstrap who is there", () => {
  it.effect("says so in one write, and reads up to the end", () =>
    Effect.gen(function*() {
      const { asked, list } = yield* asking
      assert.strictEqual(asked.heard, "1:3")
      asked.say("10.0.0.2,5005\n10.0.", "0.3,5006\n")
      assert.strictEqual(yield* outcome(list), "Running")
      asked.pipe.close()
      assert.deepStrictEqual(yield* outcome(list), [
        PeerAddress.at("10.0.0.2", 5005),
        PeerAddress.at("10.0.0.3", 5006)
      ])
    }).pipe(simulated))

  it.effect("takes nothing and the end for nobody", () =>
    Effect.gen(function*() {
      const { asked, list } = yield* asking
      asked.pipe.close()
      assert.deepStrictEqual(yield* outcome(list), [])
    }).pipe(simulated))

  it.effect("leaves out an entry that was cut off", () =>
    Effect.gen(function*() {
      const { asked, list } = yield* asking
      asked.say("10.0.0.2,5005\n10.0.0.3,50")
      asked.pipe.close()
      assert.deepStrictEqual(yield* outcome(list), [PeerAddress.at("10.0.0.2", 5005)])
    }).pipe(simulated))

  it.effect("takes what came before a reset, as an original sends one behind its list", () =>
    Effect.gen(function*() {
      const { asked, list } = yield* asking
      asked.say("10.0.0.2,5005\n")
      yield* settle
      asked.pipe.reset()
      assert.deepStrictEqual(yield* outcome(list), [PeerAddress.at("10.0.0.2", 5005)])
    }).pipe(simulated))

  it.effect("does not take a reset alone for a list of nobody", () =>
    Effect.gen(function*() {
      const { asked, list } = yield* asking
      asked.pipe.reset()
      assert.strictEqual(yield* outcome(list), "PeerClosed")
    }).pipe(simulated))

  it.effect("stops reading an endless list", () =>
    Effect.gen(function*() {
      const { asked, list } = yield* asking
      asked.say("10.0.0.2,5005\n".repeat(8))
      assert.strictEqual(yield* outcome(list), "FrameTooLarge")
    }).pipe(simulated))

  it.effect("gives up after exactly 10 seconds on a bootstrap that does not hang up", () =>
    Effect.gen(function*() {
      const { asked, list } = yield* asking
      asked.say("10.0.0.2,5005\n")
      yield* elapse("9999 millis")
      assert.strictEqual(yield* outcome(list), "Running")
      yield* elapse("1 milli")
      assert.strictEqual(yield* outcome(list), "PeerUnresponsive")
    }).pipe(simulated))
})
