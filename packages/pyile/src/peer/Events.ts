/** A peer's event stream, and the same counted as metrics. */
import { Events as Publishing } from "@peerage/wire"
import { Effect, Metric, type Scope } from "effect"
import type { PyileConfig } from "../PyileConfig.ts"
import type { PyileEvent } from "../PyileEvent.ts"

/** A peer's events. A subscriber that does not keep up loses the oldest; it delays no other. */
export type Events = Publishing.Events<PyileEvent>

/** Members known to a peer, itself not counted; the attribute `peer` says which peer. */
export const peersMetric = Metric.gauge("peerage_pyile_peers", { description: "Members known to this peer" })

const counter = (name: string, description: string) => Metric.counter(name, { description, incremental: true })

/** Chat messages received. */
export const messagesMetric = counter("peerage_pyile_messages_received", "Chat messages received")
/** Deliveries of chat messages, one for each receiver that was written to. */
export const deliveriesMetric = counter("peerage_pyile_messages_delivered", "Chat messages written to a receiver")
/** Encoded bytes of chat messages, sent and received. */
export const bytesMetric = counter("peerage_pyile_chat_bytes", "Bytes of chat messages sent and received")
/** Connections turned away. */
export const rejectionsMetric = counter("peerage_pyile_rejections", "Connections turned away")
/** Addresses banned. */
export const bansMetric = counter("peerage_pyile_bans", "Addresses banned")

/** What a batch changes in metrics: one update of each that it touches. */
const count = (peers: Metric.Gauge<number>) => (events: ReadonlyArray<PyileEvent>): ReadonlyArray<Publishing.Count> => {
  let [messages, deliveries, rejections, bans] = [0, 0, 0, 0]
  const counts: Array<Publishing.Count> = []
  for (const event of events) {
    if (event._tag === "Message") messages++
    else if (event._tag === "Sent") deliveries += event.acknowledged.length + event.written.length
    else if (event._tag === "Rejected") rejections++
    else if (event._tag === "Banned") bans++
    else if (event._tag === "Peers") counts.push([peers, event.peers.length])
  }
  if (messages > 0) counts.push([messagesMetric, messages])
  if (deliveries > 0) counts.push([deliveriesMetric, deliveries])
  if (rejections > 0) counts.push([rejectionsMetric, rejections])
  if (bans > 0) counts.push([bansMetric, bans])
  return counts
}

/** What a peer takes in a list of all, beside its name, about. */
const bytesPerPeer = 16

const sizeOf = (event: PyileEvent): number => event._tag === "Peers" ? bytesPerPeer * event.peers.length : 0

/** A peer's events for the scope's life; the stream ends with it. `peer` names it in the metrics. */
export const make = Effect.fnUntraced(function*(
  peer: string,
  { eventBuffer: buffer, maxEventBytes: maxBytes }: Pick<PyileConfig, "eventBuffer" | "maxEventBytes">
): Effect.fn.Return<Events, never, Scope.Scope> {
  const peers = Metric.withAttributes(peersMetric, { peer })
  yield* Effect.addFinalizer(() => Metric.update(peers, 0))
  return yield* Publishing.make<PyileEvent>({ buffer, maxBytes, sizeOf, count: count(peers) })
})
