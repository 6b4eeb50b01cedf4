/** Neighbours come and go, send messages, and take what is queued for them. */
import { Exit } from "effect"
import { DuplicateId, TooMany } from "../../ChatError.ts"
import type { ChatEvent, EndReason } from "../../ChatEvent.ts"
import type { Chat, Join, Leave, PeerMessage } from "../../codec/Message.ts"
import type { PeerId } from "../../codec/PeerId.ts"
import * as IdQueue from "../collections/IdQueue.ts"
import * as SortedMap from "../collections/SortedMap.ts"
import * as Announcing from "../routing/Announcing.ts"
import * as Routing from "../routing/Routing.ts"
import * as Store from "../store/Store.ts"
import {
  type Change,
  type Connected,
  depart,
  isTaken,
  open,
  publish,
  type RouterState,
  withQueue
} from "./RouterState.ts"
import * as SendQueue from "./SendQueue.ts"
import * as Text from "./Text.ts"

/**
 * Takes in a neighbour, to which all other peers are announced. Fails when its id is taken; one that comes back takes its
 * place again, whoever says meanwhile to lead to it.
 */
export const attach = (state: RouterState, peer: Connected): Change<void, DuplicateId> => {
  const { extended, id, role } = peer
  if (isTaken(state, peer)) return [Exit.fail(new DuplicateId({ id })), state]
  const neighbour = { ...peer, queue: SendQueue.empty, blocked: [] }
  const known = Routing.peers(state.table).map((other) => other.id)
  const reserved = new Map([...state.reserved].filter(([other]) => other !== id))
  const attached = withQueue({ ...state, reserved }, neighbour, SendQueue.addIds(neighbour.queue, known))
  const joined: ReadonlyArray<ChatEvent> = role._tag === "Joiner"
    ? []
    : [{ _tag: "Connected", peer: id, address: role.address }]
  const event = { _tag: "Attached", neighbour: id, extended, joined: role._tag === "Joiner" } as const
  return [Exit.void, advance(publish(attached, joined), event).state]
}

/** Lets a neighbour go, with every peer that was reached through it. Text that was not sent to it is passed on again. */
export const detach = (
  state: RouterState,
  id: PeerId,
  { at, reason }: { readonly reason: EndReason; readonly at: number }
): RouterState => {
  const neighbour = state.neighbours.get(id)
  if (neighbour === undefined) return state
  const others = SortedMap.remove(state.neighbours, id)
  const left = depart({ ...state, neighbours: others, queued: state.queued - neighbour.queue.bytes }, neighbour, {
    at,
    reason
  })
  const without = open(left, neighbour.blocked)
  if (state.closed) return without
  const [texts, store] = unsent(state.store, neighbour.queue)
  let next = advance({ ...without, store }, { _tag: "Detached", neighbour: id }, reason).state
  for (const { message, origin } of texts) next = Text.forward(next, [message], { origin, at })
  return neighbour.role._tag === "Joiner"
    ? next
    : publish(next, [{ _tag: "Closed", peer: id, address: neighbour.role.address, reason }])
}

/** All text of a queue in its order: behind what is in it, what had to wait for room. */
const unsent = (
  store: Store.Store,
  { congested, texts }: SendQueue.SendQueue
): readonly [ReadonlyArray<SendQueue.Text>, Store.Store] => {
  const all: Array<SendQueue.Text> = [...texts]
  let rest = store
  for (const to of IdQueue.first(congested)) {
    const [taken, others] = Store.take(rest, to, { room: { messages: Infinity, bytes: Infinity } })
    all.push(...taken)
    rest = others
  }
  return [all, rest]
}

/** Messages that are handled together: announcements in a row; texts in a row from one peer to another. */
type Group =
  | { readonly _tag: "Announcements"; readonly announcements: Array<Join | Leave> }
  | { readonly _tag: "Texts"; readonly texts: [Chat, ...Array<Chat>] }

