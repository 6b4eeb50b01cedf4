/** What is done for the next record before it is there: behind what is sent, where nobody waits for it. */
import { assert, it } from "@effect/vitest"
import { NodeCrypto } from "@peerage/secure/node"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import type { Aead } from "../../src/Crypto.ts"
import { ascii, at, echo, elapse, secure, seeded } from "../Peers.ts"

/** Primitives that keep a list of what is asked of their ciphers. */
const noted = (did: Array<string>) => {
  const noting = (make: (key: Uint8Array) => Aead) => (key: Uint8Array): Aead => {
    const { open, prepare, seal } = make(key)
    return {
      seal: (...given) => {
        did.push("seal")
        return seal(...given)
      },
      open: (...given) => {
        did.push("open")
        return open(...given)
      },
      prepare: (use, nonce) => {
        did.push(`prepare to ${use}`)
        prepare?.(use, nonce)
      }
    }
  }
  const { AESGCM, ChaChaPoly } = NodeCrypto.primitives.aead
  return { ...NodeCrypto.primitives, aead: { AESGCM: noting(AESGCM), ChaChaPoly: noting(ChaChaPoly) } }
}

const converse = Effect.fnUntraced(function*(turns: number) {
  const network = yield* MemoryNetwork.make({ seed: 1, link: { latency: "1 millis" } })
  const did: Array<string> = []
  const keys = [seeded("dialer").identity.key]
  const host = yield* secure(network.transport("10.0.0.1"), "host", { keys }, noted(did))
  yield* echo(yield* host.transport.listen(at("10.0.0.1:80")))
  const dialer = yield* secure(network.transport("10.0.0.2"), "dialer", { keys: [host.identity.key] })
  const talking = Effect.gen(function*() {
    const connection = dialer.transport.dial(at("10.0.0.1:80"))
    const { pull } = yield* connection.reader
    const { write } = yield* connection.writer
    for (let turn = 0; turn < turns; turn++) {
      yield* write(ascii("a word"))
      yield* pull
    }
  })
  yield* Effect.forkScoped(talking)
  yield* elapse("1 second")
  return did
})

it.effect("a session that says much prepares for both directions behind each answer, never in front of it", () =>
  Effect.gen(function*() {
    const did = yield* converse(100)
    const turn = ["open", "seal", "prepare to seal", "prepare to open"]
    assert.deepStrictEqual(did.slice(-4 * 20), Array.from({ length: 20 }, () => turn).flat())
  }))

it.effect("a session that says little prepares for nothing, and so holds nothing", () =>
  Effect.gen(function*() {
    const did = yield* converse(20)
    assert.includeMembers(did, ["open", "seal"])
    assert.deepStrictEqual(did.filter((what) => what.startsWith("prepare")), [])
  }))
