/**
 * Recorded sessions of originals, whatever protocol they speak: who dialed whom, which original was at which end, and
 * what each end then sent. A role is one original's part in a session. What is not a role was a plain socket.
 */

/** An end of a connection. */
export type Side = "opener" | "acceptor"

/** One thing that an end of a connection did. */
export interface Happening {
  /** Milliseconds since the session began. */
  readonly at: number
  readonly by: Side
  /** The bytes of a segment, or a segment without any. */
  readonly what: Uint8Array | "SYN" | "FIN" | "RST"
}

/** One recorded connection. */
export interface Recorded {
  /** Its number in the session, from 1. */
  readonly number: number
  /** Addresses, `host:port`. */
  readonly opener: string
  readonly acceptor: string
  /** The names of the roles at its ends; `undefined` for a plain socket. */
  readonly roles: { readonly [side in Side]: string | undefined }
  /** True where nobody listened. */
  readonly refused: boolean
  readonly openedAt: number
  /** All that followed its SYN, in order. */
  readonly happenings: ReadonlyArray<Happening>
}

/** One original. */
export interface Role {
  readonly name: string
}

/** A session of originals. */
export interface Session<C extends Recorded = Recorded, R extends Role = Role> {
  readonly name: string
  readonly roles: ReadonlyArray<R>
  readonly connections: ReadonlyArray<C>
}

/** The end of a connection at which a role was; `undefined` where it was at neither. */
export const sideOf = ({ name }: Role, { roles }: Recorded): Side | undefined =>
  roles.opener === name ? "opener" : roles.acceptor === name ? "acceptor" : undefined

/** The other end. */
export const otherSide = (side: Side): Side => side === "opener" ? "acceptor" : "opener"

/** A role in its session, in words. */
export const placeOf = (session: Session, role: Role): string => `${session.name} as ${role.name}`

/** The segments with bytes that one end sent. */
export const segmentsOf = (happenings: ReadonlyArray<Happening>, side: Side): ReadonlyArray<Segment> =>
  happenings.flatMap(({ at, by, what }) => by === side && typeof what !== "string" ? [{ at, bytes: what }] : [])

/** Bytes, and when they were sent. */
export interface Segment {
  readonly at: number
  readonly bytes: Uint8Array
}
