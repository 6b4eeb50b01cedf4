/**
 * Hosts and joiners on real sockets of this machine. Nothing sleeps: what is waited for is an event, and every wait has
 * a deadline that only a defect reaches.
 */
import { AuthPeer, JoinPeer, type PeerAddress, type PyileConfig, type PyileEvent } from "@peerage/pyile"
import { Piped } from "@peerage/testing"
import { type Pipe, Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Duration, Effect, Exit, Fiber, type Option, Redacted, Scope, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"

const password = Redacted.make("sesame ✓")

/** Runs a test on this machine's sockets. */
export const onThisMachine = Effect.provide(NodeTransport.layer)

/** Beats often and waits long, so that tests are short and a busy machine does no harm. */
const config: Partial<PyileConfig.PyileConfig> = {
  heartbeatInterval: Duration.millis(100),
  distAddressPause: Duration.millis(10),
  distributionInterval: Duration.millis(20),
  lingerFor: Duration.millis(200)
}

/** A host on a free port. */
export const host = (options: Partial<AuthPeer.AuthPeerOptions> = {}) =>
  AuthPeer.make({ password, listen: "127.0.0.1:0", alias: "host", config, ...options })

/** A joiner of the host at an address. */
export const join = (at: NetAddress.InetAddress, options: Partial<JoinPeer.JoinPeerOptions> = {}) =>
  JoinPeer.make({ host: NetAddress.formatInet(at), password, alias: "joiner", config, ...options })

/** A joiner that its host has seen too: it takes the joiner in a moment after that has all it needs. */
export const member = Effect.fnUntraced(function*(
  hosting: AuthPeer.AuthPeerService,
  options: Partial<JoinPeer.JoinPeerOptions> = {}
) {
  const joiner = yield* join(hosting.address, options)
  yield* untilPeers(hosting, (list) => list.includes(joiner.self))
  return joiner
})

/** Something with a life of its own, and how to end that. */
export const mortal = <A, E, R>(make: Effect.Effect<A, E, R | Scope.Scope>) =>
  Effect.gen(function*() {
    const scope = yield* Scope.fork(yield* Effect.scope)
    const peer = yield* Scope.provide(make, scope)
    return { peer, end: Scope.close(scope, Exit.void) }
  })

/** A transport whose connections end as those of a killed process with unread bytes: by RST. */
export const abrupt = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.updateService(effect, Transport.Transport, (transport) => ({
    ...transport,
    connect: (address, options) => Effect.map(transport.connect(address, options), resetting)
  }))

/** A pipe whose every close is a reset. */
const resetting = (pipe: Pipe.Pipe): Pipe.Pipe =>
  Piped.over(pipe, { close: () => pipe.reset(), closeAtOnce: () => pipe.reset() })

const deadline = Duration.seconds(10)

/** Waits for something that must come. */
export const soon = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.timeoutOrElse(effect, {
    duration: deadline,
    orElse: () => Effect.die(new Error("did not come in 10 seconds"))
  })

/** A kind of event. */
type Tag = PyileEvent.PyileEvent["_tag"]
type Of<T extends Tag> = Extract<PyileEvent.PyileEvent, { readonly _tag: T }>

/** Listens from now on; what it gives waits for the first event of this kind. */
export const next = <T extends Tag>(peer: { readonly events: Stream.Stream<PyileEvent.PyileEvent> }, tag: T) => {
  const fits = (event: PyileEvent.PyileEvent): event is Of<T> => event._tag === tag
  return Effect.forkChild(Stream.runHead(Stream.filter(peer.events, fits)), { startImmediately: true }).pipe(
    Effect.map((listening) => soon(Effect.flatMap(Fiber.join(listening), someOrDie)))
  )
}

const someOrDie = <A>(option: Option.Option<A>): Effect.Effect<A> =>
  option._tag === "Some" ? Effect.succeed(option.value) : Effect.die(new Error("the events ended"))

interface Knowing {
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
}

const untilPeers = (peer: Knowing, fits: (list: ReadonlyArray<PeerAddress.PeerAddress>) => boolean) =>
  soon(Stream.runHead(Stream.filter(SubscriptionRef.changes(peer.peers), fits)))

/** Waits until a peer knows exactly these others, in whatever order. */
export const knows = (peer: Knowing, others: ReadonlyArray<PeerAddress.PeerAddress>) => {
  const wanted = [...others].sort().join()
  return untilPeers(peer, (list) => [...list].sort().join() === wanted)
}

/** Linux answers at all of 127.0.0.0/8, other systems at 127.0.0.1 only. */
export const manyLoopbacks = process.platform === "linux"
