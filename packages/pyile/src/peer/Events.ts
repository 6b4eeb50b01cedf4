/** A peer's event stream, and the same counted as metrics. */
import { Events as Publishing } from "@peerage/wire"
import { Effect, Metric, type Scope, type Stream } from "effect"
import type { PyileEvent } from "../PyileEvent.ts"

/** A peer's events. */
export interface Events {
  /** Publishes a batch, and counts it. */
  readonly publish: (events: ReadonlyArray<PyileEvent>) => Effect.Effect<void>
  /** What happens from now on. A subscriber that does not keep up loses the oldest; it delays no other. */
  readonly stream: Stream.Stream<PyileEvent>
}

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

/** Counts a batch, changing only the metrics that it touches. */
const count = (peers: Metric.Gauge<number>) =>
  Effect.fnUntraced(function*(events: ReadonlyArray<PyileEvent>) {
    let [messages, deliveries, rejections, bans] = [0, 0, 0, 0]
    let members: number | undefined
    for (const event of events) {
      if (event._tag === "Message") messages++
      else if (event._tag === "Sent") deliveries += event.acknowledged.length + event.written.length
      else if (event._tag === "Rejected") rejections++
      else if (event._tag === "Banned") bans++
      else if (event._tag === "Peers") members = event.peers.length
    }
    if (messages > 0) yield* Metric.update(messagesMetric, messages)
    if (deliveries > 0) yield* Metric.update(deliveriesMetric, deliveries)
    if (rejections > 0) yield* Metric.update(rejectionsMetric, rejections)
    if (bans > 0) yield* Metric.update(bansMetric, bans)
    if (members !== undefined) yield* Metric.update(peers, members)
  })

/** A peer's events for the scope's life; the stream ends with it. `peer` names it in the metrics. */
export const make = Effect.fnUntraced(function*(
  peer: string,
  buffer: number
): Effect.fn.Return<Events, never, Scope.Scope> {
  const peers = Metric.withAttributes(peersMetric, { peer })
  const counting = count(peers)
  yield* Effect.addFinalizer(() => Metric.update(peers, 0))
  const { publish, stream } = yield* Publishing.make<PyileEvent>({ buffer })
  return {
    publish: (events) => events.length === 0 ? Effect.void : Effect.andThen(counting(events), publish(events)),
    stream
  }
})
