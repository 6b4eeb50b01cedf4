/**
 * The state of a peer in a reference. Each change is one synchronous step, for which `router/` has pure functions. Then
 * the fibers that waited for it go on, and its events are published.
 */
import { Timeouts } from "@peerage/transport"
import type { Budget } from "@peerage/wire"
import { Clock, Effect, Exit, Latch, MutableRef, type SubscriptionRef } from "effect"
import type { ChatConfig } from "../ChatConfig.ts"
import type { DuplicateId, TooMany } from "../ChatError.ts"
import type { EndReason, Peer } from "../ChatEvent.ts"
import type { PeerMessage } from "../codec/Message.ts"
import type { PeerId } from "../codec/PeerId.ts"
import type { Queue } from "../exchange/Conversation.ts"
import type { Events } from "./Events.ts"
import * as Publisher from "./Publisher.ts"
import * as Neighbours from "./router/Neighbours.ts"
import * as RouterState from "./router/RouterState.ts"
import * as Text from "./router/Text.ts"
import * as Routing from "./routing/Routing.ts"

/** What connections and the application do with a peer's state. */
export interface Router {
  readonly self: PeerId
  readonly config: ChatConfig
  /** The state as it is now. */
  readonly state: Effect.Effect<RouterState.RouterState>
  /** The memory for what is unfinished or unread. */
  readonly budget: Budget.Budget
  /**
   * Takes in a neighbour. Succeeds with what is to be sent to it. Fails when its id is taken. `letGo` runs when too
   * much waits for it; the caller then detaches it.
   */
  readonly attach: (
    peer: Omit<RouterState.Connected, "filled">,
    letGo: Budget.LetGo
  ) => Effect.Effect<Queue, DuplicateId>
  /** Lets a neighbour go, with every peer that was reached through it. */
  readonly detach: (id: PeerId, reason: EndReason) => Effect.Effect<void>
  /** Handles what a neighbour sent. Fails when it announced too many peers. */
  readonly receive: (id: PeerId, messages: ReadonlyArray<PeerMessage>) => Effect.Effect<void, TooMany>
  /** Sends own text, see `Text.send`. */
  readonly send: (texts: Text.Texts, room?: Latch.Latch) => Effect.Effect<Text.Sending>
  /** Publishes the list of peers as it is now. */
  readonly publish: Effect.Effect<number>
  /** Never ends: publishes lists of peers, and gives up what was stored for too long. */
  readonly run: Effect.Effect<never>
  /** From now on the end of connections is no news. */
  readonly close: Effect.Effect<void>
}

/** Where a router publishes. */
export interface Options {
  readonly budget: Budget.Budget
  readonly config: ChatConfig
  readonly events: Events
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<Peer>>
}

/** So many bytes may come into queues or leave them before they are counted again: counting looks at all neighbours. */
const uncounted = 65_536

/** The router of a peer without neighbours. */
export const make = Effect.fnUntraced(function*(
  self: PeerId,
  { budget, config, events, peers }: Options
): Effect.fn.Return<Router> {
  const reference = MutableRef.make(RouterState.empty(self, config))
  const [changed, stored] = [yield* Latch.make(), yield* Latch.make()]
  const clock = yield* Clock.Clock
  const now = () => Timeouts.read(clock)

  const publishEvents = events.publishFrom(() => {
    const before = MutableRef.get(reference)
    MutableRef.set(reference, { ...before, events: [] })
    return before.events
  })

  const shares = new Map<PeerId, Budget.Share>()
  let counted = 0
  const count = ({ neighbours, queued }: RouterState.RouterState): void => {
    if (Math.abs(queued - counted) < uncounted) return
    counted = queued
    for (const { id, queue } of neighbours.values()) shares.get(id)?.hold(queue.bytes)
  }

  /** One change, and what follows from it. */
  const change = <A, E>(step: (state: RouterState.RouterState) => RouterState.Change<A, E>): Effect.Effect<A, E> =>
    Effect.uninterruptible(Effect.suspend(() => {
      const before = MutableRef.get(reference)
      const [exit, after] = step(before)
      const { events, opened, store, table } = after
      MutableRef.set(reference, opened.length === 0 ? after : { ...after, opened: [] })
      count(after)
      let follows: Effect.Effect<A, E> = exit
      if (events.length > 0) follows = Effect.andThen(publishEvents, follows)
      for (const latch of opened) follows = Effect.andThen(latch.open, follows)
      if (store.serial !== before.store.serial) follows = Effect.andThen(stored.open, follows)
      return table.routes === before.table.routes ? follows : Effect.andThen(changed.open, follows)
    }))

  const update = (step: (state: RouterState.RouterState) => RouterState.RouterState): Effect.Effect<void> =>
    change((state) => [Exit.void, step(state)])

  const state = Effect.sync(() => MutableRef.get(reference))
  const publisher = { events, peers, changed, list: Effect.map(state, ({ table }) => Routing.peers(table)) }

  /** Gives up each message at its moment. One that comes later becomes too old later. */
  const expire = Effect.gen(function*() {
    while (true) {
      // Closed first: what is stored from now on opens it again.
      yield* stored.close
      const due = Text.due(yield* state)
      yield* due === Infinity ? stored.await : Timeouts.pause(due - now())
      yield* update((state) => Text.expire(state, now()))
    }
  })

  return {
    self,
    config,
    state,
    budget,
    attach: (peer, letGo) =>
      Effect.gen(function*() {
        const filled = yield* Latch.make()
        yield* change((state) => Neighbours.attach(state, { ...peer, filled }))
        shares.set(peer.id, budget.enter(peer.host, letGo))
        return {
          filled: filled.await,
          // Closed first: what is queued from now on opens it again.
          take: (most) => Effect.andThen(filled.close, change((state) => Neighbours.take(state, peer.id, most)))
        }
      }),
    detach: (id, reason) =>
      Effect.suspend(() => {
        shares.get(id)?.leave()
        shares.delete(id)
        return update((state) => Neighbours.detach(state, id, { reason, at: now() }))
      }),
    receive: (id, messages) => change((state) => Neighbours.receive(state, id, { messages, at: now() })),
    send: (texts, room) => change((state) => Text.send(state, texts, { at: now(), room })),
    publish: Publisher.publish(publisher),
    run: Effect.raceFirst(Publisher.run(publisher), expire),
    close: update((state) => ({ ...state, closed: true }))
  }
})
