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
import { Clock, type Duration, Effect, MutableRef } from "effect"
import { constant } from "../codec/Frame.ts"
import { Heartbeat } from "../codec/Message.ts"
import { SlowReader } from "../PyileError.ts"

const beat = constant(Heartbeat, { "<3": true })

/** When the host beats, and where it notes that it was answered, in milliseconds since 1970. */
export interface Beating {
  readonly interval: Duration.Input
  readonly timeout: Duration.Input
  readonly answered?: MutableRef.MutableRef<number> | undefined
}

/**
 * The host's side. Never succeeds: beats, waits for the answer until `timeout`, rests for `interval`; fails with how the
 * connection ended, with `PeerUnresponsive`, or with `SlowReader` where a beat is not even read. An answer that was not
 * asked for does not stand for the next one.
 */
export const initiate = Effect.fnUntraced(function*(
  link: Link.Link,
  { answered, interval, timeout }: Beating
): Effect.fn.Return<never, LinkError.ReceiveError | SlowReader> {
  while (true) {
    yield* Effect.catchTag(link.sendEncoded(beat, timeout), "PeerUnresponsive", () => new SlowReader())
    yield* link.receive(Heartbeat, timeout)
    if (answered !== undefined) MutableRef.set(answered, yield* Clock.currentTimeMillis)
    yield* link.rest(interval)
  }
})

/** The joiner's side. Never succeeds: answers beats until none came for `silence`, then fails with `PeerUnresponsive`. */
export const respond = (link: Link.Link, silence: Duration.Input): Effect.Effect<never, LinkError.ReceiveError> =>
  Effect.forever(
    Effect.andThen(link.receive(Heartbeat, silence), link.sendEncoded(beat, silence)),
    { disableYield: true }
  )
