/** What a session is made of, and whom it tells. */
import type { Accept } from "@peerage/transport/Options"
import type { PeerKey } from "@peerage/transport/PeerKey"
import type { Cipher } from "../noise/Cipher.ts"
import type { Inlet } from "./Inlet.ts"
import type { Session } from "./Session.ts"
import type { StreamIds } from "./StreamIds.ts"

/** What a session begins with, once both ends know each other. */
export interface Established {
  readonly inlet: Inlet
  readonly key: PeerKey
  readonly send: Cipher
  readonly receive: Cipher
  /** Numbers of its streams. Default: all there are. */
  readonly ids?: StreamIds | undefined
}

/** What a session tells. */
export interface SessionOwner {
  /** Takes the streams that the other end opens; `undefined` at the dialer's end. */
  readonly accept: Accept | undefined
  /** The session takes no new streams any more. Called once. */
  readonly retired: (session: Session) => void
  /** The session is over. Called once. */
  readonly over: (session: Session) => void
}
