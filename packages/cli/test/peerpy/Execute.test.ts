/** What the commands of a PeerPy room do and answer, and what Tab offers: real peers on a network in memory. */
import { assert, it } from "@effect/vitest"
import { type Connecting, type DataType, Peer, type PeerPyEvent } from "@peerage/peerpy"
import { MemoryNetwork, MemoryTransport, type PeerAddress, Simulation, Transport } from "@peerage/transport"
import { Effect, Fiber, type Scope, Stream, SubscriptionRef } from "effect"
import { connectorTable, listenerTable, type PeerPyRoom, remember } from "../../src/peerpy/Commands.ts"
import * as Connections from "../../src/peerpy/Connections.ts"
import { type Event, type Message, narrate } from "../../src/peerpy/Narrate.ts"
import * as PendingOffers from "../../src/peerpy/PendingOffers.ts"
import { complete } from "../../src/room/CommandTable.ts"
import * as Conversations from "../../src/room/Conversations.ts"
import * as Journal from "../../src/room/Journal.ts"
import { answering, plain } from "../Tables.ts"

const { settle } = Simulation
const addressOf = (machine: number) => `10.0.0.${machine}:20000`

/** A peer on a machine of its own, and everything it tells. */
const begin = Effect.fnUntraced(function*(machine: number, options: Partial<Peer.PeerOptions> = {}) {
  const transport = yield* MemoryTransport.make(`10.0.0.${machine}`)
  const peer = yield* Effect.provideService(
    Peer.make({ listen: addressOf(machine), ...options }),
    Transport.Transport,
    transport
  )
  const events: Array<PeerPyEvent.PeerPyEvent> = []
  yield* Effect.forkScoped(
    Stream.runForEach(peer.events, (event) => Effect.sync(() => void events.push(event))),
    { startImmediately: true }
  )
  return { peer, events }
})

/** The room of peer 1: what its lines are answered with, without time passing. */
const room = Effect.fnUntraced(function*(table = listenerTable) {
  const withdrawn: Array<string> = []
  const offers = PendingOffers.make(({ peer }) => Effect.sync(() => void withdrawn.push(peer)))
  const { events, peer } = yield* begin(1, { offer: offers.ask })
  const room: PeerPyRoom = {
    peer,
    open: Connections.open(peer, () => Effect.void, yield* Effect.scope),
    offers,
    conversations: Conversations.make(),
    journal: Journal.make<Event>((event) => narrate(event, { ...plain, asks: true }))
  }
  const answers = answering(table, room)
  const type = Effect.fnUntraced(function*(...lines: ReadonlyArray<string>) {
    const typing = yield* Effect.forkChild(answers(...lines))
    yield* settle
    return yield* Fiber.join(typing)
  })
  return { peer, events, answers, type, withdrawn, complete: (line: string, of = table) => complete(of, room)(line) }
})

/** Somebody wants a connection with the room. */
const wants = (peer: Peer.PeerService, options: Connecting.ConnectOptions<DataType.DataType> = { type: "json" }) =>
  Effect.tap(Effect.forkScoped(peer.connect(addressOf(1), options)), () => settle)

const tested = (name: string, test: Effect.Effect<void, unknown, Scope.Scope | MemoryNetwork.MemoryNetwork>) =>
  it.effect(name, () => Effect.provide(Effect.scoped(test), MemoryNetwork.layer()))

tested(
  "opens a connection, says something over it, and remembers that",
  Effect.gen(function*() {
    const bob = yield* begin(2)
    const { type } = yield* room()
    assert.deepStrictEqual(yield* type(`/connect ${addressOf(2)} raw`, "hello", "/json [1, 1.0]", "/hex 00ff"), [
      { _tag: "Sent", to: [bob.peer.self], data: "hello", written: [bob.peer.self], failed: [] },
      { _tag: "Sent", to: [bob.peer.self], data: [1, 1], written: [bob.peer.self], failed: [] },
      { _tag: "Sent", to: [bob.peer.self], data: { base64: "AP8=" }, written: [bob.peer.self], failed: [] }
    ])
    const heard = bob.events.flatMap((event) => event._tag === "Data" ? [event.data] : [])
    assert.deepStrictEqual(heard, ["hello", [1n, 1], Uint8Array.of(0, 255)])
    const [history] = yield* type(`/history ${addressOf(2)}`)
    assert.deepInclude(history, { conversations: [bob.peer.self] })
    assert.match(JSON.stringify(history), /"own":true,"type":"raw","data":"hello"/)
  })
)

