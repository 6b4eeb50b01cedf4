/**
 * What a router has to tell the world: its events at once, in their order, and who can be reached as a list.
 *
 * A list costs time with its length, so after each there is a pause, the longer the longer the list: a neighbour whose
 * peers come and go without end costs a small part of the time. The first change is told at once, the last one always.
 */
import { Timeouts } from "@peerage/transport"
import { Effect, Latch, SubscriptionRef } from "effect"
import type { ChatEvent, Peer } from "../ChatEvent.ts"
import type { Events } from "./Events.ts"

// A list of 10,000 takes some milliseconds and is made every 100 at most; one below 100 has no pause.
const peersPerMillisecond = 100

/** Milliseconds between a list of so many peers and the next one. */
const pauseAfter = (peers: number): number => Math.floor(peers / peersPerMillisecond)

/** What news are of, and where they go. */
export interface Newsroom {
  readonly events: Events
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<Peer>>
  /** Who can be reached at this moment. */
  readonly list: () => ReadonlyArray<Peer>
}

/** Plain state: what happened and was not told yet. */
export class News {
  private readonly room: Newsroom
  private untold: Array<ChatEvent> = []
  private changed = false
  private due = -Infinity
  /** Open while a list waits for the end of a pause. */
  private readonly waiting: Latch.Latch = Latch.makeUnsafe(false)

  constructor(room: Newsroom) {
    this.room = room
  }

  /** Adds an event. */
  add(event: ChatEvent): void {
    this.untold.push(event)
  }

  /** Notes that who can be reached, or how, is no longer what was told. */
  change(): void {
    this.changed = true
  }

  /** Publishes what has happened, the list only where there is no pause. */
  readonly tell: Effect.Effect<void> = Effect.suspend(() => this.tellUnsafe() ?? Effect.void)

  /** `tell` for a callback. Gives what is left to do, `undefined` where that is nothing. */
  tellUnsafe(): Effect.Effect<void> | undefined {
    if (this.changed) return Effect.flatMap(Timeouts.now, (at) => at < this.due ? this.putOff : this.tellAll)
    this.tellEvents()
    return undefined
  }

  /** Never ends: tells each list that had to wait. */
  readonly catchUp: Effect.Effect<never> = Effect.gen({ self: this }, function*() {
    while (true) {
      yield* this.waiting.await
      yield* Timeouts.pause(this.due - (yield* Timeouts.now))
      yield* this.tell
    }
  })

  private tellEvents(): void {
    if (this.untold.length === 0) return
    const told = this.untold
    this.untold = []
    this.room.events.publishUnsafe(told)
  }

  private readonly putOff: Effect.Effect<void> = Effect.sync(() => {
    this.waiting.openUnsafe()
    this.tellEvents()
  })

  private readonly tellAll: Effect.Effect<void> = Effect.suspend(() => {
    const peers = this.room.list()
    const told = this.untold
    this.untold = []
    this.changed = false
    this.waiting.closeUnsafe()
    return Effect.flatMap(Timeouts.now, (at) => {
      // From the end of the work on: a busy machine has the same pauses.
      this.due = at + pauseAfter(peers.length)
      return Effect.andThen(
        SubscriptionRef.set(this.room.peers, peers),
        this.room.events.publish([...told, { _tag: "Peers", peers }])
      )
    })
  })
}
