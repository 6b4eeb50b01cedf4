/** A network over the secure transport: each peer has a key of its own, drawn from its name. */
import { Admission, AuthPeer, JoinPeer, PyileConfig } from "@peerage/pyile"
import { Crypto, Gate, Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { SeededCrypto } from "@peerage/secure/testing"
import { Machines } from "@peerage/testing"
import { Transport } from "@peerage/transport"
import { Effect, Fiber, Redacted, Stream } from "effect"
import { elapse, hostIp } from "./Network.ts"

/** The passphrase of the network, which is the password too. */
const passphrase = Redacted.make("tulip")

/** Who takes part, where, and with which passphrase. */
export interface Somebody {
  readonly name: string
  readonly ip: string
  readonly passphrase?: Redacted.Redacted<string> | undefined
  readonly gate?: Gate.Gate | undefined
}

/** The secure transport of somebody's machine. */
const secured = Effect.fnUntraced(function*({ gate, ip, name, ...given }: Somebody) {
  const primitives = SeededCrypto.make(NodeCrypto.primitives, name)
  const identity = Identity.fromSecret(primitives, Redacted.make(primitives.random(32)))
  const making = SecureTransport.make({ identity, gate, passphrase, ...given })
  const made = yield* Machines.on(ip, Effect.provideService(making, Crypto.Crypto, primitives))
  return { ...made, key: identity.key }
})

/** Runs something over a secure transport. */
const over = <A, E, R>({ transport }: SecureTransport.Secured, effect: Effect.Effect<A, E, R>) =>
  Effect.provideService(effect, Transport.Transport, transport)

/** A host with what a command would give it: its admission as the gate, and sessions that end with a ban or a kick. */
export const host = Effect.fnUntraced(function*(options: Partial<AuthPeer.AuthPeerOptions> = {}) {
  const { maxLimbo } = PyileConfig.defaults
  const admission = yield* Admission.make(passphrase, { attempts: 5, banFor: "10 minutes", maxLimbo })
  const place = yield* secured({ name: "host", ip: hostIp, gate: yield* Gate.fromEffects(admission.gate) })
  const hosting = yield* over(
    place,
    AuthPeer.make({ listen: `${hostIp}:4702`, password: passphrase, admission, ...options })
  )
  yield* Effect.forkScoped(
    Stream.runForEach(
      hosting.events,
      (event) => event._tag === "Banned" && event.key !== undefined ? place.sessions.drop(event.key) : Effect.void
    ),
    { startImmediately: true }
  )
  return { ...place, admission, hosting }
})

/** A joiner, not yet in, and its transport. */
export const joiner = Effect.fnUntraced(function*(who: Somebody, options: Partial<JoinPeer.JoinPeerOptions> = {}) {
  const place = yield* secured(who)
  const password = who.passphrase ?? passphrase
  const peer = yield* over(place, JoinPeer.make({ host: `${hostIp}:4702`, password, ...options }))
  // As a command does: members let in whom their host lists.
  const admit = Effect.flatMap(peer.keys, (keys) => place.sessions.admit(keys.values()))
  const admitting = Stream.runForEach(peer.events, ({ _tag }) => _tag === "Peers" ? admit : Effect.void)
  yield* Effect.forkScoped(Effect.andThen(admit, admitting), { startImmediately: true })
  return { ...place, peer }
})

/** Joins, moving time along. */
export const join = Effect.fnUntraced(function*(who: Somebody, options: Partial<JoinPeer.JoinPeerOptions> = {}) {
  const joining = yield* Effect.forkScoped(joiner(who, options))
  yield* elapse("1 second")
  return yield* Fiber.join(joining)
})

/** Tries to join and says why it did not work: the tag, or why the transport refused it. */
export const refusal = Effect.fnUntraced(function*(who: Somebody) {
  const trying = yield* Effect.forkScoped(Effect.flip(Effect.scoped(joiner(who))))
  yield* elapse("2 seconds")
  const { reason } = yield* Fiber.join(trying)
  return reason._tag === "Unreachable" ? reason.code : reason._tag
})
