/** Guesses of the passphrase in great numbers: as many are judged as may be, and members come and go meanwhile. */
import { assert, describe, it } from "@effect/vitest"
import { Gate, type SecureTransport } from "@peerage/secure"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Redacted } from "effect"
import { ask, at, echo, elapse, secure } from "./Peers.ts"

/** A session for each question, which is left behind the answer. */
const comingAndGoing = { multiplex: false } as const

/** A host that counts the guesses it judges. */
const counting = Effect.fnUntraced(function*(options: Partial<SecureTransport.SecureOptions> = {}) {
  const network = yield* MemoryNetwork.make({ seed: 1, link: { latency: "5 millis" } })
  const gate = yield* Gate.make()
  const counted = { guesses: 0 }
  const host = yield* secure(network.transport("10.0.0.1"), "host", {
    ...options,
    gate: {
      ...gate,
      guessed: (candidate) => {
        counted.guesses++
        gate.guessed(candidate)
      }
    }
  })
  yield* echo(yield* host.transport.listen(at("10.0.0.1:80")))
  return { network, host, counted }
})

/** So many guesses at once from each of these addresses, each on a connection and with a key of its own. */
const guesses = Effect.fnUntraced(function*(
  { network }: Effect.Success<ReturnType<typeof counting>>,
  addresses: ReadonlyArray<string>,
  each: number
) {
  const asking: Array<Fiber.Fiber<string>> = []
  for (const address of addresses) {
    const guesser = yield* secure(network.transport(address), address, {
      passphrase: Redacted.make("wrong"),
      multiplex: false
    })
    for (let guess = 0; guess < each; guess++) {
      asking.push(yield* Effect.forkScoped(ask(guesser.transport, "10.0.0.1:80"), { startImmediately: true }))
    }
  }
  return asking
})

/** An honest newcomer comes in within a second, goes, and comes again as a member within another, by its key. */
const honest = Effect.fnUntraced(function*({ network }: Effect.Success<ReturnType<typeof counting>>) {
  const peer = yield* secure(network.transport("10.9.9.9"), "honest", comingAndGoing)
  for (let time = 0; time < 3; time++) {
    const asking = yield* Effect.forkChild(ask(peer.transport, "10.0.0.1:80"), { startImmediately: true })
    yield* elapse("1 second")
    assert.strictEqual(yield* Fiber.join(asking), "attack at dawn")
  }
})

describe("a thousand guesses at once", () => {
  it.effect("from one address: five are judged, and an honest newcomer is admitted within a second", () =>
    Effect.gen(function*() {
      const all = yield* counting()
      yield* guesses(all, ["10.0.0.2"], 1000)
      yield* honest(all)
      yield* elapse("20 seconds")
      assert.strictEqual(all.counted.guesses, 5)
    }))

  it.effect("from a hundred addresses: sixty a minute are judged, and members come and go within a second", () =>
    Effect.gen(function*() {
      const all = yield* counting()
      const member = yield* secure(all.network.transport("10.9.9.9"), "honest", comingAndGoing)
      const joining = yield* Effect.forkChild(ask(member.transport, "10.0.0.1:80"), { startImmediately: true })
      yield* elapse("1 second")
      assert.strictEqual(yield* Fiber.join(joining), "attack at dawn")
      const addresses = Array.from({ length: 100 }, (_, index) => `10.1.${index >> 4}.${1 + index % 16}`)
      yield* guesses(all, addresses, 10)
      for (let time = 0; time < 3; time++) {
        const asking = yield* Effect.forkChild(ask(member.transport, "10.0.0.1:80"), { startImmediately: true })
        yield* elapse("1 second")
        assert.strictEqual(yield* Fiber.join(asking), "attack at dawn")
      }
      yield* elapse("20 seconds")
      assert.strictEqual(all.counted.guesses, 60)
    }))
})
