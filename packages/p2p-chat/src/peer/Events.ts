/** What a peer tells the world: its event stream, and the same counted as metrics. */
import { Events as Telling } from "@peerage/wire"
import { Effect, Metric, type Scope } from "effect"
import type { ChatEvent } from "../ChatEvent.ts"

/** A peer's events. A subscriber that does not keep up loses the oldest ones; nobody is held up by it. */
export type Events = Telling.Events<ChatEvent>

const counter = (name: string, description: string) => Metric.counter(name, { description, incremental: true })

/** Messages received that were for this peer. */
export const messagesMetric = counter("peerage_p2p_chat_messages_received", "Messages received for this peer")
/** Messages of this peer's own, on their way or kept. */
export const sentMetric = counter("peerage_p2p_chat_messages_sent", "Messages sent by this peer")
/** Messages given up for age or want of room. */
export const discardedMetric = counter("peerage_p2p_chat_messages_discarded", "Messages given up")
/** Connections turned away. */
export const rejectionsMetric = counter("peerage_p2p_chat_rejections", "Connections turned away")
/** Peers that can be reached, this one not counted; the attribute `peer` says from which peer. */
export const peersMetric = Metric.gauge("peerage_p2p_chat_peers", { description: "Peers that can be reached" })

/** Counts a batch, touching only the metrics that it changes. */
const count = (events: ReadonlyArray<ChatEvent>, peers: Metric.Gauge<number>): ReadonlyArray<Effect.Effect<void>> => {
  let [messages, sent, discarded, rejections] = [0, 0, 0, 0]
  let reachable: number | undefined
  for (const event of events) {
    if (event._tag === "Message") messages++
    else if (event._tag === "Sent") sent++
    else if (event._tag === "Discarded") discarded += event.messages
    else if (event._tag === "Rejected") rejections++
    else if (event._tag === "Peers") reachable = event.peers.length
  }
  const changes: Array<Effect.Effect<void>> = []
  if (messages > 0) changes.push(Metric.update(messagesMetric, messages))
  if (sent > 0) changes.push(Metric.update(sentMetric, sent))
  if (discarded > 0) changes.push(Metric.update(discardedMetric, discarded))
  if (rejections > 0) changes.push(Metric.update(rejectionsMetric, rejections))
  if (reachable !== undefined) changes.push(Metric.update(peers, reachable))
  return changes
}

/**
 * A peer's events, held for the scope's life; the stream ends with it. `peer` names it in the metrics. Messages that
 * arrive before anybody listens, as those do that were kept for a newcomer, are the first subscriber's.
 */
export const make = Effect.fnUntraced(function*(
  peer: string,
  buffer: number
): Effect.fn.Return<Events, never, Scope.Scope> {
  const peers = Metric.withAttributes(peersMetric, { peer })
  yield* Effect.addFinalizer(() => Metric.update(peers, 0))
  return yield* Telling.make<ChatEvent>({
    buffer,
    count: (events) => count(events, peers),
    awaits: ({ _tag }) => _tag === "Message"
  })
})
