/** Our handshake and records with Noise peers that others wrote, live, in both roles and with both layers of primitives. */
import { assert, it } from "@effect/vitest"
import { Crypto, Handshake } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { PortableCrypto } from "@peerage/secure/portable"
import { Effect, Result } from "effect"
import { type Peer, peers, start } from "./Peers.ts"

const layers = { OpenSSL: NodeCrypto.primitives, "plain JavaScript": PortableCrypto.primitives }
const magics = { ChaChaPoly: "PEERSEC1", AESGCM: "PEERSEC2" } as const
const prologueOf = (suite: Crypto.Suite) => new TextEncoder().encode(`${magics[suite]}peerage`)
const interval = 3
// The shortest and the longest record, and what lies around the blocks of the cipher; rekeys in between, both ways.
const lengths = [0, 1, 15, 16, 17, 63, 64, 65, 100, 1000, 16_384, 65_518, 65_519, 65_519, 0, 3]

const initiate = (crypto: Crypto.Primitives, suite: Crypto.Suite, peer: Peer) =>
  Effect.gen(function*() {
    const prologue = prologueOf(suite)
    const theirs = yield* start(peer, ["responder", suite, Buffer.from(prologue).toString("hex"), `${interval}`])
    const options = { suite, identity: crypto.keyPair(crypto.random(32)), prologue, rekeyInterval: interval }
    const initiator = Handshake.initiate(crypto, options)
    yield* theirs.say(initiator.first)
    const established = Result.getOrThrow(initiator.read(yield* theirs.next)).finish()
    yield* theirs.say(established.third)
    return { theirs, established }
  })

const respond = (crypto: Crypto.Primitives, suite: Crypto.Suite, peer: Peer) =>
  Effect.gen(function*() {
    const prologue = prologueOf(suite)
    const theirs = yield* start(peer, ["initiator", suite, Buffer.from(prologue).toString("hex"), `${interval}`])
    const options = { suite, identity: crypto.keyPair(crypto.random(32)), prologue, rekeyInterval: interval }
    const responder = Handshake.respond(crypto, options)
    const responded = Result.getOrThrow(responder.read(yield* theirs.next))
    yield* theirs.say(responded.second)
    const established = Result.getOrThrow(responded.read(yield* theirs.next))
    return { theirs, established }
  })

/** Both ends have the same hash, and each record comes back. */
const exchange = Effect.fnUntraced(
  function*(crypto: Crypto.Primitives, { established, theirs }: Effect.Success<ReturnType<typeof respond>>) {
    assert.strictEqual(yield* theirs.hash, Buffer.from(established.hash).toString("hex"))
    for (const length of lengths) {
      const plain = crypto.random(length)
      yield* theirs.say(established.send.sealed(plain))
      const back = established.receive.open(yield* theirs.next)
      assert.isTrue(back !== undefined && Buffer.compare(back, plain) === 0, `${length} bytes`)
    }
    assert.strictEqual(established.receive.records, lengths.length)
  }
)

for (const peer of peers) {
  for (const [name, crypto] of Object.entries(layers)) {
    for (const suite of Crypto.suites) {
      for (const [role, connect] of Object.entries({ initiator: initiate, responder: respond })) {
        const title = `our ${role} and ${peer.name}, with ${name} and ${suite}, agree and open each other's records`
        if (peer.missing !== "") it(title, ({ skip }) => skip(peer.missing))
        else it.live(title, () => Effect.flatMap(connect(crypto, suite, peer), (both) => exchange(crypto, both)))
      }
    }
  }
}