tested(
  "does not open the same connection twice, and replaces one of another type",
  Effect.gen(function*() {
    yield* begin(2)
    const { peer, type } = yield* room()
    const [again] = yield* type(`/connect ${addressOf(2)}`, `/connect ${addressOf(2)}`)
    assert.deepInclude(again, { _tag: "Failed", reason: "AlreadyConnected" })
    assert.deepStrictEqual(yield* type(`/connect ${addressOf(2)} raw`), [])
    assert.deepStrictEqual((yield* SubscriptionRef.get(peer.connections)).map((one) => one.type), ["raw"])
  })
)

tested(
  "says why there is no connection",
  Effect.gen(function*() {
    yield* begin(2, { offer: () => Effect.succeed(false) })
    const { type } = yield* room()
    const [denied, own] = yield* type(`/connect ${addressOf(2)}`, `/connect ${addressOf(1)}`)
    assert.deepInclude(denied, { _tag: "Failed", command: `/connect ${addressOf(2)}`, reason: "Denied" })
    assert.deepInclude(own, { _tag: "Failed", reason: "OwnAddress" })
  })
)

tested(
  "says to everybody what each connection can carry, and to whom it did not go",
  Effect.gen(function*() {
    const [bob, ann] = [yield* begin(2), yield* begin(3)]
    const { type } = yield* room()
    yield* type(`/connect ${addressOf(2)} bytes`, `/connect ${addressOf(3)}`)
    const to = "Broadcast"
    assert.deepStrictEqual(yield* type("é", "/json {}"), [
      { _tag: "Sent", to, data: "é", written: [bob.peer.self, ann.peer.self], failed: [] },
      {
        _tag: "Sent",
        to,
        data: {},
        written: [ann.peer.self],
        failed: [{ peer: bob.peer.self, reason: "UnsendableValue" }]
      }
    ])
    const [bytes] = bob.events.flatMap((event) => event._tag === "Data" ? [event.data] : [])
    assert.deepStrictEqual(bytes, Uint8Array.of(0xc3, 0xa9))
  })
)

tested(
  "says something to one of several, and says what cannot be said",
  Effect.gen(function*() {
    const [bob, ann] = [yield* begin(2), yield* begin(3)]
    const { type } = yield* room()
    yield* type(`/connect ${addressOf(2)} bytes`, `/connect ${addressOf(3)}`)
    const [sent, unsendable, nobody] = yield* type(
      `/to ${addressOf(3)} psst`,
      `/to ${addressOf(2)} /json 1`,
      "/to 10.0.0.9:1 x"
    )
    assert.deepInclude(sent, { _tag: "Sent", to: [ann.peer.self] })
    assert.deepInclude(unsendable, {
      _tag: "Failed",
      reason: "UnsendableValue",
      message: "The value cannot be sent as bytes: type text, or /hex and digits."
    })
    assert.deepInclude(nobody, { _tag: "Failed", reason: "UnknownPeer" })
    assert.isFalse(bob.events.some(({ _tag }) => _tag === "Data"))
  })
)

tested(
  "says that nobody is there",
  Effect.gen(function*() {
    const { type } = yield* room()
    for (const line of ["hello", "/to 10.0.0.2:1 x", "/close", "/accept"]) {
      const [failed] = yield* type(line)
      assert.deepInclude(failed, { _tag: "Failed", command: line, reason: "UnknownPeer" })
    }
  })
)

tested(
  "takes and turns away those who ask, as it is told",
  Effect.gen(function*() {
    const [bob, ann] = [yield* begin(2), yield* begin(3)]
    const { events, type } = yield* room()
    yield* wants(bob.peer)
    yield* wants(ann.peer, { type: "raw", strict: false })
    const [ambiguous] = yield* type("/accept")
    assert.deepInclude(ambiguous, { _tag: "Failed", reason: "Ambiguous" })
    assert.deepStrictEqual(yield* type(`/accept ${addressOf(3)}`, "/deny"), [])
    const [peers] = yield* type("/peers")
    assert.match(
      JSON.stringify(peers),
      /"peers":\[\{"peer":"10\.0\.0\.3:20000","remote":"10\.0\.0\.3:\d+","type":"raw","strict":false,"stream":false,"initiated":false\}\],"offers":\[\]/
    )
    assert.isTrue(events.some((event) => event._tag === "Rejected" && event.reason === "Denied"))
  })
)

