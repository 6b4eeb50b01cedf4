/** The same seed gives the same trace with all ciphertext, through loss, jitter, splits and a partition. */
import { assert, describe, it } from "@effect/vitest"
import { NodeCrypto } from "@peerage/secure/node"
import { Property } from "@peerage/testing"
import { MemoryNetwork, Trace } from "@peerage/transport"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { createHash } from "node:crypto"
import { ask, at, echo, elapse, secure } from "./Peers.ts"

/** Each with the suite that it dials with. */
const addresses = [["10.0.0.1", "AESGCM"], ["10.0.0.2", "ChaChaPoly"], ["10.0.0.3", "AESGCM"]] as const
const question = "over and over ".repeat(100)

/** Three peers ask each other all the time, and the network does what it can. */
const scenario = Effect.fnUntraced(
  function*(seed: string) {
    const network = yield* MemoryNetwork.make({
      seed,
      link: { latency: "20 millis", jitter: "15 millis", bandwidth: 200_000, loss: 0.05 },
      segmentation: "chaotic",
      traceEntries: 100_000,
      traceBytes: 70_000
    })
    let answered = 0
    for (const [address, preferred] of addresses) {
      const { transport } = yield* secure(network.transport(address), `${seed} ${address}`, {}, {
        ...NodeCrypto.primitives,
        preferred
      })
      yield* echo(yield* transport.listen(at(`${address}:80`)))
      const round = Effect.forEach(
        addresses.filter(([other]) => other !== address),
        ([other]) =>
          Effect.map(ask(transport, `${other}:80`, question), (answer) => {
            if (answer === question) {
              answered++
            }
          })
      )
      yield* Effect.forkScoped(Effect.forever(Effect.andThen(round, Effect.sleep("100 millis"))))
    }
    yield* elapse("3 seconds")
    yield* network.partition("10.0.0.1", ["10.0.0.2", "10.0.0.3"])
    yield* elapse("3 seconds")
    yield* network.healAll
    yield* elapse("6 seconds")
    const trace = yield* network.trace
    const hash = createHash("sha256").update(Trace.format(trace))
    for (const { bytes } of trace) hash.update(bytes)
    return { answered, digest: hash.digest("hex") }
  },
  Effect.scoped,
  Effect.provide(TestClock.layer())
)

describe("a simulated secure network", () => {
  it.effect("is the same byte for byte with the same seed, and another with another", () =>
    Effect.gen(function*() {
      const first = yield* scenario("a seed")
      assert.isAbove(first.answered, 50)
      for (const _ of Property.seeds(10)) assert.deepStrictEqual(yield* scenario("a seed"), first)
      assert.notStrictEqual((yield* scenario("another seed")).digest, first.digest)
    }))
})
