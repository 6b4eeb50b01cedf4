/** Makes what encrypts the connections of a command, from what its flags say. */
import { Gate, Identity, SecureTransport } from "@peerage/secure"
import { Crypto } from "@peerage/secure/Crypto"
import { KeyFile, NodeCrypto } from "@peerage/secure/node"
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Effect, Queue, Redacted, Ref, Stream, SubscriptionRef } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import * as NetAddress from "effect/net/NetAddress"
import * as Password from "../Password.ts"
import type { Secured } from "./Encryption.ts"
import type { Passphrase, Purpose, Values } from "./SecureFlags.ts"
import { eventsOf, type SecureEvent } from "./SecureNarrate.ts"

/** Two gates, of which both must let a peer in. */
const both = (one: Gate.Gate, other: Gate.Gate): Gate.Gate => ({
  judge: (candidate) => {
    const verdict = one.judge(candidate)
    return verdict === "Pass" ? other.judge(candidate) : verdict
  },
  guessed: (candidate) => {
    one.guessed(candidate)
    other.guessed(candidate)
  },
  admitted: (candidate) => {
    one.admitted(candidate)
    other.admitted(candidate)
  }
})

/** The gate of a protocol, which counts guesses by address, and a limit of guesses in all; without one the usual gate. */
const gateOf = ({ gate }: Purpose) =>
  gate === undefined
    ? Gate.make()
    : Effect.map(Gate.make({ attempts: Number.MAX_SAFE_INTEGER }), (inAll) => both(gate, inAll))

/** Changes the passphrase, for those who come from now on: known keys and open sessions stay. */
const rotating = (sessions: Secured["sessions"], { allow }: Values, { rotated }: Purpose) =>
  Effect.fnUntraced(function*(given: string | undefined) {
    const madeUp = given === undefined ? yield* Password.makePassphrase : undefined
    const passphrase = Password.composed(Redacted.make(given ?? madeUp ?? ""))
    const open = yield* SubscriptionRef.get(sessions.open)
    yield* sessions.rotate(passphrase, [...allow, ...open.map(({ key }) => key)])
    yield* rotated?.(passphrase) ?? Effect.void
    return madeUp
  })

// Events that wait for the room.
const eventsHeld = 1024

/** Makes it, for the scope's life. */
export const make = Effect.fnUntraced(function*(
  values: Values,
  { madeUp, passphrase, password }: Passphrase,
  purpose: Purpose
) {
  const { named, protocol } = purpose
  const identity = yield* values.identity === undefined ? Identity.generate : KeyFile.load(values.identity)
  const { sessions, transport } = yield* SecureTransport.make({
    identity,
    passphrase,
    keys: values.allow,
    // Whoever has the passphrase could take the place of a peer that went away.
    pins: new Map(named === undefined ? [] : [[named, values.pin ?? "first"]]),
    context: protocol,
    gate: yield* gateOf(purpose),
    datagrams: values.plainDiscovery ? "plain" : "refuse"
  })
  // From the beginning on: the first session is there before the room is.
  const events = yield* Queue.sliding<SecureEvent>(eventsHeld)
  const met = yield* Ref.make(values.pin)
  const told = Stream.runForEach(sessions.events, (event) => {
    const isNamed = event._tag === "Admitted" && event.initiated && NetAddress.formatInet(event.remote) === named
    const meeting = isNamed ? Ref.update(met, (known) => known ?? event.key) : Effect.void
    return Effect.andThen(meeting, Queue.offerAll(events, eventsOf(event)))
  })
  yield* Effect.forkScoped(told, { startImmediately: true })
  const current = yield* Ref.make(madeUp)
  const [crypto, random] = [yield* Crypto, yield* SecureRandom]
  const rotate = rotating(sessions, values, purpose)
  const secured: Secured = {
    protocol,
    key: identity.key,
    plainDiscovery: values.plainDiscovery,
    named,
    namedKey: Ref.get(met),
    unpinned: values.pin === undefined ? named : undefined,
    kept: values.identity !== undefined,
    password,
    madeUp: Ref.get(current),
    fingerprint: (key: PeerKey) => Identity.fingerprint(crypto, key),
    rotate: (given) =>
      rotate(given).pipe(
        Effect.tap((madeUp) => Ref.set(current, madeUp)),
        Effect.provideService(SecureRandom, random)
      ),
    events: Stream.fromQueue(events),
    report: (event) => Queue.offer(events, event),
    transport,
    sessions
  }
  return secured
}, Effect.provide(NodeCrypto.layer))
