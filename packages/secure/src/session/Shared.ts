/** What all sessions of one transport share. */
import type { PeerKey } from "@peerage/transport/PeerKey"
import * as Timeouts from "@peerage/transport/Timeouts"
import { Clock, Context, Duration } from "effect"
import type { KeyPair, Primitives } from "../Crypto.ts"
import type { Gate } from "../Gate.ts"
import type { Members } from "../Members.ts"
import type { Numbers } from "../SecureConfig.ts"
import type { SecureEvent } from "../SecureEvent.ts"
import type { Sending } from "./Outlet.ts"
import * as Record from "./Record.ts"
import { Rooms } from "./Rooms.ts"
import * as Turns from "./Turns.ts"

/** What a transport says of itself, and who it admits. */
export interface Policy {
  readonly crypto: Primitives
  readonly identity: KeyPair
  readonly self: PeerKey
  /** Peers of another context never understand each other. */
  readonly context: Uint8Array
  readonly members: Members
  readonly gate: Gate
  readonly allowOwnKey: boolean
  /** True when an accepted session of this key would be one too many. */
  readonly crowded: (key: PeerKey) => boolean
  readonly report: (event: SecureEvent) => void
  readonly numbers: Numbers
}

/** The same, with time, turns and memory. */
export interface Shared extends Policy {
  readonly sending: Sending
  readonly spare: Record.SpareBuffer
  /** Milliseconds of the clock that the transport was made under. */
  readonly now: () => number
  /** Calls a function after so many milliseconds. The returned function cancels that. */
  readonly after: (millis: number, late: () => void) => () => void
}

/** Adds time, turns and memory, from the services that the transport was made with. */
export const make = (policy: Policy, services: Context.Context<never>): Shared => {
  const clock = Context.get(services, Clock.Clock)
  return {
    ...policy,
    sending: {
      atTurnsEnd: Turns.make(services),
      rooms: new Rooms(),
      maxControlBytes: policy.numbers.maxControlBytes
    },
    spare: new Record.SpareBuffer(),
    now: () => clock.currentTimeMillisUnsafe(),
    after: (millis, late) => Timeouts.start(Duration.millis(Math.max(millis, Timeouts.shortest)), services, late)
  }
}
