/**
 * A network with originals in it. They die of being asked for a list, of searches and of answers; what tells them apart
 * is that they are listed at the bootstrap's port, and how they name their searches.
 */
import { assert, describe } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import { Effect, SubscriptionRef } from "effect"
import {
  ask,
  bootstrapPort,
  directory,
  ipOf,
  listener,
  peerAt,
  port,
  settle,
  settled,
  sharer,
  simulated
} from "../Network.ts"
import { scripted, wanted } from "./Topology.ts"

const original = PeerAddress.at(ipOf(2), bootstrapPort)
const ours = peerAt(3)
const there = `${ipOf(1)}:${port}`

/** A peer 1 with a file, which knows one peer that is likely to be an original and one that is not. */
const mixed = Effect.fnUntraced(function*(legacy: boolean) {
  yield* scripted(() => [peerAt(1), original, ours])
  const [old, young] = [yield* listener(original), yield* listener(ours)]
  const peer = yield* sharer(1, { legacy, directory: yield* directory("wanted.txt") })
  return { peer, old, young }
})

describe("with originals about", () => {
  simulated("a peer knows who is there, and searches among ours alone, for itself and for others", function*() {
    const { old, peer, young } = yield* mixed(true)
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.peers), [original, ours])
    yield* Effect.asVoid(peer.search(wanted))
    yield* settle
    assert.deepStrictEqual([old.raws.length, young.raws.length], [0, 1])
    yield* ask("10.0.0.66", "6:id:none.txt:10.0.0.66:5005:3", there)
    assert.deepStrictEqual([old.heard(), young.heard().slice(1)], [[], ["6:id:none.txt:10.0.0.66:5005:2"]])
  })

  simulated("an original is not asked for its list, and whoever wants it is told why", function*() {
    const { old, peer } = yield* mixed(true)
    assert.strictEqual((yield* Effect.flip(peer.list(original))).reason._tag, "Unsupported")
    yield* settle
    assert.deepStrictEqual(old.raws, [])
  })

  simulated(
    "an original's search is not answered: neither one from its port nor one with a name as it gives",
    function*() {
      const { old } = yield* mixed(true)
      const elsewhere = yield* listener(`${ipOf(4)}:63339`)
      yield* ask(ipOf(2), `6:abc:wanted.txt:${original}:10`, there)
      yield* ask(ipOf(4), `6:wanted.txt515:wanted.txt:${ipOf(4)}:63339:10`, there)
      assert.deepStrictEqual([old.raws, elsewhere.raws], [[], []])
    }
  )

  simulated("anybody else's search is answered", function*() {
    yield* mixed(true)
    const { heard } = yield* listener(`${ipOf(4)}:63339`)
    for (const id of ["wanted.txt", "wanted.txt51", "wanted.txt5150", "515", "anotherone515"]) {
      yield* ask(ipOf(4), `6:${id}:wanted.txt:${ipOf(4)}:63339:10`, there)
    }
    assert.strictEqual(heard().length, 5)
  })

  simulated("an original is asked for files, which it survives", function*() {
    const { old, peer } = yield* mixed(true)
    yield* Effect.forkChild(Effect.ignore(peer.download(original, wanted, { to: yield* directory() })))
    yield* settle
    assert.deepStrictEqual(old.heard(), ["4:wanted.txt"])
  })
})

describe("without originals about", () => {
  simulated("a peer at the bootstrap's port is one like any other", function*() {
    const { old, peer } = yield* mixed(false)
    yield* Effect.asVoid(peer.search(wanted))
    yield* Effect.forkChild(Effect.ignore(peer.list(original)))
    yield* settle
    assert.deepStrictEqual(old.heard().map((text) => text.slice(0, 2)), ["6:", "5:"])
  })

  simulated("a search is answered whatever its name is", function*() {
    const { old } = yield* mixed(false)
    yield* ask(ipOf(2), `6:wanted.txt515:wanted.txt:${original}:10`, there)
    assert.deepStrictEqual(old.heard(), [`7:wanted.txt515:${there}:wanted.txt`])
  })
})

describe("lists", () => {
  simulated("are given by ours to ours", function*() {
    yield* scripted(() => [peerAt(1), peerAt(2)])
    const one = yield* sharer(1, { legacy: true, directory: yield* directory("b.txt", "a.txt") })
    const two = yield* sharer(2, { legacy: true, directory: yield* directory() })
    assert.deepStrictEqual((yield* settled(two.list(one.self))).join(" "), "a.txt b.txt")
  })
})
