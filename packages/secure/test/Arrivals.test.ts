/** Carriers that have no session yet: how fast they may come, how many there may be, and who loses a place. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, type Pipe } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { ask, at, echo, elapse, ended, secure, settle } from "./Peers.ts"

const listening = Effect.fnUntraced(function*() {
  const network = yield* MemoryNetwork.make({ seed: 1 })
  const host = yield* secure(network.transport("10.0.0.1"), "host")
  yield* echo(yield* host.transport.listen(at("10.0.0.1:80")))
  /** Connections that say nothing. */
  const silent = (address: string, count: number) =>
    Effect.gen(function*() {
      const pipes: Array<Pipe.Pipe> = []
      for (let connection = 0; connection < count; connection++) {
        const dialing = yield* Effect.forkChild(network.transport(address).connect(at("10.0.0.1:80")), {
          startImmediately: true
        })
        yield* settle
        pipes.push(yield* Fiber.join(dialing))
      }
      return pipes
    })
  const come = Effect.fnUntraced(function*(address: string) {
    const { transport } = yield* secure(network.transport(address), "newcomer")
    const asking = yield* Effect.forkChild(ask(transport, "10.0.0.1:80"), { startImmediately: true })
    yield* elapse("1 second")
    return asking.pollUnsafe()?._tag === "Success" ? yield* Fiber.join(asking) : "waits"
  })
  return { come, host, silent, newcomer: come("10.9.9.9") }
})

describe("carriers without a session", () => {
  it.effect("of one address are sixteen at once; more wait, and then their time is over", () =>
    Effect.gen(function*() {
      const { host, silent } = yield* listening()
      const pipes = yield* silent("10.0.0.2", 20)
      yield* elapse("5 seconds")
      assert.strictEqual(host.seen.length, 16)
      assert.strictEqual(pipes.filter((pipe) => ended(pipe) === "open").length, 4)
      yield* elapse("5 seconds")
      assert.strictEqual(host.seen.length, 20)
      assert.deepStrictEqual([...new Set(host.seen)], ["Refused HandshakeTimeout"])
    }))

  it.effect("do not keep a newcomer out, however many come from some addresses", () =>
    Effect.gen(function*() {
      const { host, newcomer, silent } = yield* listening()
      for (let address = 0; address < 16; address++) yield* silent(`10.1.0.${address + 1}`, 16)
      assert.strictEqual(yield* newcomer, "attack at dawn")
      // One that was silent for longest at an address with the most has lost its place to it.
      assert.deepStrictEqual(host.seen, ["Refused Busy", "Admitted Passphrase"])
    }))

  it.effect("do not keep out another of their own address, once they were silent for more than a second", () =>
    Effect.gen(function*() {
      const { come, host, silent } = yield* listening()
      yield* silent("10.0.0.2", 100)
      yield* elapse("1001 millis")
      assert.strictEqual(yield* come("10.0.0.2"), "attack at dawn")
      assert.deepStrictEqual(host.seen, ["Refused Busy", "Admitted Passphrase"])
    }))

  it.effect("make another of their own address wait that comes within that second, and let the next one in", () =>
    Effect.gen(function*() {
      const { come, silent } = yield* listening()
      yield* silent("10.0.0.2", 100)
      assert.strictEqual(yield* come("10.0.0.2"), "waits")
      yield* elapse("1 millis")
      assert.strictEqual(yield* come("10.0.0.2"), "attack at dawn")
    }))

  it.effect("begin at the pace that an address may have", () =>
    Effect.gen(function*() {
      const { host, silent } = yield* listening()
      const pipes = yield* silent("10.0.0.2", 30)
      for (const pipe of pipes) pipe.write([new Uint8Array(1)])
      yield* elapse("100 millis")
      const begun = host.seen.length
      assert.isAtLeast(begun, 20)
      assert.isAtMost(begun, 23)
      yield* elapse("500 millis")
      assert.strictEqual(host.seen.length, 30)
    }))
})
