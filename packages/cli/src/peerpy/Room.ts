/** A PeerPy room: the events of a peer, the language of its lines, what it remembers, and how all that is shown. */
import { type Peer, PeerPyError } from "@peerage/peerpy"
import { Deferred, Effect, Queue, Stream, SubscriptionRef } from "effect"
import * as Room from "../before/Room.ts"
import * as Stage from "../before/Stage.ts"
import * as Teller from "../before/Teller.ts"
import { type Event, told } from "./Answer.ts"
import * as Asking from "./Asking.ts"
import { complete } from "./Complete.ts"
import * as Connections from "./Connections.ts"
import type { Role } from "./Line.ts"
import * as Memory from "./Memory.ts"
import { obey } from "./Obey.ts"
import { render } from "./Render.ts"

/** What kind of room it is. */
export interface Setting {
  readonly json: boolean
  readonly role: Role
  /** True where a person is asked about offers. */
  readonly asks?: boolean | undefined
}

/** How somebody enters. */
export interface Entry {
  /** For people, in place of `Listening`. */
  readonly welcome?: ReadonlyArray<string> | undefined
  /** The connection that is all there is to the room; it opens first, and its end is the room's. */
  readonly only?: Connections.Call | undefined
}

// Between the library, which holds as many events as it is told to, and the screen.
const held = 1024

/** Sets the stage before there is a peer; `enter` brings the peer to it. */
export const open = Effect.fnUntraced(function*({ asks = false, json, role }: Setting) {
  const happened = yield* Queue.bounded<Event>(held)
  const notice: Connections.Tell = (event) => Effect.sync(() => void Queue.offerUnsafe(happened, event))
  const asking = Asking.make(({ peer, remote }) => notice({ _tag: "Withdrawn", peer, remote }))
  let connected = (): ReadonlyArray<string> => []
  const stage = yield* Stage.set(
    json,
    complete(role, () => ({ peers: connected(), askers: asking.waiting().map(({ peer }) => peer) }))
  )
  const [conversations, journal] = [Memory.conversations(), Memory.journal()]

  const note = (event: Event): Effect.Effect<void> =>
    event._tag === "Data"
      ? conversations.file({ peer: event.peer, own: false, type: event.type, data: event.data })
      : journal.note(event)
  /** Remembers what is told, a batch at a time. */
  const noting = (tell: Teller.Teller<Event>): Teller.Teller<Event> => (events, asked) =>
    Effect.andThen(Effect.forEach(events, note, { discard: true }), tell(events, asked))

  const enter = Effect.fnUntraced(function*(peer: Peer.PeerService, { only, welcome = [] }: Entry) {
    connected = () => SubscriptionRef.getUnsafe(peer.connections).map((connection) => connection.peer)
    const [scope, ended] = [yield* Effect.scope, yield* Deferred.make<never, PeerPyError.ReceiveError>()]
    const call = Connections.open(peer, notice, scope)
    const begin = Effect.fnUntraced(function*(to: Connections.Call) {
      const { closed } = yield* call(to)
      const end = Effect.flatMap(closed, (reason) => Deferred.fail(ended, new PeerPyError.ReceiveError({ reason })))
      yield* Effect.forkIn(end, scope)
    })
    const copied = Stream.runForEachArray(peer.events, (events) => Queue.offerAll(happened, events.map(told)))
    yield* Effect.forkScoped(copied, { startImmediately: true })

    yield* Room.run<Event, PeerPyError.ConnectError | PeerPyError.ReceiveError>({
      screen: stage.screen,
      tell: noting(
        stage.kind === "Json"
          ? Teller.programs()
          : Teller.people(stage.screen, render({ style: stage.screen.style, role, welcome, asks }))
      ),
      events: Stream.fromQueue(happened),
      // Only now, as nothing that happens from here on is missed.
      opening: Effect.as(only === undefined ? Effect.void : begin(only), [{ _tag: "Listening", address: peer.self }]),
      obey: obey({ role, peer, open: call, asking, conversations, journal }),
      over: Deferred.await(ended)
    })
  })
  return { stage, ask: asking.ask, serve: Connections.read(notice), enter }
})
