/** Our own peer in the role of a recorded original: at the same address, with the same to say and to decide. */
import { Peer, type PeerPyEvent } from "@peerage/peerpy"
import type { Transport } from "@peerage/transport"
import { Duration, Effect, Option, type Scope } from "effect"
import { describeValue } from "./Cues.ts"
import type { Role, Session } from "./Recording.ts"
import { bare, type Token } from "./Transcript.ts"

/** How the originals of a session were set up, where that is not the usual. */
const settings: { readonly [session: string]: Partial<Peer.PeerOptions> } = {
  deny: { offer: () => Effect.succeed(false) },
  deny_none: { offer: () => Effect.succeed(false) }
}
const numbers: { readonly [session: string]: NonNullable<Peer.PeerOptions["config"]> } = {
  ping_probe: { timeout: Duration.seconds(2) },
  max_connections: { maxConnections: 1 }
}

/** The peer that plays a role. */
export const enter = (
  { name }: Session,
  { address }: Role
): Effect.Effect<Peer.PeerService, unknown, Transport.Transport | Scope.Scope> =>
  Peer.make({
    listen: address,
    invisible: true,
    ...settings[name],
    config: { timeout: Duration.seconds(1), ...numbers[name] }
  })

/** What our peer told, in the words of the recording, where it has words for it. */
export const tell = (at: number, event: PeerPyEvent.PeerPyEvent): Option.Option<Token> => {
  switch (event._tag) {
    case "Offer":
      return Option.some(bare(at, `OFFER ${event.peer}`))
    case "Connected":
      return Option.some(bare(at, `CONNECTED ${event.peer}`))
    case "Data":
      return Option.some(bare(at, `GOT ${event.peer}: ${describeValue(event.data)}`))
    case "Closed":
      return Option.some(bare(at, `CLOSED ${event.peer}`))
    default:
      return Option.none()
  }
}
