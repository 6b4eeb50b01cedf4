/** What a peer tells the world: its event stream, and the same counted as metrics. */
import { Effect, Metric, PubSub, type Scope, Stream } from "effect"
import type { PyileEvent } from "../PyileEvent.ts"

/** A peer's events. A subscriber that does not keep up loses the oldest ones; nobody is held up by it. */
export interface Events {
  readonly publish: (events: ReadonlyArray<PyileEvent>) => Effect.Effect<void>
  readonly stream: Stream.Stream<PyileEvent>
}

/** Members known to this peer, itself not counted. */
export const peersMetric = Metric.gauge("peerage_pyile_peers", { description: "Members known to this peer" })
/** Chat messages received. */
export const messagesMetric = Metric.counter("peerage_pyile_messages_received", {
  description: "Chat messages received",
  incremental: true
})
/** Deliveries of chat messages, one for each receiver that was written to. */
export const deliveriesMetric = Metric.counter("peerage_pyile_messages_delivered", {
  description: "Chat messages written to a receiver",
  incremental: true
})
/** Encoded bytes of chat messages, sent and received. */
export const bytesMetric = Metric.counter("peerage_pyile_chat_bytes", {
  description: "Bytes of chat messages sent and received",
  incremental: true
})
/** Connections turned away. */
export const rejectionsMetric = Metric.counter("peerage_pyile_rejections", {
  description: "Connections turned away",
  incremental: true
})
/** Addresses banned. */
export const bansMetric = Metric.counter("peerage_pyile_bans", { description: "Addresses banned", incremental: true })

const count = (event: PyileEvent): Effect.Effect<void> => {
  switch (event._tag) {
    case "Peers":
      return Metric.update(peersMetric, event.peers.length)
    case "Message":
      return Metric.update(messagesMetric, 1)
    case "Sent":
      return Metric.update(deliveriesMetric, event.acknowledged.length + event.written.length)
    case "Rejected":
      return Metric.update(rejectionsMetric, 1)
    case "Banned":
      return Metric.update(bansMetric, 1)
    default:
      return Effect.void
  }
}

/** A peer's events, held for the scope's life; the stream ends with it. */
export const make = (buffer: number): Effect.Effect<Events, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(PubSub.sliding<PyileEvent>(buffer), PubSub.shutdown),
    (pubsub): Events => ({
      publish: (events) => Effect.andThen(PubSub.publishAll(pubsub, events), Effect.forEach(events, count, { discard: true })),
      stream: Stream.fromPubSub(pubsub)
    })
  )
