/**
 * The state of a peer in a reference. Each change is one synchronous step, for which `router/` has pure functions. Then
 * the fibers that waited for it go on, and its events are published.
 */
import { Timeouts } from "@peerage/transport"
import { Clock, Effect, Latch, MutableRef, Semaphore, SubscriptionRef } from "effect"
import type { ChatConfig } from "../ChatConfig.ts"
import { DuplicateId, type TooMany } from "../ChatError.ts"
import type { EndReason, Kept, Peer } from "../ChatEvent.ts"
import type { PeerMessage } from "../codec/Message.ts"
import type { PeerId } from "../codec/PeerId.ts"
import type { Queue } from "../exchange/Conversation.ts"
import type { Events } from "./Events.ts"
import type { Connected } from "./router/Neighbour.ts"
import * as Neighbours from "./router/Neighbours.ts"
import * as Publisher from "./router/Publisher.ts"
import * as RouterState from "./router/RouterState.ts"
import * as Text from "./router/Text.ts"
import * as Routing from "./routing/Routing.ts"
import * as Store from "./store/Store.ts"

/** What connections and the application do with a peer's state. */
export interface Router {
  readonly self: PeerId
  readonly config: ChatConfig
  /** Takes in a neighbour. Succeeds with what is to be sent to it. Fails when its id is taken. */
  readonly attach: (peer: Omit<Connected, "filled">) => Effect.Effect<Queue, DuplicateId>
  /** Lets a neighbour go, with every peer that was reached through it. */
  readonly detach: (id: PeerId, reason: EndReason) => Effect.Effect<void>
  /** Handles what a neighbour sent. Fails when it announced too many peers. */
  readonly receive: (id: PeerId, messages: ReadonlyArray<PeerMessage>) => Effect.Effect<void, TooMany>
  /** Sends own text, see `Text.send`. */
  readonly send: (texts: Text.Texts, room?: Latch.Latch) => Effect.Effect<Text.Sending>
  /** The number of neighbours that joined this peer. */
  readonly joiners: Effect.Effect<number>
  /** True for a neighbour that is reached another way too. */
  readonly isInCircle: (id: PeerId) => Effect.Effect<boolean>
  /** Messages in the store, by receiver. */
  readonly buffer: Effect.Effect<ReadonlyArray<Kept>>
  /** Never ends: gives up what was stored for too long, and publishes the lists that had to wait. */
  readonly run: Effect.Effect<never>
  /** From now on the end of connections is no news. */
  readonly close: Effect.Effect<void>
}

/** Where a router publishes. */
export interface Options {
  readonly config: ChatConfig
  readonly events: Events
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<Peer>>
}

/** A pure change of the state, with a result. */
type Step<A> = (state: RouterState.RouterState) => readonly [A, RouterState.RouterState]

/** The router of a peer without neighbours. */
export const make = Effect.fnUntraced(function*(
  self: PeerId,
  { config, events, peers }: Options
): Effect.fn.Return<Router> {
  const state = MutableRef.make(RouterState.empty(self, config))
  const lists = yield* Semaphore.make(1)
  const clock = yield* Clock.Clock
  const now = () => Timeouts.read(clock)

  const modify = <A>(step: Step<A>): A => {
    const [result, next] = step(MutableRef.get(state))
    MutableRef.set(state, next)
    return result
  }

  const look = <A>(read: (state: RouterState.RouterState) => A): Effect.Effect<A> =>
    Effect.sync(() => read(MutableRef.get(state)))

  /** One change, and what follows from it. */
  const change = <A>(step: Step<A>): Effect.Effect<A> =>
    Effect.uninterruptible(Effect.suspend(() => {
      const result = Effect.succeed(modify(step))
      const { opened, publishes } = modify(RouterState.conclude)
      const published = publishes ? Effect.andThen(isListDue() ? publishList : publishEvents, result) : result
      return opened.reduceRight((rest, latch) => Effect.andThen(latch.open, rest), published)
    }))

  const isListDue = () => Publisher.isListDue(MutableRef.get(state).publisher, now())

  const ofPublisher = <A>(step: (publisher: Publisher.Publisher) => readonly [A, Publisher.Publisher]): A =>
    modify((state) => {
      const [result, publisher] = step(state.publisher)
      return [result, { ...state, publisher }]
    })

  const publishEvents = events.publishFrom(() => ofPublisher(Publisher.take))

  /** Publishes a list, then the events that led to it; one list at a time, so that none replaces a newer one. */
  const publishList = lists.withPermit(Effect.gen(function*() {
    if (!isListDue()) return yield* publishEvents
    const list = Routing.peers(MutableRef.get(state).table)
    // The pause begins after that work, so a busy machine has the same pauses.
    ofPublisher((publisher) => [undefined, Publisher.pause(publisher, list.length, now())])
    yield* SubscriptionRef.set(peers, list)
    yield* events.publishFrom(() => [...ofPublisher(Publisher.take), { _tag: "Peers", peers: list }])
  }))

  const queue = (id: PeerId, filled: Latch.Latch): Queue => ({
    filled: filled.await,
    // Closed first: what is queued from now on opens it again.
    take: (most) => Effect.andThen(filled.close, change((state) => Neighbours.take(state, id, most)))
  })

  const run = Effect.gen(function*() {
    while (true) {
      const earlier = yield* Latch.make()
      const until = yield* change((state) => RouterState.watch(state, earlier))
      const due = until === Infinity ? Effect.never : Timeouts.pause(until - now())
      yield* Effect.raceFirst(earlier.await, due)
      yield* change((state) => [undefined, Text.expire(state, now())])
    }
  })

  return {
    self,
    config,
    attach: Effect.fnUntraced(function*(peer) {
      const filled = yield* Latch.make()
      const isAttached = yield* change((state) => Neighbours.attach(state, { ...peer, filled }))
      return isAttached ? queue(peer.id, filled) : yield* new DuplicateId({ id: peer.id })
    }),
    detach: (id, reason) => change((state) => [undefined, Neighbours.detach(state, id, { reason, at: now() })]),
    receive: (id, messages) =>
      Effect.flatMap(
        change((state) => Neighbours.receive(state, id, { messages, at: now() })),
        (excess) => excess === undefined ? Effect.void : Effect.fail(excess)
      ),
    send: (texts, room) => change((state) => Text.send(state, texts, { at: now(), room })),
    joiners: look(RouterState.joiners),
    isInCircle: (id) => look(({ table }) => Routing.isInCircle(table, id)),
    buffer: look(({ store }) => Store.rows(store)),
    run,
    close: change((state) => [undefined, { ...state, closed: true }])
  }
})