tested(
  "shows who waits for an answer, and notices who does not wait any longer",
  Effect.gen(function*() {
    const bob = yield* begin(2)
    const { type, withdrawn } = yield* room()
    const asking = yield* wants(bob.peer)
    const [peers] = yield* type("/peers")
    assert.match(JSON.stringify(peers), /"offers":\[\{"peer":"10\.0\.0\.2:20000"/)
    assert.deepStrictEqual(withdrawn, [])
    yield* Fiber.interrupt(asking)
    yield* settle
    assert.deepStrictEqual(withdrawn, [bob.peer.self])
    const [late] = yield* type(`/accept ${addressOf(2)}`)
    assert.deepInclude(late, { _tag: "Failed", reason: "UnknownPeer", message: "Nobody waits for an answer." })
  })
)

tested(
  "closes a connection, which for a room of one is leaving",
  Effect.gen(function*() {
    const bob = yield* begin(2)
    const { peer, type } = yield* room()
    yield* type(`/connect ${addressOf(2)}`)
    assert.deepStrictEqual(yield* type(`/close ${addressOf(2)}`), [])
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.connections), [])
    assert.strictEqual(bob.events.at(-1)?._tag, "Closed")
  })
)

tested(
  "leaves with the only connection that there is, and at /exit",
  Effect.gen(function*() {
    const bob = yield* begin(2)
    const { peer, type } = yield* room(connectorTable)
    const connecting = yield* Effect.forkScoped(peer.connect(bob.peer.self, { type: "json" }))
    yield* settle
    yield* Fiber.join(connecting)
    assert.deepStrictEqual(yield* type("/close", "/exit"), ["Leave", "Leave"])
  })
)

tested(
  "hides and shows itself",
  Effect.gen(function*() {
    const { peer, type } = yield* room()
    assert.deepStrictEqual(yield* type("/invisible", "/invisible on", "/invisible"), [
      { _tag: "Visibility", invisible: false },
      { _tag: "Visibility", invisible: true },
      { _tag: "Visibility", invisible: true }
    ])
    assert.isTrue(yield* SubscriptionRef.get(peer.invisible))
  })
)

tested(
  "asks who is there, and tells each",
  Effect.gen(function*() {
    const bob = yield* begin(2)
    const { answers } = yield* room()
    yield* settle
    const asking = yield* Effect.forkChild(answers("/discover"))
    yield* Simulation.elapse("2 seconds")
    assert.deepStrictEqual(yield* Fiber.join(asking), [
      { _tag: "Found", peer: bob.peer.self },
      { _tag: "Discovered", found: 1 }
    ])
  })
)

tested(
  "remembers what is small, and of the rest that there was something",
  Effect.gen(function*() {
    const conversations = Conversations.make<PeerAddress.PeerAddress, Message>()
    const { peer } = yield* begin(2)
    for (const data of ["x".repeat(65_534), "x".repeat(65_535)]) {
      yield* remember({ conversations }, { peer: peer.self, own: false, type: "json", data })
    }
    const [small, large] = yield* conversations.latest
    assert.strictEqual(JSON.stringify(small?.message.data).length, 65_536)
    assert.deepStrictEqual(large?.message.data, { omitted: "TooLarge" })
  })
)

tested(
  "completes commands, with those who are connected and those who wait",
  Effect.gen(function*() {
    yield* begin(2)
    yield* begin(3)
    const asker = yield* begin(4)
    const { complete, type } = yield* room()
    yield* type(`/connect ${addressOf(2)}`, `/connect ${addressOf(3)}`)
    yield* wants(asker.peer)
    const [bob, ann, eve] = [`${addressOf(2)} `, `${addressOf(3)} `, `${addressOf(4)} `]
    for (
      const [line, offered, replaced] of [
        ["/ac", ["/accept "], "/ac"],
        ["hel", [], "hel"],
        ["/to ", [bob, ann], ""],
        ["/close 10.0.0.3", [ann], "10.0.0.3"],
        ["/history 10.0.0.2", [bob], "10.0.0.2"],
        ["/accept ", [eve], ""],
        ["/deny 1", [eve], "1"],
        ["/invisible o", ["on ", "off "], "o"],
        ["/log W", ["WARNING "], "W"],
        ["/connect 1", [], "1"]
      ] as const
    ) assert.deepStrictEqual(complete(line), [[...offered], replaced])
    assert.deepStrictEqual(complete("/ac", connectorTable), [[], "/ac"])
  })
)