const grouped = (messages: ReadonlyArray<PeerMessage>): ReadonlyArray<Group> => {
  const groups: Array<Group> = []
  let last: Group | undefined
  for (const message of messages) {
    if (message._tag === "Chat") {
      if (last?._tag === "Texts" && last.texts[0].to === message.to && last.texts[0].from === message.from) {
        last.texts.push(message)
      } else groups.push(last = { _tag: "Texts", texts: [message] })
    } else if (message._tag === "Join" || message._tag === "Leave") {
      if (last?._tag === "Announcements") last.announcements.push(message)
      else groups.push(last = { _tag: "Announcements", announcements: [message] })
    }
  }
  return groups
}

/** Handles what a neighbour sent. Fails when it announced too many peers. */
export const receive = (
  state: RouterState,
  id: PeerId,
  { at, messages }: { readonly messages: ReadonlyArray<PeerMessage>; readonly at: number }
): Change<void, TooMany> => {
  const neighbour = state.neighbours.get(id)
  if (neighbour === undefined) return [Exit.void, state]
  let [next, overflowed] = [state, false]
  for (const group of grouped(messages)) {
    if (group._tag === "Announcements") {
      const step = advance(next, { _tag: "Received", neighbour: id, announcements: group.announcements })
      overflowed ||= step.overflowed
      next = step.state
    } else if (group.texts[0].to === state.table.self) next = deliver(next, id, group.texts)
    else next = Text.forward(next, group.texts, { origin: neighbour.host, at, from: id })
  }
  const limit = state.config.maxPeers
  return [overflowed ? Exit.fail(new TooMany({ of: "peers announced by one neighbour", limit })) : Exit.void, next]
}

/** Delivers text from one peer to the application. */
const deliver = (state: RouterState, via: PeerId, texts: Text.Texts): RouterState => {
  const sender = Routing.judge(state.table, via, texts[0].from)
  return publish(
    state,
    texts.map(({ from, text, to }): ChatEvent => ({ _tag: "Message", from, to, via, sender, data: text }))
  )
}

/** Takes what one turn sends to a neighbour, about `most` segments of text and announcements. */
export const take = (state: RouterState, id: PeerId, most: number): Change<ReadonlyArray<Chat | Join | Leave>> => {
  const neighbour = state.neighbours.get(id)
  if (neighbour === undefined) return [Exit.succeed([]), state]
  const { chats, ids, rest } = SendQueue.take(neighbour.queue, most)
  const { again, announcements, table } = Announcing.announce(state.table, id, ids)
  const queue = SendQueue.addIds(rest, again)
  const left = SendQueue.isEmpty(queue) ? [] : [neighbour.filled]
  const taken = open(withQueue({ ...state, table }, neighbour, queue), left)
  // Text comes first: an original too sends what it stored for a new joiner before it announces others.
  const messages = announcements.length === 0 ? chats : [...chats, ...announcements]
  return [Exit.succeed(messages), Text.relieve(taken, id)]
}

/** Applies an event to the routes: publishes who joined and left, queues announcements, and sends what was stored. */
const advance = (
  state: RouterState,
  event: Routing.Event,
  reason?: EndReason
): { readonly state: RouterState; readonly overflowed: boolean } => {
  const { affected, joined, left, overflowed, table } = Routing.step(state.table, event)
  const behind = event._tag === "Detached" ? "NextHopLeft" : "Withdrawn"
  const reasonOf = (peer: PeerId) => peer === event.neighbour && reason !== undefined ? reason : behind
  const events: ReadonlyArray<ChatEvent> = [
    ...joined.map((peer) => ({ _tag: "Joined", peer } as const)),
    ...left.map((peer) => ({ _tag: "Left", peer, reason: reasonOf(peer) } as const))
  ]
  let next = publish({ ...state, table }, events)
  if (affected.length === 0) return { state: next, overflowed }
  for (const neighbour of state.neighbours.values()) {
    next = withQueue(next, neighbour, SendQueue.addIds(neighbour.queue, affected))
  }
  for (const id of affected) next = Text.release(next, id, event.neighbour)
  return { state: next, overflowed }
}
