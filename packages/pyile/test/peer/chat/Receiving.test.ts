import { assert, describe } from "@effect/vitest"
import { PeerAddress } from "@peerage/pyile"
import { Known } from "@peerage/testing"
import { Effect } from "effect"
import { annIp, bobIp, elapse, host, hostIp, join, pair, settle, simulation, trio } from "../Network.ts"
import { stranger } from "../Strangers.ts"
import { watch } from "../Watching.ts"

/** Sends one message from a machine to a peer, each part as it is on the wire. */
const say = Effect.fnUntraced(function*(
  ip: string,
  to: PeerAddress.PeerAddress,
  parts: { readonly from: string; readonly to?: string; readonly alias?: string }
) {
  const raw = yield* stranger(ip, PeerAddress.port(to), PeerAddress.host(to))
  raw.write(`{"data": 1, "alias": ${parts.alias ?? `"x"`}, "to": ${parts.to ?? `"Broadcast"`}, "from": ${parts.from}}`)
  yield* settle
})

const onWire = (peer: PeerAddress.PeerAddress) => `["${PeerAddress.host(peer)}", ${PeerAddress.port(peer)}]`

describe("a peer that receives", () => {
  simulation.each([
    { name: "everybody", parts: { to: `"Broadcast"` }, expected: { to: "Broadcast", sender: "Verified" } },
    { name: "an address, as its text", parts: { to: `["10.0.0.9", 5]` }, expected: { to: "10.0.0.9:5" } },
    { name: "another receiver, as it is", parts: { to: `{"room": [1]}` }, expected: { to: { room: [1] } } },
    {
      name: "a sender that names no address, by where it came from",
      parts: { from: `["laptop", 7]` },
      expected: { from: `${annIp}:7`, sender: "Mismatch" }
    },
    {
      name: "an alias, without what could control a terminal, and no more than 64 characters",
      parts: { alias: `"\\u001b[31m\\n${"é".repeat(70)}"` },
      expected: { alias: `[31m${"é".repeat(60)}` }
    }
  ])("reads $name", function*({ expected, parts }) {
    const { ann, hosting } = yield* trio()
    const events = yield* watch(hosting)
    yield* say(annIp, hosting.self, { from: onWire(ann.self), ...parts })
    assert.deepInclude<unknown>(events.at(-1), { _tag: "Message", data: 1, ...expected })
  })

  simulation("reads what comes from its own machine, but believes no name there", function*() {
    const hosting = yield* host()
    const atHost = yield* watch(hosting)
    yield* say(hostIp, hosting.self, { from: onWire(hosting.self) })
    const ann = yield* join(annIp)
    const atAnn = yield* watch(ann)
    yield* say(annIp, ann.self, { from: onWire(ann.self) })
    // Where there are keys, its own is no member's, whoever on the machine uses it.
    if (Known.hasKeys) {
      for (const [event, ip] of [[atHost[0], hostIp], [atAnn[0], annIp]] as const) {
        assert.deepInclude<unknown>(event, { _tag: "Rejected", host: ip, ...Known.keyOf(ip) })
      }
      return
    }
    for (const [event, { self: from }] of [[atHost[0], hosting], [atAnn[0], ann]] as const) {
      assert.deepInclude<unknown>(event, { _tag: "Message", from, sender: "Mismatch" })
    }
  })

  simulation("has those who connect beyond its limits wait for their turn, rather than lose a message", function*() {
    const { ann, hosting } = yield* pair({ config: { maxChatConnectionsPerAddress: 1 } })
    const events = yield* watch(hosting)
    yield* stranger(annIp, PeerAddress.port(hosting.self))
    yield* say(annIp, hosting.self, { from: onWire(ann.self) })
    assert.deepStrictEqual(events, [])
    yield* elapse("4 seconds")
    assert.deepInclude<unknown>(events.at(-1), { _tag: "Message", from: ann.self })
  })

  simulation("reports a member's alias once while it remembers it, and none under a false name", function*() {
    const { ann, bob, hosting } = yield* trio({ config: { maxConversations: 1 } })
    const events = yield* watch(hosting)
    const said = [[annIp, ann, "x"], [annIp, ann, "x"], [bobIp, ann, "eve"], [bobIp, bob, "x"], [
      annIp,
      ann,
      "x"
    ]] as const
    for (const [ip, { self }, alias] of said) yield* say(ip, hosting.self, { from: onWire(self), alias: `"${alias}"` })
    const aliases = events.flatMap((event) => event._tag === "AliasSeen" ? [`${event.peer} ${event.alias}`] : [])
    assert.deepStrictEqual(aliases, [`${ann.self} x`, `${bob.self} x`, `${ann.self} x`])
  })
})

describe("the sender of a message", () => {
  simulation("is Verified, one of several (SharedAddress), or not who it says (Mismatch)", function*() {
    const { ann, hosting } = yield* pair()
    const events = yield* watch(hosting)
    const claim = (ip: string, from: PeerAddress.PeerAddress) => say(ip, hosting.self, { from: onWire(from) })
    yield* claim(annIp, ann.self)
    yield* claim(annIp, PeerAddress.at(annIp, 1))
    yield* claim(annIp, PeerAddress.at("10.0.0.9", 1))
    yield* claim(annIp, hosting.self)
    yield* join(bobIp)
    yield* claim(bobIp, ann.self)
    const bob = yield* join(annIp)
    yield* claim(annIp, ann.self)
    yield* claim(annIp, bob.self)
    const senders = events.flatMap((event) => event._tag === "Message" ? [event.sender] : [])
    const mismatches = Array.from({ length: 4 }, () => "Mismatch")
    // One machine is one key, whichever of its peers it says it is.
    const shared = Known.hasKeys ? "Verified" : "SharedAddress"
    assert.deepStrictEqual<unknown>(senders, ["Verified", ...mismatches, shared, shared])
  })
})
