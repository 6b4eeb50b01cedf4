/** The members of a host with what it has noted of each: when it came, and when it last showed that it is there. */
import type * as PeerAddress from "@peerage/transport/PeerAddress"
import { Duration, Effect, MutableRef } from "effect"
import * as Members from "../Members.ts"
import type { Host } from "./Host.ts"

/** A member that is here. Times are milliseconds since 1970. */
export interface Present {
  readonly peer: PeerAddress.PeerAddress
  /** When it joined. */
  readonly since: number
  /** When it last answered a beat; before the first beat, when it joined. */
  readonly answered: number
  /** When the next beat goes out, which it then answers. */
  readonly due: number
}

/** Who is here, in the order of the list. */
export const make = ({ config, membership }: Host): Effect.Effect<ReadonlyArray<Present>> => {
  const interval = Duration.toMillis(config.heartbeatInterval)
  return Effect.map(membership.members, (members) =>
    Members.values(members).map(({ answered, peer, since }) => {
      const last = MutableRef.get(answered)
      return { peer, since, answered: last, due: last + interval }
    }))
}
