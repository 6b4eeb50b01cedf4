/**
 * Proof of life, from the host to each joiner and back, for as long as the connection lives.
 *
 *   joiner                    host
 *     | <--- {"<3": true} ----- |      at once after joining, then 2 s after each answer
 *     | ---- {"<3": true} ----> |
 *
 * Source: docs/wire/pyile.md, section 6.
 */
import type { Link, LinkError } from "@peerage/wire"
import { type Duration, Effect } from "effect"
import { constant } from "../codec/Frame.ts"
import { Heartbeat } from "../codec/Message.ts"
import { SlowReader } from "../PyileError.ts"

const beat = constant(Heartbeat, { "<3": true })

/**
 * The host's side. Never succeeds: beats, waits for the answer until `timeout`, rests for `interval`; fails with how the
 * connection ended, with `PeerUnresponsive`, or with `SlowReader` where a beat is not even read. An answer that was not
 * asked for does not stand for the next one.
 */
export const initiate = Effect.fnUntraced(function*(
  link: Link.Link,
  { interval, timeout }: { readonly interval: Duration.Input; readonly timeout: Duration.Input }
): Effect.fn.Return<never, LinkError.ReceiveError | SlowReader> {
  while (true) {
    yield* Effect.catchTag(link.sendEncoded(beat, timeout), "PeerUnresponsive", () => new SlowReader())
    yield* link.receive(Heartbeat, timeout)
    yield* link.rest(interval)
  }
})

/** The joiner's side. Never succeeds: answers beats until none came for `silence`, then fails with `PeerUnresponsive`. */
export const respond = (link: Link.Link, silence: Duration.Input): Effect.Effect<never, LinkError.ReceiveError> =>
  Effect.forever(
    Effect.andThen(link.receive(Heartbeat, silence), link.sendEncoded(beat, silence)),
    { disableYield: true }
  )
