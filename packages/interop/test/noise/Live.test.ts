/** Our handshake and records with Noise peers that others wrote, live, in both roles and with both layers of primitives. */
import { assert, it } from "@effect/vitest"
import { type Crypto, Handshake } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { PortableCrypto } from "@peerage/secure/portable"
import { Effect, Result } from "effect"
import { type Peer, peers, start } from "./Peers.ts"

const layers = { OpenSSL: NodeCrypto.primitives, "plain JavaScript": PortableCrypto.primitives }
const prologue = new TextEncoder().encode("PEERSEC1peerage")
const interval = 3
// The shortest and the longest record, and what lies around the blocks of the cipher; rekeys in between, both ways.
const lengths = [0, 1, 15, 16, 17, 63, 64, 65, 100, 1000, 16_384, 65_518, 65_519, 65_519, 0, 3]

const initiate = (crypto: Crypto.Primitives, peer: Peer) =>
  Effect.gen(function*() {
    const theirs = yield* start(peer, ["responder", Buffer.from(prologue).toString("hex"), `${interval}`])
    const options = { identity: crypto.keyPair(crypto.random(32)), prologue, rekeyInterval: interval }
    const initiator = Handshake.initiate(crypto, options)
    yield* theirs.say(initiator.first)
    const established = Result.getOrThrow(initiator.read(yield* theirs.next)).finish()
    yield* theirs.say(established.third)
    return { theirs, established }
  })

const respond = (crypto: Crypto.Primitives, peer: Peer) =>
  Effect.gen(function*() {
    const theirs = yield* start(peer, ["initiator", Buffer.from(prologue).toString("hex"), `${interval}`])
    const options = { identity: crypto.keyPair(crypto.random(32)), prologue, rekeyInterval: interval }
    const responder = Handshake.respond(crypto, options)
    const responded = Result.getOrThrow(responder.read(yield* theirs.next))
    yield* theirs.say(responded.second)
    const established = Result.getOrThrow(responded.read(yield* theirs.next))
    return { theirs, established }
  })

for (const peer of peers) {
  for (const [name, crypto] of Object.entries(layers)) {
    for (const [role, connect] of Object.entries({ initiator: initiate, responder: respond })) {
      const title = `our ${role} and ${peer.name}, with ${name}, have the same hash and open each other's records`
      if (peer.missing !== "") it(title, ({ skip }) => skip(peer.missing))
      else {
        it.live(title, () =>
          Effect.gen(function*() {
            const { established, theirs } = yield* connect(crypto, peer)
            assert.strictEqual(yield* theirs.hash, Buffer.from(established.hash).toString("hex"))
            for (const length of lengths) {
              const plain = crypto.random(length)
              yield* theirs.say(established.send.sealed(plain))
              const back = established.receive.open(yield* theirs.next)
              assert.isTrue(back !== undefined && Buffer.compare(back, plain) === 0, `${length} bytes`)
            }
            assert.strictEqual(established.receive.records, lengths.length)
          }))
      }
    }
  }
}
