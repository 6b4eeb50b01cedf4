/** What an application sees of its peers' keys, and does with them, beside its protocol. */
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Context, Effect, PubSub, type Redacted, Stream, SubscriptionRef } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { Members } from "./Members.ts"
import * as SecureEvent from "./SecureEvent.ts"
import type { Session } from "./session/Session.ts"

/** An open session. */
export interface OpenSession {
  readonly key: PeerKey
  /** The carrier's peer. */
  readonly remote: NetAddress.InetAddress
  /** Streams in it, at the moment this is read. */
  readonly streams: number
}

/** The sessions of one secure transport. */
export class Sessions extends Context.Service<Sessions, {
  /** This end's key. */
  readonly self: PeerKey
  /** The open sessions, dialed and accepted. It changes when one opens or ends, not with their streams. */
  readonly open: SubscriptionRef.SubscriptionRef<ReadonlyArray<OpenSession>>
  /** What happens from now on. A subscriber that does not keep up loses the oldest. */
  readonly events: Stream.Stream<SecureEvent.SecureEvent>
  /**
   * Forgets a key and resets its sessions. It may prove the passphrase again, unless the gate bans it. False when it was
   * neither known nor here.
   */
  readonly drop: (key: PeerKey) => Effect.Effect<boolean>
  /** Changes the passphrase for new sessions, and forgets all keys but `keep`. Open sessions stay. */
  readonly rotate: (passphrase: Redacted.Redacted<string>, keep: ReadonlyArray<PeerKey>) => Effect.Effect<void>
}>()("@peerage/secure/Sessions") {}

/** Events that are held for a slow subscriber. */
const eventBuffer = 1024

const view = (session: Session): OpenSession => ({
  key: session.key,
  remote: session.remote,
  get streams() {
    return session.streams
  }
})

const failures = new Set<SecureEvent.EndReason>(["Tampered", "Truncated", "ProtocolViolation"])

/** Which sessions there are, and what happens to them. */
export interface Register {
  readonly add: (session: Session, accepted: boolean) => void
  readonly remove: (session: Session) => void
  readonly report: (event: SecureEvent.SecureEvent) => void
  /** Accepted sessions of a key. */
  readonly acceptedOf: (key: PeerKey) => ReadonlyArray<Session>
  /** All open sessions. */
  readonly all: () => ReadonlyArray<Session>
  readonly service: Sessions["Service"]
}

/** Makes the register of a transport. */
export const make = Effect.fnUntraced(function*(self: PeerKey, members: Members) {
  const services = yield* Effect.context<never>()
  const sessions = new Map<Session, { readonly view: OpenSession; readonly accepted: boolean }>()
  const open = yield* SubscriptionRef.make<ReadonlyArray<OpenSession>>([])
  const events = yield* PubSub.sliding<SecureEvent.SecureEvent>(eventBuffer)
  const run = Effect.runForkWith(services)

  const all = () => [...sessions.keys()]
  const publish = () => run(SubscriptionRef.set(open, [...sessions.values()].map(({ view }) => view)))
  const report = (event: SecureEvent.SecureEvent) => {
    PubSub.publishUnsafe(events, event)
    if (event._tag !== "Ended" || !failures.has(event.reason)) return
    run(Effect.logWarning(`the secure session with ${event.key} at ${event.remote} ended: ${event.reason}`))
  }
  const register: Register = {
    all,
    report,
    add: (session, accepted) => {
      sessions.set(session, { view: view(session), accepted })
      publish()
    },
    remove: (session) => {
      if (sessions.delete(session)) publish()
    },
    acceptedOf: (key) => all().filter((session) => session.key === key && sessions.get(session)?.accepted === true),
    service: Sessions.of({
      self,
      open,
      events: Stream.fromPubSub(events),
      drop: (key) =>
        Effect.sync(() => {
          const known = members.forget(key)
          const dropped = all().filter((session) => session.key === key)
          for (const session of dropped) session.drop()
          return known || dropped.length > 0
        }),
      rotate: (passphrase, keep) => Effect.sync(() => members.rotate(passphrase, keep))
    })
  }
  return register
})
