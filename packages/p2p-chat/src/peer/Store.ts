/**
 * Store-and-forward: messages for peers that cannot be reached, oldest first for each, bounded in number, bytes and age.
 * Nothing compares contents: three times the same text are three messages. (P2P-CHAT.md, sections 3.2b, 4.2 and 7.)
 *
 * Where a bound is reached, the oldest message of the heaviest neighbour makes room, so a flood only pushes out itself.
 * Own messages that were accepted go with age alone.
 */
import { Duration } from "effect"
import type { ChatConfig } from "../ChatConfig.ts"
import type { Kept } from "../ChatEvent.ts"
import type { Chat } from "../codec/Message.ts"
import type { PeerId } from "../codec/PeerId.ts"
import { Line, type Stored } from "./Line.ts"
import { Shares } from "./Shares.ts"

/** The bounds of a store. */
export type Limits = Pick<ChatConfig, "maxStored" | "maxStoredBytes" | "maxStoredFor">

/** Where a message comes from, and when. */
export interface Arrival {
  /** The host of the neighbour that it came from, or `self`. */
  readonly origin: string
  /** Milliseconds of the clock. One that was set back does not keep a message for less time. */
  readonly at: number
  /** The neighbour that it came from, where it would go back to that one. */
  readonly from?: PeerId
}

/** Messages for one receiver that were given up. */
export interface Discarded {
  readonly to: PeerId
  readonly messages: number
}

/** Whether a message was kept, and what made room for it. */
export interface Putting {
  readonly kept: boolean
  /** Messages kept before that are kept no longer. */
  readonly discarded: ReadonlyArray<Discarded>
}

/** A message that was kept, and where it came from. */
export type Taken = Pick<Stored, "message" | "origin">

/** Where messages go that are kept no longer. */
export interface Destination {
  readonly isFull: boolean
  readonly put: (taken: Taken) => void
}

/** The origin of the peer's own messages. */
export const self = "self"

// What a kept message takes beside its text: the message, its two ids, its places in three lines.
const overhead = 512

/** What a message counts for against `maxStoredBytes`: about the memory it takes, two bytes for a unit of its text. */
export const bytesOf = (message: Chat): number => 2 * message.text.length + overhead

const tally = (messages: ReadonlyArray<Stored>): ReadonlyArray<Discarded> => {
  // As is the case nearly always.
  if (messages.length === 0) return []
  const counts = new Map<PeerId, number>()
  for (const { message } of messages) counts.set(message.to, (counts.get(message.to) ?? 0) + 1)
  return Array.from(counts, ([to, count]) => ({ to, messages: count }))
}

/** Messages that wait for their receivers. */
export class Store {
  private readonly all = new Line("all")
  private readonly own = new Line("origin")
  private readonly shares: Shares
  private readonly receivers = new Map<PeerId, Line>()
  private readonly limits: Limits
  private readonly lifetime: number
  private puttings = 0

  constructor(limits: Limits) {
    this.limits = limits
    this.lifetime = Duration.toMillis(limits.maxStoredFor)
    this.shares = new Shares(limits)
  }

  /** Messages kept. */
  get size(): number {
    return this.all.length
  }

  /** What they count for, see `bytesOf`. */
  get bytes(): number {
    return this.all.bytes
  }

  /** When the next message becomes too old, in milliseconds of the clock; Infinity when none ever does. */
  get earliest(): number {
    return (this.all.first?.at ?? Infinity) + this.lifetime
  }

  /** How many messages are kept for whom, the longest kept first. Takes time with the number of receivers. */
  get rows(): ReadonlyArray<Kept> {
    return Array.from(this.receivers)
      .sort(([, a], [, b]) => (a.first?.order ?? 0) - (b.first?.order ?? 0))
      .map(([id, { length }]) => ({ id, messages: length }))
  }

  /** True when something is kept for this receiver. */
  has(to: PeerId): boolean {
    return this.receivers.has(to)
  }

  /**
   * Keeps a message. Not kept: an own message when own messages leave no room for it, or one from elsewhere when they
   * do, or when it is all that the heaviest origin has.
   */
  put(message: Chat, { at, from, origin }: Arrival): Putting {
    const bytes = bytesOf(message)
    if (this.exceeds(this.own.length + 1, this.own.bytes + bytes)) return { kept: false, discarded: [] }
    const none = { before: undefined, after: undefined }
    const stored: Stored = {
      message,
      origin,
      from,
      bytes,
      at: Math.max(at, this.all.last?.at ?? at),
      order: this.puttings++,
      neighbours: { all: { ...none }, origin: { ...none }, receiver: { ...none } }
    }
    this.add(stored)
    const discarded = this.makeRoom()
    return { kept: discarded.at(-1) !== stored, discarded: tally(discarded.filter((gone) => gone !== stored)) }
  }

  /**
   * Moves what is kept for a receiver into `into`, oldest first, until that is full, but nothing that would go back to the
   * neighbour `towards` where it came from.
   */
  move(to: PeerId, into: Destination, towards?: PeerId): void {
    const line = this.receivers.get(to)
    let next = line?.first
    while (line !== undefined && next !== undefined && !into.isFull) {
      const stored = next
      next = stored.neighbours.receiver.after
      if (stored.from !== undefined && stored.from === towards && stored.order >= line.freed) continue
      this.remove(stored)
      into.put(stored)
    }
  }

  /** From now on what is kept for this receiver may go to whoever it came from, as that one leads to the receiver. */
  free(to: PeerId): void {
    const line = this.receivers.get(to)
    if (line !== undefined) line.freed = this.puttings
  }

  /** Gives up what is too old at `now`, in milliseconds of the clock. */
  expire(now: number): ReadonlyArray<Discarded> {
    const expired: Array<Stored> = []
    while (this.all.first !== undefined && this.earliest <= now) {
      expired.push(this.all.first)
      this.remove(this.all.first)
    }
    return tally(expired)
  }

  private exceeds(messages: number, bytes: number): boolean {
    return messages > this.limits.maxStored || bytes > this.limits.maxStoredBytes
  }

  /** Gives up messages until the bounds hold; the newest is the last to go, where it has to. */
  private makeRoom(): ReadonlyArray<Stored> {
    const discarded: Array<Stored> = []
    while (this.exceeds(this.all.length, this.all.bytes)) {
      const oldest = this.shares.heaviest
      if (oldest === undefined) break
      this.remove(oldest)
      discarded.push(oldest)
    }
    return discarded
  }

  private add(stored: Stored): void {
    this.all.append(stored)
    if (stored.origin === self) this.own.append(stored)
    else this.shares.add(stored)
    const line = this.receivers.get(stored.message.to) ?? new Line("receiver")
    this.receivers.set(stored.message.to, line)
    line.append(stored)
  }

  private remove(stored: Stored): void {
    this.all.remove(stored)
    if (stored.origin === self) this.own.remove(stored)
    else this.shares.remove(stored)
    const line = this.receivers.get(stored.message.to)
    line?.remove(stored)
    if (line?.length === 0) this.receivers.delete(stored.message.to)
  }
}

/** An empty store. */
export const make = (limits: Limits): Store => new Store(limits)
