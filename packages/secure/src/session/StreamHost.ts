/** What a stream is given by its session. */
import type { PeerKey } from "@peerage/transport/PeerKey"
import type * as NetAddress from "effect/net/NetAddress"
import type { Outlet } from "./Outlet.ts"
import type { Stream } from "./Stream.ts"
import type { WindowBudget } from "./Window.ts"

/** What a stream needs of its session. */
export interface StreamHost {
  readonly key: PeerKey
  readonly outlet: Outlet
  readonly windows: WindowBudget
  /** Bytes in a stream from which it is full. */
  readonly sendBuffer: number
  /** Milliseconds of the transport's clock. */
  readonly now: () => number
  readonly atTurnsEnd: (run: () => void) => void
  /** For how long the carrier's peer has taken nothing. */
  readonly stalledFor: () => number
  /** Watches a closed stream that still has something to send, and resets it when it makes no progress. */
  readonly linger: (stream: Stream) => void
  /** The stream is over. */
  readonly forget: (stream: Stream) => void
}

/** Both ends of a stream, and the number that both know it by. */
export interface StreamEnds {
  readonly id: number
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
}
