import { assert, describe, it } from "@effect/vitest"
import { Keyed } from "@peerage/testing"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Link } from "@peerage/wire"
import { Result } from "effect"
import { format } from "../../../src/codec/Frame.ts"
import { PeerList } from "../../../src/codec/Message.ts"
import * as PeerLists from "../../../src/peer/host/PeerLists.ts"

const peer = (last: number) => PeerAddress.at(`10.0.0.${last}`, 5)
const entry = (last: number) => `["10.0.0.${last}", 5]`
const listOf = (...lasts: ReadonlyArray<number>) => `{"distro": [${lasts.map(entry).join(", ")}]}`
const lists = PeerLists.make(() => [2, 3].map((last) => ({ peer: peer(last), key: undefined, entry: entry(last) })))
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe("the lists of a host", () => {
  it("begin with the host as the member sees it, and are made once for all who see it alike", () => {
    assert.strictEqual(text(lists.forMember(peer(1))), listOf(1, 2, 3))
    assert.strictEqual(text(lists.forMember(peer(9))), listOf(9, 2, 3))
    assert.strictEqual(lists.forMember(peer(1)), lists.forMember(peer(1)))
  })

  it.each([[4, listOf(1, 2, 3, 4)], [2, listOf(1, 3, 2)]])(
    "end with newcomer %i, who is nowhere else",
    (last, list) => {
      assert.strictEqual(
        text(lists.forNewcomer(peer(1), { peer: peer(last), key: undefined, entry: entry(last) })),
        list
      )
    }
  )

  it("have the keys of members that have any, and none for the host", () => {
    const [two, three] = [Keyed.keyOf(2), Keyed.keyOf(3)]
    const keyed = PeerLists.make(() => [{ peer: peer(2), key: two, entry: entry(2) }])
    const list = (keys: ReadonlyArray<string>, ...lasts: ReadonlyArray<number>) =>
      `{"distro": [${lasts.map(entry).join(", ")}], "keys": [null, ${keys.map((key) => `"${key}"`).join(", ")}]}`
    assert.strictEqual(text(keyed.forMember(peer(1))), list([two], 1, 2))
    assert.strictEqual(
      text(keyed.forNewcomer(peer(1), { peer: peer(3), key: three, entry: entry(3) })),
      list([two, three], 1, 2, 3)
    )
    const decoded = Result.getOrThrow(Link.decode(format, PeerList, keyed.forMember(peer(1))))
    assert.deepStrictEqual(decoded.keys, [null, two])
  })
})
