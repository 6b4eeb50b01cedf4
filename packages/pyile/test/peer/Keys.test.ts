/** Who is who on a transport with keys: members by the keys that they have joined with, and who is none any more. */
import { assert, describe } from "@effect/vitest"
import { PeerAddress, type PyileEvent } from "@peerage/pyile"
import { Stranger } from "@peerage/testing"
import { MemoryNetwork, Transport } from "@peerage/transport"
import { Link } from "@peerage/wire"
import { Effect, Fiber, Queue, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../../src/codec/Frame.ts"
import { Chat } from "../../src/codec/Message.ts"
import * as Distribution from "../../src/exchange/Distribution.ts"
import { inet } from "../exchange/Pair.ts"
import * as KeyedNetwork from "./KeyedNetwork.ts"
import { elapse, hostIp, simulation } from "./Network.ts"
import { fateOf, peersOf, watch } from "./Watching.ts"

const { keyOf } = KeyedNetwork
const shared = "10.0.0.99"

/** The host, and Ann and Bob behind one address. */
const trio = Effect.gen(function*() {
  const network = KeyedNetwork.make()
  const hosting = yield* network.host()
  const [ann, bob] = [yield* network.join({ key: 2, ip: shared }), yield* network.join({ key: 3, ip: shared })]
  yield* elapse(200)
  return { ...network, hosting, ann, bob }
})

/** Says to a peer that it is from `claimed`. Succeeds with how that ended. */
const claim = (
  { keyed }: ReturnType<typeof KeyedNetwork.make>,
  from: { readonly key: number; readonly ip: string },
  { claimed, to }: { readonly claimed: PeerAddress.PeerAddress; readonly to: PeerAddress.PeerAddress }
) =>
  keyed.on(
    { ip: from.ip, key: keyOf(from.key) },
    Effect.flatMap(Transport.Transport, (transport) => {
      const [host, port] = [PeerAddress.host(claimed), PeerAddress.port(claimed)]
      const message = { data: "hi", alias: "x", to: "Broadcast" as const, from: { host, port } }
      const bytes = Result.getOrThrow(Link.encode(format, Chat, message))
      return Effect.forkScoped(Effect.result(transport.request(PeerAddress.toInet(to), bytes, {
        from: { host: NetAddress.ipFromStringUnsafe(from.ip) }
      })))
    })
  )

const told = (events: ReadonlyArray<PyileEvent.PyileEvent>) =>
  events.flatMap((event) =>
    event._tag === "Message" ? [`${event.sender} ${event.key}`] : event._tag === "Rejected" ? [event.reason] : []
  )

describe("members on a transport with keys", () => {
  simulation("know each other's keys, the host's too, and tell them", function*() {
    const { ann, bob, hosting } = yield* trio
    assert.deepStrictEqual(yield* hosting.keys, new Map([[ann.self, keyOf(2)], [bob.self, keyOf(3)]]))
    assert.deepStrictEqual(yield* ann.keys, new Map([[hosting.self, keyOf(1)], [bob.self, keyOf(3)]]))
    const events = yield* watch(bob)
    yield* ann.broadcast("hello")
    yield* elapse(0)
    assert.deepInclude(events.at(-1), { _tag: "Message", from: ann.self, sender: "Verified", key: keyOf(2) })
  })

  simulation("take a message for what its key says, whatever address it names and comes from", function*() {
    const { ann, bob, hosting, ...network } = yield* trio
    const events = yield* watch(hosting)
    const claims = [
      [{ key: 2, ip: shared }, ann.self],
      [{ key: 3, ip: shared }, ann.self],
      [{ key: 2, ip: "10.0.0.50" }, ann.self],
      [{ key: 4, ip: shared }, ann.self],
      [{ key: 4, ip: hostIp }, hosting.self]
    ] as const
    for (const [from, claimed] of claims) {
      yield* claim(network, from, { claimed, to: hosting.self })
      yield* elapse(100)
    }
    const right = `Verified ${keyOf(2)}`
    assert.deepStrictEqual(told(events), [right, `Mismatch ${keyOf(3)}`, right, "NotAMember", "NotAMember"])
    assert.deepInclude(events.at(-1), { _tag: "Rejected", key: keyOf(4) })
    assert.strictEqual(yield* fateOf(bob), "stays")
  })

  simulation("send nothing to another key that answers at a member's address", function*() {
    const { ann, ...network } = yield* trio
    const cid = yield* network.join({ key: 4 })
    yield* elapse(200)
    const memory = yield* MemoryNetwork.MemoryNetwork
    // Its machine is started anew, which the host notices at its next heartbeat; another program takes its port.
    yield* memory.kill("10.0.0.4")
    yield* memory.restart("10.0.0.4")
    yield* network.keyed.on(
      { ip: "10.0.0.4", key: keyOf(5) },
      Effect.flatMap(Transport.Transport, (transport) => transport.listen(PeerAddress.toInet(cid.self)))
    )
    const sending = yield* Effect.forkScoped(ann.send(cid.self, "secret"))
    yield* elapse(100)
    assert.deepStrictEqual((yield* Fiber.join(sending)).failed, [{ peer: cid.self, reason: "Unreachable" }])
    const answers = (yield* memory.trace).filter(({ kind, from }) => kind === "SYN-ACK" && from === cid.self)
    const sent = (yield* memory.trace).filter(({ bytes }) => new TextDecoder().decode(bytes).includes("secret"))
    assert.deepStrictEqual([answers.length, sent.length], [1, 0])
  })

  simulation("cannot claim the address of a member with another key, and the key itself comes back to it", function*() {
    const { ann, ...network } = yield* trio
    const error = yield* Effect.forkScoped(
      Effect.flip(network.joiner({ key: 4, ip: shared, advertise: ann.self }))
    )
    yield* elapse("1 second")
    const { reason } = yield* Fiber.join(error)
    assert.deepInclude(reason, { _tag: "AddressTaken", address: ann.self })
    assert.strictEqual(yield* fateOf(ann), "stays")
    yield* network.join({ key: 2, ip: shared, advertise: ann.self })
    assert.strictEqual(yield* fateOf(ann), "PeerClosed")
  })

  simulation("take lists from nobody but the key of their host", function*() {
    const { keyed } = KeyedNetwork.make()
    const listen = (key: number, port: number) =>
      keyed.on(
        { ip: hostIp, key: keyOf(key) },
        Effect.flatMap(Transport.Transport, (transport) => transport.listen(inet(`${hostIp}:${port}`)))
      )
    const auth = yield* listen(1, 4702)
    yield* listen(5, 4703)
    const failure = yield* keyed.on(
      { ip: "10.0.0.2", key: keyOf(2) },
      Effect.gen(function*() {
        const transport = yield* Transport.Transport
        const link = yield* Link.dial(transport, inet(`${hostIp}:4702`), { format })
        const host = new Stranger(yield* Queue.take(auth.accepted))
        host.write(`{"dist_addr": ["${hostIp}", 4703]}`)
        const options = { within: "4 seconds", maxListBytes: 1024 } as const
        const subscribing = yield* Effect.forkScoped(Effect.flip(Distribution.initiate(link, transport, options)))
        yield* elapse(100)
        return yield* Fiber.join(subscribing)
      })
    )
    assert.deepInclude(failure, { _tag: "Unreachable", code: "KeyMismatch" })
    assert.match(failure.message, /^Somebody else.*\.$/)
  })
})

describe("a key that a host bans", () => {
  const numbers = Array.from({ length: 30 }, (_, index) => index + 2)

  simulation.each(["ban", "kick"] as const)(
    "is no member's within 2 seconds, from wherever it speaks: %s",
    function*(how) {
      const network = KeyedNetwork.make()
      const hosting = yield* network.host()
      const joining = yield* Effect.forEach(numbers, (key) =>
        // Two at each address: as behind NAT.
        Effect.forkScoped(network.joiner({ key, ip: `10.0.1.${key >> 1}` })))
      yield* elapse("30 seconds")
      const members = yield* Effect.forEach(joining, Fiber.join)
      const [bad, ...good] = members
      assert.isDefined(bad)
      if (bad === undefined) return
      const stale = yield* peersOf(bad)
      assert.strictEqual(stale.length, 30)
      const events = yield* Effect.forEach([hosting, ...good], watch)
      yield* how === "ban" ? hosting.ban(keyOf(2)) : hosting.kick(bad.self)
      yield* elapse("2 seconds")
      for (const received of events) received.length = 0
      for (const to of stale) {
        yield* claim(network, { key: 2, ip: "10.0.1.1" }, { claimed: bad.self, to })
        yield* claim(network, { key: 2, ip: "10.0.1.1" }, { claimed: good[0]?.self ?? bad.self, to })
      }
      yield* elapse("1 second")
      assert.deepStrictEqual(new Set(events.flatMap(told)), new Set(["NotAMember"]))
      assert.strictEqual(events.flatMap(told).length, 60)
      assert.strictEqual(yield* network.refusal({ key: 2, ip: "10.0.1.200" }), "Banned")
    }
  )
})
