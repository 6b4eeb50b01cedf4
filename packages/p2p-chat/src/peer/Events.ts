/** A peer's event stream, and the same counted as metrics. */
import { Events as Publishing } from "@peerage/wire"
import { Effect, Metric, type Scope } from "effect"
import type { ChatConfig } from "../ChatConfig.ts"
import type { ChatEvent } from "../ChatEvent.ts"

/** A peer's events. A subscriber that does not keep up loses the oldest; it delays no other. */
export type Events = Publishing.Events<ChatEvent>

const counter = (name: string, description: string) => Metric.counter(name, { description, incremental: true })

/** Messages received for this peer. */
export const messagesMetric = counter("peerage_p2p_chat_messages_received", "Messages received for this peer")
/** Messages of this peer's own, sent or stored. */
export const sentMetric = counter("peerage_p2p_chat_messages_sent", "Messages sent by this peer")
/** Messages given up, for their age or for lack of room. */
export const discardedMetric = counter("peerage_p2p_chat_messages_discarded", "Messages given up")
/** Connections refused. */
export const rejectionsMetric = counter("peerage_p2p_chat_rejections", "Connections refused")
/** Peers that can be reached, without this one; the attribute `peer` says from which peer. */
export const peersMetric = Metric.gauge("peerage_p2p_chat_peers", { description: "Peers that can be reached" })

/** What a batch changes in metrics: one update of each that it touches. */
const count = (peers: Metric.Gauge<number>) => (events: ReadonlyArray<ChatEvent>): ReadonlyArray<Publishing.Count> => {
  let [messages, sent, discarded, rejections] = [0, 0, 0, 0]
  const counts: Array<Publishing.Count> = []
  for (const event of events) {
    if (event._tag === "Message") messages++
    else if (event._tag === "Sent") sent++
    else if (event._tag === "Discarded") discarded += event.messages
    else if (event._tag === "Rejected") rejections++
    else if (event._tag === "Peers") counts.push([peers, event.peers.length])
  }
  if (messages > 0) counts.push([messagesMetric, messages])
  if (sent > 0) counts.push([sentMetric, sent])
  if (discarded > 0) counts.push([discardedMetric, discarded])
  if (rejections > 0) counts.push([rejectionsMetric, rejections])
  return counts
}

/** Text and lists up to this size are small: a full buffer of them takes little. */
const small = 1024
const bytesPerPeer = 128

/** About how many bytes of memory a large event takes, in which all but text and lists is small. */
const sizeOf = (event: ChatEvent): number => {
  const bytes = event._tag === "Message" || event._tag === "Sent"
    ? 2 * event.data.length
    : event._tag === "Peers"
    ? bytesPerPeer * event.peers.length
    : 0
  return bytes > small ? bytes : 0
}

/**
 * A peer's events for the scope's life; the stream ends with it. `peer` names the peer in the metrics. Messages that arrive
 * before anybody subscribes, such as stored ones for a new joiner, go to the first subscriber.
 */
export const make = Effect.fnUntraced(function*(
  peer: string,
  { eventBuffer: buffer, maxEventBytes: maxBytes }: Pick<ChatConfig, "eventBuffer" | "maxEventBytes">
): Effect.fn.Return<Events, never, Scope.Scope> {
  const peers = Metric.withAttributes(peersMetric, { peer })
  yield* Effect.addFinalizer(() => Metric.update(peers, 0))
  return yield* Publishing.make<ChatEvent>({
    buffer,
    maxBytes,
    sizeOf,
    count: count(peers),
    awaits: ({ _tag }) => _tag === "Message"
  })
})
