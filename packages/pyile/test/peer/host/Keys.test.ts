/** Bans, kicks and guesses at a host on a transport with keys. */
import { assert, describe } from "@effect/vitest"
import { Admission, type AuthPeer, JoinPeer } from "@peerage/pyile"
import { Effect, Redacted } from "effect"
import * as KeyedNetwork from "../KeyedNetwork.ts"
import { elapse, password, simulation } from "../Network.ts"
import { fateOf, peersOf, statuses, watch } from "../Watching.ts"

const { keyOf } = KeyedNetwork
const shared = "10.0.0.99"
const policy = { attempts: 3, banFor: "10 minutes", maxLimbo: 100 } as const

/** A host whose admission is the gate of its transport, Ann and Bob behind one address. */
const gated = Effect.fnUntraced(function*(options: Partial<AuthPeer.AuthPeerOptions> = {}) {
  const network = KeyedNetwork.make()
  const admission = yield* Admission.make(password, policy)
  const hosting = yield* network.host({ admission, passphrase: "tulip", ...options })
  const ann = yield* network.join({ key: 2, ip: shared, passphrase: "tulip" })
  const bob = yield* network.join({ key: 3, ip: shared, passphrase: "tulip" })
  return { ...network, hosting, ann, bob }
})

describe("a host that bans by key", () => {
  simulation("removes the member with that key and nobody else at its address, and tells it", function*() {
    const { ann, bob, hosting, ...network } = yield* gated()
    const events = yield* watch(hosting)
    const ban = yield* hosting.ban(keyOf(2), { reason: "rude" })
    assert.deepInclude(ban, { key: keyOf(2), reason: "rude" })
    yield* elapse(200)
    assert.deepStrictEqual(events, [
      { _tag: "Banned", host: keyOf(2), key: keyOf(2) },
      { _tag: "Left", peer: ann.self, reason: "Banned" },
      { _tag: "Peers", peers: [bob.self] }
    ])
    assert.deepStrictEqual([yield* peersOf(bob), yield* fateOf(ann)], [[hosting.self], "PeerClosed"])
    const elsewhere = { key: 2, passphrase: "tulip" }
    assert.strictEqual(yield* network.refusal(elsewhere), "Banned")
    assert.deepStrictEqual([yield* hosting.bans, yield* hosting.unban(keyOf(2))], [[ban], true])
    assert.deepStrictEqual(events.at(-1), { _tag: "Unbanned", host: keyOf(2), key: keyOf(2) })
    yield* network.join(elsewhere)
  })

  simulation("bans a member's key and its address", function*() {
    const { ann, bob, hosting, ...network } = yield* gated()
    const names = (yield* hosting.banPeer(ann.self, { for: "1 hour" })).map((ban) => "key" in ban ? ban.key : "network")
    assert.deepStrictEqual(names, [keyOf(2), "network"])
    yield* elapse(200)
    assert.deepStrictEqual([yield* peersOf(hosting), yield* fateOf(bob)], [[], "PeerClosed"])
    const [key2, key3] = [{ key: 2, passphrase: "tulip" }, { key: 3, ip: shared, passphrase: "tulip" }]
    assert.deepStrictEqual([yield* network.refusal(key2), yield* network.refusal(key3)], ["Banned", "Banned"])
    assert.deepStrictEqual(yield* hosting.banPeer(ann.self), [])
    yield* elapse("1 hour")
    yield* network.join(key2)
  })

  simulation("tells a banned key so itself where its transport has no gate", function*() {
    const network = KeyedNetwork.make()
    const hosting = yield* network.host()
    yield* hosting.ban(keyOf(2))
    assert.strictEqual(yield* network.refusal({ key: 2 }), "Banned")
    yield* network.join({ key: 3, ip: "10.0.0.2" })
  })

  simulation("bars a kicked member's key, wherever it comes from, and nobody else at its address", function*() {
    const { hosting, ...network } = yield* gated()
    const cid = yield* network.join({ key: 4, ip: shared, passphrase: "tulip", rejoin: JoinPeer.patiently })
    const seen = yield* statuses(cid)
    yield* hosting.kick(cid.self)
    assert.strictEqual(yield* network.refusal({ key: 4, ip: "10.0.0.4", passphrase: "tulip" }), "Banned")
    yield* network.join({ key: 5, ip: shared, passphrase: "tulip" })
    yield* elapse("28 seconds")
    assert.deepStrictEqual(seen, ["Joined", "Reconnecting PeerClosed"])
    yield* elapse("2 seconds")
    assert.strictEqual(seen.at(-1), "Joined")
  })
})

describe("a host whose passphrase is guessed", () => {
  const guess = (network: Pick<ReturnType<typeof KeyedNetwork.make>, "refusal">, key: number) =>
    network.refusal({ key, ip: shared, passphrase: "rose" })

  simulation("counts each guess of an address, whatever its key, tells the ban and keeps those out", function*() {
    const { hosting, ...network } = yield* gated()
    const events = yield* watch(hosting)
    assert.deepStrictEqual([yield* guess(network, 10), yield* guess(network, 11)], [
      "WrongPassphrase",
      "WrongPassphrase"
    ])
    assert.deepStrictEqual(yield* hosting.limbo, [{ host: shared, failures: 2 }])
    assert.deepStrictEqual([yield* guess(network, 12), yield* guess(network, 13)], [
      "WrongPassphrase",
      "TooManyGuesses"
    ])
    yield* elapse(0)
    const [ban] = yield* hosting.bans
    assert.strictEqual(ban?.reason, "3 wrong passphrases")
    assert.deepInclude(events, { _tag: "Banned", host: shared, until: "1970-01-01T00:10:02.000Z" })
    yield* network.join({ key: 12, passphrase: "tulip" })
  })

  simulation("lets members behind a guesser's address come back, until that is banned by hand", function*() {
    const { ann, hosting, ...network } = yield* gated()
    const cid = yield* network.visit({ key: 4, ip: shared, passphrase: "tulip" })
    for (const key of [10, 11, 12]) yield* guess(network, key)
    yield* cid.leave
    yield* network.join({ key: 4, ip: shared, passphrase: "tulip" })
    assert.deepStrictEqual([(yield* peersOf(hosting)).length, yield* fateOf(ann)], [3, "stays"])
    assert.strictEqual(yield* network.refusal({ key: 5, ip: shared, passphrase: "tulip" }), "TooManyGuesses")
    yield* hosting.ban(shared)
    yield* elapse(0)
    assert.deepStrictEqual(yield* peersOf(hosting), [])
    assert.strictEqual(yield* network.refusal({ key: 4, ip: shared, passphrase: "tulip" }), "Banned")
  })

  simulation("is not spared by a key that has proved the passphrase and guesses the password", function*() {
    const { hosting, ...network } = yield* gated()
    const wrong = { key: 4, ip: "10.0.0.4", passphrase: "tulip", password: Redacted.make("open") }
    const answers = []
    for (let count = 0; count < 5; count++) answers.push(yield* network.refusal(wrong))
    assert.deepStrictEqual(answers, ["WrongPassword", "WrongPassword", "WrongPassword", "Banned", "Banned"])
    assert.strictEqual((yield* hosting.bans).length, 1)
  })
})
