import { assert, describe, it } from "@effect/vitest"
import { Keyed } from "@peerage/testing"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Schema } from "effect"
import * as Members from "../../src/peer/Members.ts"

const peer = (text: string) => PeerAddress.at(text, 49_152)
const [self, ann, bob, cid] = [peer("10.0.0.1"), peer("10.0.0.2"), peer("10.0.0.3"), peer("10.0.0.4")]
const annToo = PeerAddress.at("10.0.0.2", 49_153)

const joined = (peer: PeerAddress.PeerAddress) => ({ _tag: "Joined", peer }) as const
const join = (peer: PeerAddress.PeerAddress) => ({ _tag: "Joined", peer, value: PeerAddress.host(peer) }) as const
const left = (peer: PeerAddress.PeerAddress) => ({ _tag: "Left", peer, reason: "Kicked" }) as const
const listed = (...peers: ReadonlyArray<PeerAddress.PeerAddress>) =>
  ({ _tag: "Listed", peers: new Set(peers), known: PeerAddress.host, self }) as const

/** The members after some changes, and the events of the last one. */
const after = (...changes: ReadonlyArray<Members.Change<string>>) =>
  changes.reduce<ReturnType<typeof Members.step<string>>>(([members], change) => Members.step(members, change), [
    Members.none,
    []
  ])

describe("the members that a peer knows", () => {
  it.each<
    readonly [name: string, changes: ReadonlyArray<Members.Change<string>>, list: ReadonlyArray<string>, told: unknown]
  >([
    ["one that joins comes last", [join(ann), join(bob)], [ann, bob], [joined(bob)]],
    ["one that is there already does not join again", [join(ann), join(ann)], [ann], []],
    ["one that leaves is gone, with its reason", [join(ann), join(bob), left(ann)], [bob], [left(ann)]],
    ["one that is not there does not leave", [join(ann), left(bob)], [ann], []],
    ["one that comes back comes last", [join(ann), join(bob), left(ann), join(ann)], [bob, ann], [joined(ann)]],
    ["a list replaces all, without the peer itself", [join(ann), listed(bob, self, cid)], [bob, cid], [
      { _tag: "Left", peer: ann, reason: "Unlisted" },
      joined(bob),
      joined(cid)
    ]],
    ["a list in another order is that order", [listed(ann, bob), listed(bob, ann)], [bob, ann], []],
    ["a list names a peer once", [listed(ann, ann, bob)], [ann, bob], [joined(ann), joined(bob)]],
    ["an empty list is nobody", [join(ann), listed()], [], [{ _tag: "Left", peer: ann, reason: "Unlisted" }]],
    ["an own host is no member", [{ _tag: "OwnHost", host: "10.0.0.1" }], [], []]
  ])("%s", (_, changes, list, told) => {
    const [members, events] = after(...changes)
    assert.deepStrictEqual([Members.list(members), events], [list, told])
  })

  it.prop(
    "are told as left and joined whatever list follows another, in the order of each",
    [
      Schema.Array(Schema.Literals([ann, annToo, bob, cid, self])),
      Schema.Array(Schema.Literals([ann, annToo, bob, cid]))
    ],
    ([first, second]) => {
      const [before, now] = [[...new Set(first)].filter((peer) => peer !== self), [...new Set(second)]]
      const [members, events] = after(listed(...first), listed(...second))
      assert.deepStrictEqual(Members.list(members), now)
      assert.deepStrictEqual(events, [
        ...before.filter((peer) => !now.includes(peer)).map((peer) =>
          ({ _tag: "Left", peer, reason: "Unlisted" }) as const
        ),
        ...now.filter((peer) => !before.includes(peer)).map(joined)
      ])
      assert.deepStrictEqual(
        [cid, bob].map((peer) => Members.has(members, peer)),
        [cid, bob].map((peer) => now.includes(peer))
      )
    }
  )

  it("are not changed by a step: what was known before stays as it was", () => {
    const [before] = after(join(ann), { _tag: "OwnHost", host: "10.0.0.1" })
    for (const change of [join(bob), left(ann), listed(cid), { _tag: "OwnHost", host: "10.0.0.9" } as const]) {
      Members.step(before, change)
    }
    assert.deepStrictEqual([Members.list(before), Members.values(before)], [[ann], ["10.0.0.2"]])
    assert.deepStrictEqual(
      ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.9"].filter((host) => Members.knows(before, { host })),
      ["10.0.0.1", "10.0.0.2"]
    )
  })

  it("are at their hosts, however they came and went", () => {
    const [members] = after(join(ann), join(annToo), join(bob), left(bob), left(annToo))
    assert.deepStrictEqual([...members.atHost], [["10.0.0.2", 1]])
    assert.deepStrictEqual(
      new Map(after(listed(ann, annToo, bob))[0].atHost),
      new Map([["10.0.0.2", 2], ["10.0.0.3", 1]])
    )
  })

  it("are also at the hosts that they come from, and known by what they say from there", () => {
    const behind = (from: string) => ({ ...join(bob), from })
    const [members] = after(join(ann), behind("10.0.0.2"))
    assert.deepStrictEqual(new Map(members.atHost), new Map([["10.0.0.2", 2], ["10.0.0.3", 1]]))
    assert.deepStrictEqual(
      ["10.0.0.2", "10.0.0.3", "10.0.0.4"].map((host) => Members.judge(members, { host }, bob)),
      ["SharedAddress", "Verified", "Mismatch"]
    )
    assert.strictEqual(Members.judge(after(behind("10.0.0.9"))[0], { host: "10.0.0.9" }, bob), "Verified")
    for (const change of [left(bob), listed(ann)]) {
      const [later] = Members.step(members, change)
      assert.deepStrictEqual([[...later.atHost], Members.judge(later, { host: "10.0.0.2" }, bob)], [
        [["10.0.0.2", 1]],
        "Mismatch"
      ])
    }
    assert.deepStrictEqual(after(behind("10.0.0.3"))[0].behind, Members.none.behind)
  })

  it("keep what is known of each, that of the latest list", () => {
    const [members] = after({ _tag: "Joined", peer: ann, value: "old" }, join(bob), listed(bob, ann))
    assert.deepStrictEqual(Members.values(members), ["10.0.0.3", "10.0.0.2"])
    assert.deepStrictEqual([Members.get(members, ann), Members.get(members, cid)], ["10.0.0.2", undefined])
    assert.strictEqual(Members.size(members), 2)
  })

  it.each([
    ["10.0.0.2", true],
    ["10.0.0.1", true],
    ["10.0.0.9", false],
    ["10.0.0.3", false]
  ])("know the host %s: %s", (host, known) => {
    const own = { _tag: "OwnHost", host: "10.0.0.1" } as const
    for (const changes of [[own, join(ann), join(bob), left(bob)], [own, join(bob), listed(ann)]]) {
      assert.strictEqual(Members.knows(after(...changes)[0], { host }), known)
    }
  })

  it.each([
    ["the only member at its host", bob, "10.0.0.3", "Verified"],
    ["one of two members at a host", ann, "10.0.0.2", "SharedAddress"],
    ["a member, sent from elsewhere", bob, "10.0.0.2", "Mismatch"],
    ["no member at a member's host", PeerAddress.at("10.0.0.3", 1), "10.0.0.3", "Mismatch"],
    ["a stranger", cid, "10.0.0.4", "Mismatch"],
    ["nobody", undefined, "10.0.0.3", "Mismatch"]
  ])("judge a message that claims to be of %s", (_, claimed, host, sender) => {
    assert.strictEqual(Members.judge(after(listed(ann, annToo, bob))[0], { host }, claimed), sender)
  })
})

