/** Being found: answers who looks for peers, unless and until the peer hides. */
import type { PeerAddress, Transport } from "@peerage/transport"
import { Effect, Stream, SubscriptionRef } from "effect"
import * as Discovery from "../exchange/Discovery.ts"

/** What answering needs. */
export interface Presence {
  readonly transport: Transport.Transport["Service"]
  readonly port: number
  readonly self: PeerAddress.PeerAddress
  readonly invisible: SubscriptionRef.SubscriptionRef<boolean>
}

/** Never fails: answers while the peer is visible. Where it cannot, it says so once and the peer cannot be found. */
export const run = ({ invisible, port, self, transport }: Presence): Effect.Effect<void> =>
  Stream.runDrain(
    Stream.switchMap(SubscriptionRef.changes(invisible), (hidden) =>
      hidden ? Stream.empty : Stream.fromEffectDrain(answering(transport, port, self)))
  )

const answering = (
  transport: Transport.Transport["Service"],
  port: number,
  self: PeerAddress.PeerAddress
): Effect.Effect<void> =>
  Effect.scoped(Discovery.respond(transport, port, self)).pipe(
    Effect.catch((error) =>
      Effect.logWarning(`this peer cannot be found by others: UDP port ${port} cannot be used (${error.reason._tag})`)
    )
  )
