/** One of ours, connected to an original that a test holds. */
import type { Connection, DataType, Peer } from "@peerage/peerpy"
import { Effect, Fiber, SubscriptionRef } from "effect"
import { addressOf, settle, visit, type Visitor } from "../peer/Network.ts"
import { connector, listener } from "./Original.ts"

type Options<T extends DataType.DataType> = Connection.ConnectOptions<T>
const bytes: Options<"bytes"> = { type: "bytes" }

/** Has ours ask a listening original for a connection. */
export const ask = Effect.fnUntraced(function*<T extends DataType.DataType>(
  ours: Visitor,
  machine: number,
  options: Options<T>
) {
  const listening = yield* listener(machine)
  const asking = yield* Effect.forkChild(ours.connect(addressOf(machine), options))
  const original = yield* listening.next
  return { asking, original }
})

/** Ours on machine 1, which has connected to an original on machine 9. */
export const connected = Effect.fnUntraced(function*<T extends DataType.DataType = "bytes">(
  options: Options<T>,
  peer: Partial<Peer.PeerOptions> = {}
) {
  const ours = yield* visit(1, peer)
  const { asking, original } = yield* ask(ours, 9, options)
  original.say("ACCEPT")
  yield* settle
  const connection = yield* Fiber.join(asking)
  original.segments.length = 0
  return { ours, original, connection }
})

/** The same for bytes. */
export const connectedForBytes = (peer: Partial<Peer.PeerOptions> = {}) => connected(bytes, peer)

/** Ours on machine 1, to which an original on machine 9 has connected. */
export const visited = Effect.fnUntraced(function*(rest?: string, peer: Partial<Peer.PeerOptions> = {}) {
  const ours = yield* visit(1, peer)
  const original = yield* connector(9, 1, rest)
  original.segments.length = 0
  return { ours, original, connection: yield* onlyConnection(ours) }
})

/** The one connection that a peer has. */
export const onlyConnection = (
  { connections }: Visitor
): Effect.Effect<Connection.AnyConnection> =>
  Effect.flatMap(
    SubscriptionRef.get(connections),
    ([first]) => first === undefined ? Effect.die(new Error("no connection")) : Effect.succeed(first)
  )