describe("members with keys", () => {
  const [annKey, bobKey, cidKey] = [Keyed.keyOf(2), Keyed.keyOf(3), Keyed.keyOf(4)]
  const keys = new Map([[ann, annKey], [annToo, bobKey], [cid, cidKey]])
  const keyed = { ...listed(ann, annToo, bob), keys }
  const members = after(keyed)[0]

  it("are announced with them, and are others when they come back with another", () => {
    assert.deepStrictEqual(after(keyed)[1], [
      { _tag: "Joined", peer: ann, key: annKey },
      { _tag: "Joined", peer: annToo, key: bobKey },
      { _tag: "Joined", peer: bob }
    ])
    assert.deepStrictEqual(Members.keys(members), new Map([[ann, annKey], [annToo, bobKey]]))
    const again = { ...keyed, keys: new Map([[ann, cidKey], [annToo, bobKey]]) }
    assert.deepStrictEqual(Members.step(members, again)[1], [
      { _tag: "Left", peer: ann, reason: "Unlisted" },
      { _tag: "Joined", peer: ann, key: cidKey }
    ])
  })

  it.each([
    ["the key that has joined from there, wherever it is now", { host: "10.0.0.9", key: annKey }, ann, "Verified"],
    ["the key of another member at that host", { host: "10.0.0.2", key: bobKey }, ann, "Mismatch"],
    ["a key of nobody, from that host", { host: "10.0.0.2", key: cidKey }, ann, "Mismatch"],
    ["any key, where none is listed", { host: "10.0.0.3", key: cidKey }, bob, "Verified"]
  ])("judge a message from %s", (_, origin, claimed, sender) => {
    assert.strictEqual(Members.judge(members, origin, claimed), sender)
  })

  it("are known by them, and by their hosts only while some are listed without", () => {
    const all = after({ ...listed(ann, annToo), keys }, { _tag: "OwnHost", host: "10.0.0.1" })[0]
    const origins = [
      { host: "10.0.0.9", key: annKey },
      { host: "10.0.0.2", key: cidKey },
      { host: "10.0.0.1", key: cidKey }
    ]
    assert.deepStrictEqual(origins.map((origin) => Members.knows(all, origin)), [true, false, false])
    assert.deepStrictEqual(origins.map((origin) => Members.knows(members, origin)), [true, true, false])
  })

  it("are unknown when the last one with that key has left", () => {
    const both = after({ ...join(ann), key: annKey }, { ...join(bob), key: annKey })[0]
    const origin = { host: "10.0.0.9", key: annKey }
    const one = Members.step(both, left(ann))[0]
    const none = Members.step(one, left(bob))[0]
    assert.deepStrictEqual([both, one, none].map((now) => Members.knows(now, origin)), [true, true, false])
    assert.deepStrictEqual(none, { ...Members.none, inOrder: [] })
  })
})
