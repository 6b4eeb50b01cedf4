/**
 * The middle of a peer: what any neighbour says comes in here, and goes to the application, to another neighbour, or
 * into the store until there is a way. Every change is one synchronous step; `tell` publishes what followed from it.
 *
 * Nobody waits for anybody: a neighbour that does not read has its text kept in the store, within bounds, and is let go
 * by its own speaking.
 */
import { Effect, Latch, type SubscriptionRef } from "effect"
import type { ChatConfig } from "../ChatConfig.ts"
import { TooMany } from "../ChatError.ts"
import type { Peer, Sent } from "../ChatEvent.ts"
import type { Chat, Join, Leave, PeerMessage } from "../codec/Message.ts"
import type { PeerId } from "../codec/PeerId.ts"
import type { Utterance } from "../exchange/Conversation.ts"
import * as Announcing from "./Announcing.ts"
import type { Events } from "./Events.ts"
import * as Neighbour from "./Neighbour.ts"
import { News } from "./News.ts"
import * as PeerMap from "./PeerMap.ts"
import * as Routing from "./Routing.ts"
import { type Arrival, self as own, Store, type Taken } from "./Store.ts"

/** Why a peer left of which no more is known: the neighbour it was reached through said so. */
const withdrawn = "Withdrawn"

/** Plain state of one peer, changed by its sessions. */
export class Router {
  readonly self: PeerId
  readonly config: ChatConfig
  readonly store: Store
  /** Open while there may be something in the store. */
  readonly keeping: Latch.Latch = Latch.makeUnsafe(false)
  readonly news: News
  private readonly neighbours = new Map<PeerId, Neighbour.Neighbour>()
  private table: Routing.Table
  private closed = false

  constructor(self: PeerId, { config, events, peers }: Surroundings) {
    this.self = self
    this.config = config
    this.news = new News({ events, peers, list: () => Routing.peers(this.table) })
    this.store = new Store(config)
    this.table = Routing.empty(self, config)
  }

  /** True for ids that a newcomer cannot have. */
  readonly isTaken = (id: PeerId): boolean => Routing.isTaken(this.table, id)

  /** True for a neighbour that is reached another way too. */
  readonly isEncircled = (id: PeerId): boolean => Routing.isEncircled(this.table, id)

  /** How many peers joined through this one and are here. */
  get joiners(): number {
    return Array.from(this.neighbours.values()).filter(({ role }) => role === "Joiner").length
  }

  /** Takes in a neighbour whose id is not taken. It is told of everybody, and what was kept for it is said to it. */
  attach(newcomer: Neighbour.Newcomer): Neighbour.Neighbour {
    const neighbour = Neighbour.make(newcomer, this.config)
    this.neighbours.set(neighbour.id, neighbour)
    neighbour.outbox.touch(Routing.peers(this.table).map(({ id }) => id))
    this.advance({ _tag: "Attached", neighbour: neighbour.id, ours: neighbour.ours })
    return neighbour
  }

  /** Lets a neighbour go, and everything that was reached through it. What was not said to it yet is kept. */
  detach(neighbour: Neighbour.Neighbour, reason: string, at: number): void {
    if (this.neighbours.get(neighbour.id) !== neighbour) return
    this.neighbours.delete(neighbour.id)
    if (this.closed) return
    // What had to queue up in the store goes on behind what was first in the outbox.
    const letters = neighbour.outbox.clear()
    const rest = { isFull: false, put: (letter: Taken) => void letters.push(letter) }
    for (const id of neighbour.outbox.congested) this.store.move(id, rest)
    this.advance({ _tag: "Detached", neighbour: neighbour.id }, reason, "NextHopLeft")
    for (const { message, origin } of letters) {
      const sent = this.pass(message, { origin, at })
      if (sent === undefined && origin === own) this.giveUp(message.to, 1)
    }
  }

  /** Takes in what a neighbour said. Fails when it announced too much. */
  hear(neighbour: Neighbour.Neighbour, messages: ReadonlyArray<PeerMessage>, at: number): TooMany | undefined {
    const source: Arrival = { origin: neighbour.host, at, from: neighbour.id }
    let announcements: Array<Join | Leave> = []
    let overflowed = false
    const heard = () => {
      if (announcements.length === 0) return
      const event = { _tag: "Heard", neighbour: neighbour.id, announcements } as const
      overflowed = this.advance(event).overflowed || overflowed
      announcements = []
    }
    for (const message of messages) {
      if (message._tag === "Join" || message._tag === "Leave") announcements.push(message)
      if (message._tag !== "Chat") continue
      heard()
      if (message.to === this.self) this.deliver(message, neighbour)
      else this.pass(message, source)
    }
    heard()
    return overflowed
      ? new TooMany({ of: "peers announced by one neighbour", limit: this.config.maxPeers })
      : undefined
  }

  /** Sends a message of the peer's own; `undefined` when there is neither a way nor room to keep it. */
  send(chat: Chat, at: number): Sent | undefined {
    return this.pass(chat, { origin: own, at })
  }

