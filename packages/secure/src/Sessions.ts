/** What an application sees of its peers' keys, and does with them, beside its protocol. */
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Context, Effect, PubSub, type Redacted, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Members } from "./Members.ts"
import * as SecureEvent from "./SecureEvent.ts"
import type { Session } from "./session/Session.ts"
import * as Turns from "./session/Turns.ts"

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
   * Lets keys in without the passphrase from now on, as those of members that a peer of trust has named. Where both ends
   * admit each other, they need no passphrase in common.
   */
  readonly admit: (keys: Iterable<PeerKey>) => Effect.Effect<void>
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

/** Ends that only an attack or a bug brings, in words. A peer that went away without a word is no such thing. */
const troubles = new Map<SecureEvent.EndReason, string>([
  ["Tampered", "what came was changed on the way, so nothing more of it is taken"],
  ["ProtocolViolation", "the peer broke the protocol; use the same release at both ends"]
])

/** Which sessions there are, and what happens to them. */
export interface Register {
  readonly add: (session: Session, accepted: boolean) => void
  readonly remove: (session: Session) => void
  readonly report: (event: SecureEvent.SecureEvent) => void
  /** Accepted sessions of a key that are not over, the oldest first. */
  readonly acceptedOf: (key: PeerKey) => ReadonlyArray<Session>
  /** All sessions that are not over. */
  readonly all: () => ReadonlyArray<Session>
  readonly service: Sessions["Service"]
}

/** Sessions by key. */
class ByKey {
  readonly #sessions = new Map<PeerKey, Set<Session>>()

  add(session: Session): void {
    const others = this.#sessions.get(session.key)
    if (others === undefined) this.#sessions.set(session.key, new Set([session]))
    else others.add(session)
  }

  remove(session: Session): void {
    const others = this.#sessions.get(session.key)
    if (others?.delete(session) === true && others.size === 0) this.#sessions.delete(session.key)
  }

  of(key: PeerKey): ReadonlyArray<Session> {
    return [...this.#sessions.get(key) ?? []]
  }
}

/** Makes the register of a transport. */
export const make = Effect.fnUntraced(function*(self: PeerKey, members: Members) {
  const services = yield* Effect.context<never>()
  const atTurnsEnd = Turns.make(services)
  const views = new Map<Session, OpenSession>()
  const [keyed, accepted] = [new ByKey(), new ByKey()]
  const open = yield* SubscriptionRef.make<ReadonlyArray<OpenSession>>([])
  const events = yield* PubSub.sliding<SecureEvent.SecureEvent>(eventBuffer)
  const run = Effect.runForkWith(services)

  let publishing = false
  const publish = () => {
    if (publishing) return
    publishing = true
    // Once for all that open or end in a turn.
    atTurnsEnd(() => {
      publishing = false
      run(SubscriptionRef.set(open, [...views.values()]))
    })
  }
  const report = (event: SecureEvent.SecureEvent) => {
    PubSub.publishUnsafe(events, event)
    const trouble = event._tag === "Ended" ? troubles.get(event.reason) : undefined
    if (trouble === undefined) return
    run(Effect.logWarning(`The encrypted connection with ${NetAddress.formatInet(event.remote)} ended: ${trouble}.`))
  }
  const drop = (key: PeerKey): boolean => {
    const known = members.forget(key)
    const dropped = keyed.of(key)
    for (const session of dropped) session.drop()
    return known || dropped.length > 0
  }
  const register: Register = {
    report,
    add: (session, wasAccepted) => {
      views.set(session, view(session))
      keyed.add(session)
      if (wasAccepted) accepted.add(session)
      publish()
    },
    remove: (session) => {
      views.delete(session)
      keyed.remove(session)
      accepted.remove(session)
      publish()
    },
    acceptedOf: (key) => accepted.of(key),
    all: () => [...views.keys()],
    service: Sessions.of({
      self,
      open,
      events: Stream.fromPubSub(events),
      admit: (keys) =>
        Effect.sync(() => {
          for (const key of keys) members.learn(key)
        }),
      drop: (key) => Effect.sync(() => drop(key)),
      rotate: (passphrase, keep) => Effect.sync(() => members.rotate(passphrase, keep))
    })
  }
  return register
})
