/** What the page knows of a running peer, from the frames that came. */
import { batch, computed, signal } from "@preact/signals"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import {
  bounds,
  type Frame,
  type Graph,
  type Happening,
  type Line,
  type Member,
  type Rows,
  type Said,
  type Status,
  type Transfer
} from "../../src/api/Frame.ts"
import { about, type Calls, heed } from "../link.ts"
import { takeMeters } from "./meters.ts"
import { chosen, hidden, tab } from "./view.ts"

/** How the peer says that it is. */
export const status = signal<Status>({ tone: "waiting", word: "connecting" })
/** Who is here, the most of them. */
export const members = signal<{ readonly list: ReadonlyArray<Member>; readonly more: number }>({ list: [], more: 0 })
/** Rows by the names of their tables. */
export const tables = signal<Readonly<Record<string, Rows>>>({})
/** The network as the peer sees it. */
export const graph = signal<Graph>({ nodes: [], more: 0 })
/** Files on their way. */
export const transfers = signal<ReadonlyArray<Transfer>>([])
/** Messages by conversation, oldest first. */
export const said = signal<ReadonlyMap<string, ReadonlyArray<Said>>>(new Map())
/** Conversations whose beginning is here. */
export const whole = signal<ReadonlySet<string>>(new Set())
/** The log. */
export const lines = signal<ReadonlyArray<Line>>([])
/** The latest events. */
export const happenings = signal<ReadonlyArray<Happening>>([])
/** Messages by conversation that nobody has looked at. */
export const unread = signal<ReadonlyMap<string, number>>(new Map())
/** When the last frame was made, in whole seconds: the page has no clock of its own. */
export const now = signal(0)
/** Events of the last ten seconds, and how many of them were too many to show. */
export const loudness = signal<
  ReadonlyArray<{ readonly at: number; readonly counted: number; readonly skipped: number }>
>(
  []
)

/** Members by their ids. */
export const memberById = computed(() => new Map(members.value.list.map((member) => [member.id, member] as const)))

/** True when the last frame had more messages than anybody sees come one by one. */
export const crowded = signal(false)

/** Messages of a frame that are seen to come one by one. */
const few = 8

/** How many messages, lines and events a page keeps. */
const most = { said: 2000, lines: 1000, happenings: 1000 } as const

/** The list with what is newer than all of it, bounded. */
const append = <A extends { readonly n: number }>(
  list: ReadonlyArray<A>,
  more: ReadonlyArray<A>,
  bound: number
): ReadonlyArray<A> => {
  const last = list.at(-1)?.n ?? -1
  const news = more.filter(({ n }) => n > last)
  return news.length === 0 ? list : [...list, ...news].slice(-bound)
}

const byConversation = (messages: ReadonlyArray<Said>): ReadonlyMap<string, ReadonlyArray<Said>> =>
  Map.groupBy(messages, ({ conversation }) => conversation)

/** True when a first frame has all messages of its conversation: it has fewer where they are many, or long. */
const isAll = (news: ReadonlyArray<Said>): boolean =>
  news.length < bounds.messages && JSON.stringify(news).length < bounds.frame / 2

const takeSaid = ({ first, said: news }: Frame): void => {
  crowded.value = first || news.length > few
  if (first) {
    const open = chosen.peek()
    if (isAll(news)) whole.value = new Set(whole.peek()).add(open)
    said.value = new Map(said.peek()).set(open, news.filter(({ conversation }) => conversation === open))
    return
  }
  if (news.length === 0) return
  const next = new Map(said.peek())
  const waiting = new Map(unread.peek())
  for (const [conversation, messages] of byConversation(news)) {
    next.set(conversation, append(next.get(conversation) ?? [], messages, most.said))
    const looked = conversation === chosen.peek() && tab.peek() === "talk" && !hidden.peek()
    const others = messages.filter(({ own }) => !own).length
    if (!looked && others > 0) waiting.set(conversation, (waiting.get(conversation) ?? 0) + others)
  }
  said.value = next
  unread.value = waiting
}

const takeCounts = ({ at, counted, skipped }: Frame): void => {
  const kept = loudness.peek().filter((count) => at - count.at < 10_000)
  if (skipped > 0 || kept.some((count) => count.skipped > 0)) loudness.value = [...kept, { at, counted, skipped }]
  else if (kept.length !== loudness.peek().length) loudness.value = kept
}

/** Opens the only conversation that there is, where nothing is said to everybody. */
const choose = ({ list }: NonNullable<Frame["members"]>): void => {
  const [only, another] = list
  if (about.peek()?.everybody !== false || chosen.peek() !== "") return
  if (only !== undefined && another === undefined) chosen.value = only.id
}

/** Takes one frame. */
export const take = (frame: Frame): void =>
  batch(() => {
    now.value = Math.floor(frame.at / 1000) * 1000
    if (frame.status !== undefined) status.value = frame.status
    if (frame.members !== undefined) {
      members.value = frame.members
      if (frame.first) choose(frame.members)
    }
    if (frame.tables !== undefined) tables.value = { ...tables.peek(), ...frame.tables }
    if (frame.graph !== undefined) graph.value = frame.graph
    if (frame.transfers !== undefined) transfers.value = frame.transfers
    takeSaid(frame)
    lines.value = frame.first ? frame.lines : append(lines.peek(), frame.lines, most.lines)
    happenings.value = append(happenings.peek(), frame.happenings, most.happenings)
    takeCounts(frame)
    if (frame.meters !== undefined) takeMeters(frame.at, frame.meters)
  })

/** Puts what was said earlier before what is here. */
export const takeHistory = (conversation: string, earlier: ReadonlyArray<Said>): void =>
  batch(() => {
    const here = said.peek().get(conversation) ?? []
    const before = here[0]?.n ?? Number.POSITIVE_INFINITY
    said.value = new Map(said.peek()).set(conversation, [...earlier.filter(({ n }) => n < before), ...here])
    if (earlier.length === 0) whole.value = new Set(whole.peek()).add(conversation)
  })

/** Forgets that a conversation has news. */
export const look = (conversation: string): void => {
  if (!unread.peek().has(conversation)) return
  const rest = new Map(unread.peek())
  rest.delete(conversation)
  unread.value = rest
}

/** Waits until the browser is ready to draw. One that shows nothing is not asked to. */
const ready = Effect.suspend(() => hidden.peek() ? Effect.void : Effect.timeoutOption(drawing, "1 second"))

const drawing = Effect.callback<void>((resume) => {
  const request = requestAnimationFrame(() => resume(Effect.void))
  return Effect.sync(() => cancelAnimationFrame(request))
})

/**
 * Follows a peer: watches the open conversation, and less often while nobody sees the page. A frame is taken when the last
 * one is drawn, and two wait at most: where drawing is slow, the peer makes fewer.
 */
export const follow = (calls: Calls): Effect.Effect<void, unknown> =>
  heed(
    () => ({ conversation: chosen.value, hidden: hidden.value }),
    (looked) => Stream.tap(calls.Watch(looked, { streamBufferSize: 1 }), () => ready),
    take
  )

/** The title of the page: who it is, and how much waits. */
export const title = computed(() => {
  const waiting = [...unread.value.values()].reduce((sum, count) => sum + count, 0)
  const name = about.value === undefined ? "Peerage" : `${about.value.protocol} ${about.value.role} - Peerage`
  return waiting > 0 ? `(${waiting}) ${name}` : name
})