  /** True when the way to a peer has no room for a message. Where there is no way there is room, as it is kept then. */
  isCrowded(to: PeerId): boolean {
    return this.towards(to)?.outbox.isFull === true
  }

  /** Waits for room on the way to a peer, at most as long as a neighbour may leave a write unread. */
  roomy(to: PeerId): Effect.Effect<void> {
    return Effect.suspend(() => this.towards(to)?.outbox.roomy.await ?? Effect.void)
  }

  /** Takes what is to be said to a neighbour next, about `most` utterances: text cannot hold up what is announced. */
  turn(neighbour: Neighbour.Neighbour, most: number): ReadonlyArray<Utterance> {
    const { outbox } = neighbour
    const chats = outbox.takeLetters(most).map(({ message }) => message)
    const touched = outbox.takeTouched(Math.max(1, most - chats.length))
    const { again, announcements, table } = Announcing.announce(this.table, neighbour.id, touched)
    this.table = table
    outbox.touch(again)
    this.relieve(neighbour)
    outbox.rest()
    // Text first, as an original says what it kept for a newcomer before it tells it of the others.
    return announcements.length === 0 ? chats : [...chats, ...announcements]
  }

  /** Gives up what was kept for too long. */
  expire(at: number): void {
    for (const { messages, to } of this.store.expire(at)) this.giveUp(to, messages, "Expired")
    if (this.store.size === 0) this.keeping.closeUnsafe()
  }

  /** From now on neighbours that go are nobody's business. */
  close(): void {
    this.closed = true
  }

  /** Publishes what has happened. */
  get tell(): Effect.Effect<void> {
    return this.news.tell
  }

  /** `tell` for a callback. Gives what is left to do, `undefined` where that is nothing. */
  tellUnsafe(): Effect.Effect<void> | undefined {
    return this.news.tellUnsafe()
  }

  private advance(event: Routing.Event, reason = withdrawn, behind = withdrawn): Routing.Step {
    const step = Routing.step(this.table, event)
    this.table = step.table
    if (step.changed) this.news.change()
    for (const peer of step.joined) this.news.add({ _tag: "Joined", peer })
    for (const peer of step.left) {
      this.news.add({ _tag: "Left", peer, reason: peer === event.neighbour ? reason : behind })
    }
    for (const { outbox } of this.neighbours.values()) outbox.touch(step.touched)
    for (const id of step.touched) this.release(id, event.neighbour)
    return step
  }

  private deliver(chat: Chat, { id: via }: Neighbour.Neighbour): void {
    const sender = Routing.judge(this.table, via, chat.from)
    this.news.add({ _tag: "Message", from: chat.from, to: chat.to, via, sender, data: chat.text })
  }

  /** The neighbour through which a peer is reached. */
  private towards(id: PeerId): Neighbour.Neighbour | undefined {
    const route = PeerMap.get(this.table.routes, id)
    return route === undefined ? undefined : this.neighbours.get(route.nextHop)
  }

  /** Puts a message on its way, or keeps it. It never goes back to where it came from. */
  private pass(chat: Chat, source: Arrival): Sent | undefined {
    const { at, from, origin } = source
    const next = this.towards(chat.to)
    if (next === undefined) return this.keep(chat, { origin, at })
    if (next.id === from) return this.keep(chat, source)
    if (next.outbox.isFull || next.outbox.congested.has(chat.to)) {
      next.outbox.congested.add(chat.to)
      return this.keep(chat, { origin, at })
    }
    next.outbox.put({ message: chat, origin })
    return next.delivered
  }

  private keep(chat: Chat, arrival: Arrival): Sent | undefined {
    const { discarded, kept } = this.store.put(chat, arrival)
    // What is refused of the peer's own is said to the sender.
    if (!kept && arrival.origin !== own) this.giveUp(chat.to, 1)
    for (const { messages, to } of discarded) this.giveUp(to, messages)
    if (!kept) return undefined
    this.keeping.openUnsafe()
    return { _tag: "Buffered" }
  }

  private giveUp(to: PeerId, messages: number, reason: "BufferFull" | "Expired" = "BufferFull"): void {
    this.news.add({ _tag: "Discarded", to, messages, reason })
  }

  /** Puts what was kept for a peer on its way, as far as there is room for it; `news` is who had something to say of it. */
  private release(id: PeerId, news?: PeerId): void {
    const next = this.store.has(id) ? this.towards(id) : undefined
    if (next === undefined) return
    // Only who announces a receiver anew is given back what it sent for that one.
    if (next.id === news) this.store.free(id)
    const { outbox } = next
    this.store.move(id, outbox, next.id)
    // Where there is room left, what is left would go back to where it came from.
    if (outbox.isFull) outbox.congested.add(id)
    else outbox.congested.delete(id)
  }

  /** Goes on with what had to wait for room in a neighbour's outbox. */
  private relieve({ outbox }: Neighbour.Neighbour): void {
    for (const id of [...outbox.congested]) {
      if (outbox.isFull) return
      outbox.congested.delete(id)
      this.release(id)
    }
  }
}

/** What a router works for. */
interface Surroundings {
  readonly config: ChatConfig
  readonly events: Events
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<Peer>>
}
