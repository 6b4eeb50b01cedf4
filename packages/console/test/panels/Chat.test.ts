/** The panel of a p2p-chat peer, beside real peers in a simulated network. */
import { assert } from "@effect/vitest"
import { ChatEvent, ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Machines } from "@peerage/testing"
import { Simulation } from "@peerage/transport"
import { Effect, Stream } from "effect"
import * as Chat from "../../src/panels/Chat.ts"
import { type Message, remember } from "../../src/talk/ChatTalk.ts"
import * as Conversations from "../../src/talk/Conversations.ts"
import * as Journal from "../../src/talk/Journal.ts"
import { ask, cells, decided, membersOf, said, settled } from "./Panels.ts"

const { settle } = Simulation

const ipOf = (id: number) => `10.0.0.${id}`
const id = (number: number | bigint) => PeerId.make(BigInt(number))

/** A peer that has joined another one, and what it heard. */
const visit = Effect.fnUntraced(function*(number: number, join?: number, own: PeerId.PeerId = id(number)) {
  const options = {
    listen: `${ipOf(number)}:5000`,
    id: own,
    join: join === undefined ? undefined : `${ipOf(join)}:5000`
  }
  const { leave, service } = yield* Machines.inOwnScope(settled(Machines.on(ipOf(number), ChatPeer.make(options))))
  return { ...service, leave, told: yield* Machines.collect(service) }
})

/** A peer with a panel, as a terminal's room has it: 10, joined by 11, which 12 joins. */
const scene = Effect.gen(function*() {
  const peer = yield* visit(10)
  const conversations = Conversations.make<PeerId.PeerId, Message>()
  const journal = Journal.make<ChatEvent.ChatEvent>((event) => ({ text: event._tag, level: "INFO" }))
  const room = { conversations, journal }
  const noting = Stream.runForEach(
    peer.events,
    (event) => event._tag === "Message" ? remember(room, event) : journal.note(event)
  )
  yield* Effect.forkScoped(noting, { startImmediately: true })
  const panel = yield* Chat.make(peer, { room })
  return { peer, panel, near: yield* visit(11, 10), far: yield* visit(12, 11) }
})

Machines.simulation("shows who can be reached and how, neighbours first, and the routes as a graph", function*() {
  const { far, panel } = yield* scene
  assert.deepStrictEqual(yield* membersOf(panel), ["11: direct", "12: 2 hops, over 11"])
  const { nodes } = yield* panel.graph ?? Effect.die("no graph")
  assert.deepStrictEqual(nodes, [
    { id: "10", name: "10", hops: 0 },
    { id: "11", name: "11", hops: 1, via: "11" },
    { id: "12", name: "12", hops: 2, via: "11" }
  ])
  yield* far.leave
  yield* settle
  assert.deepStrictEqual(yield* membersOf(panel), ["11: direct"])
})

Machines.simulation("says things, and keeps what is for those who cannot be reached", function*() {
  const { far, near, panel } = yield* scene
  assert.strictEqual(yield* ask(panel, "send", { target: "12", text: "hello" }), "On its way to 12.")
  yield* far.send(id(10), "hello yourself")
  yield* settle
  assert.deepStrictEqual(yield* said(panel, "12"), ["you: hello", "12: hello yourself"])
  assert.deepStrictEqual(yield* cells(panel, "buffer"), [])

  yield* far.leave
  assert.strictEqual(
    yield* ask(panel, "write", { to: "12", text: "still there?" }),
    "12 cannot be reached now: kept until it can."
  )
  assert.deepStrictEqual(yield* cells(panel, "buffer"), [["12", "1"]])
  assert.deepStrictEqual(yield* membersOf(panel), ["11: direct", "12: cannot be reached (gone)"])
  const back = yield* visit(12, 11)
  yield* settle
  assert.deepStrictEqual(back.told.flatMap((event) => event._tag === "Message" ? [event.data] : []), ["still there?"])
  assert.deepStrictEqual(yield* cells(panel, "buffer"), [])
  assert.deepStrictEqual(yield* said(panel, "11"), [])
  yield* near.leave
})

Machines.simulation("refuses what cannot be sent, in the words of the terminal, and logs it", function*() {
  const { panel } = yield* scene
  assert.strictEqual(
    yield* ask(panel, "write", { to: "bob", text: "hi" }),
    "! \"bob\" is no id: ids are whole numbers from 1 to 9223372036854775807."
  )
  assert.strictEqual(yield* ask(panel, "send", { target: "11", text: "  " }), "! Say what to tell 11.")
  assert.strictEqual(
    yield* ask(panel, "write", { to: "10", text: "hi" }),
    "! You cannot send a message to yourself. Give the id of another peer."
  )
  const lines = yield* panel.log?.since(-1) ?? Effect.succeed([])
  assert.match(lines.at(-1)?.text ?? "", /^Nothing was sent to 10\./)
  assert.deepStrictEqual(yield* panel.log?.since(lines.at(-1)?.n ?? -1) ?? Effect.succeed([]), [])
})

Machines.simulation("shows long ids by their ends, whole ones beside them, and keeps them apart", function*() {
  yield* visit(10)
  const long = 9_223_372_036_854_775_807n
  const peer = yield* visit(11, 10)
  const panel = yield* Chat.make(peer)
  yield* visit(12, 10, PeerId.make(long))
  const [, far] = yield* panel.members
  assert.deepStrictEqual([far?.id, far?.name, far?.detail], [String(long), "92233…75807", String(long)])
  assert.strictEqual(yield* ask(panel, "send", { target: String(long), text: "hi" }), `On its way to ${long}.`)
})

Machines.simulation("without a terminal remembers what is said itself, and has no log", function*() {
  const peer = yield* visit(10)
  const panel = yield* Chat.make(peer)
  const other = yield* visit(11, 10)
  yield* other.send(id(10), "hello")
  yield* settle
  assert.deepStrictEqual(yield* said(panel, "11"), ["11: hello"])
  assert.deepStrictEqual(yield* said(panel, "nobody"), [])
  assert.isUndefined(panel.log)
  assert.isFalse((yield* panel.about).log)
})

Machines.simulation("says in words that a sender is another, and how the peer is", function*() {
  const { near, panel, peer } = yield* scene
  assert.deepStrictEqual(yield* panel.status, { tone: "good", word: "in the network" })
  const conversations = Conversations.make<PeerId.PeerId, Message>()
  yield* remember({ conversations }, {
    _tag: "Message",
    from: id(12),
    to: id(10),
    via: id(13),
    sender: "Mismatch",
    data: "I am 12"
  })
  const liar = yield* Chat.make(peer, { room: { conversations, journal: Journal.make(() => undefined) } })
  assert.deepStrictEqual(yield* said(liar, "12"), ["12: I am 12 (not from whom it says)"])
  const joined = yield* Chat.make(near)
  yield* peer.leave
  assert.deepStrictEqual(yield* joined.status, {
    tone: "bad",
    word: "left",
    sentence: "It is over: the connection ended. Start it again to go on."
  })
})

Machines.simulation("shows events as programs see them, and knows for each which parts it changes", function*() {
  const { panel, peer } = yield* scene
  const told = peer.told.map((event) => panel.encode(event))
  assert.deepInclude(told, { event: "Joined", peer: id(11) })
  decided(panel, Chat.touched, ChatEvent.ChatEvent.cases)
  assert.deepStrictEqual(panel.touches({ _tag: "Joined", peer: id(11) }), ["members", "graph", "table:buffer"])
})
