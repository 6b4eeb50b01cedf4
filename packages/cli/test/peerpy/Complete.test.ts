/** What Tab offers in a PeerPy room, with real peers on a network in memory, and how much of a message is kept. */
import { assert } from "@effect/vitest"
import * as Connections from "@peerage/console/Connections"
import * as Conversations from "@peerage/console/Conversations"
import * as Journal from "@peerage/console/Journal"
import { type Message, remember } from "@peerage/console/PeerPyTalk"
import * as PendingOffers from "@peerage/console/PendingOffers"
import { Peer } from "@peerage/peerpy"
import { MemoryNetwork, PeerAddress, Simulation, Transport } from "@peerage/transport"
import { Effect } from "effect"
import { connectorTable, listenerTable, type PeerPyRoom } from "../../src/peerpy/Commands.ts"
import type { Event } from "../../src/peerpy/Narrate.ts"
import { complete } from "../../src/room/CommandTable.ts"
import { tested } from "../command/InProcess.ts"
import { effect } from "../Test.ts"

const addressOf = (machine: number) => `10.0.0.${machine}:20000`

/** A peer on a machine of its own. */
const begin = Effect.fnUntraced(function*(machine: number, offer?: Peer.PeerOptions["offer"]) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const peer = Peer.make({ listen: addressOf(machine), offer })
  return yield* Effect.provideService(peer, Transport.Transport, network.transport(`10.0.0.${machine}`))
})

tested("completes commands, with those who are connected and those who wait", function*() {
  const offers = PendingOffers.make(() => Effect.void)
  const peer = yield* begin(1, offers.ask)
  const room: PeerPyRoom = {
    peer,
    open: Connections.open(peer, () => Effect.void, yield* Effect.scope),
    offers,
    conversations: Conversations.make(),
    journal: Journal.make<Event>(() => undefined)
  }
  yield* begin(2)
  yield* begin(3)
  const asker = yield* begin(4)
  for (const machine of [2, 3]) yield* room.open({ address: addressOf(machine), type: "json" })
  yield* Effect.forkScoped(asker.connect(addressOf(1), { type: "json" }))
  yield* Simulation.settle
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
  ) assert.deepStrictEqual(complete(listenerTable, room)(line), [[...offered], replaced])
  assert.deepStrictEqual(complete(connectorTable, room)("/ac"), [[], "/ac"])
})

effect("remembers what is small, and of the rest that there was something", function*() {
  const conversations = Conversations.make<PeerAddress.PeerAddress, Message>()
  const peer = PeerAddress.at("10.0.0.2", 20_000)
  for (const data of ["x".repeat(65_534), "x".repeat(65_535)]) {
    yield* remember({ conversations }, { peer, own: false, type: "json", data })
  }
  const [small, large] = yield* conversations.latest
  assert.strictEqual(JSON.stringify(small?.message.data).length, 65_536)
  assert.deepStrictEqual(large?.message.data, { omitted: "TooLarge" })
})
