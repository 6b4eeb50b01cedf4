/** What a scenario needs of the network that it plays in, be it simulated or this machine's, and the words it is told in. */
import { type Connection, type DataType, Peer, type PeerPyError, type PeerPyEvent } from "@peerage/peerpy"
import { type PeerAddress, Transport } from "@peerage/transport"
import { type Duration, Effect, Exit, Option, Scope, Stream, SubscriptionRef } from "effect"

/** A network. Whoever waits in it sees time pass. */
export interface World {
  /** A transport, and the address to listen at, for the next peer. */
  readonly place: Effect.Effect<{
    readonly transport: Transport.Transport["Service"]
    readonly listen: string
    readonly discoveryPort: number
  }>
}

/** Defines one test, with a world of its own. */
export type Test = (
  title: string,
  body: (world: World) => Generator<Effect.Effect<unknown, unknown, Scope.Scope>, void, never>
) => void

/** A peer that lives until `leave`, or until the test ends. */
export interface Living extends Peer.PeerService {
  readonly leave: Effect.Effect<void>
  /** Everything that it told. */
  readonly told: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerPyEvent.PeerPyEvent>>
}

/** Begins a peer. */
export const begin = Effect.fnUntraced(function*(
  { place }: World,
  options: Partial<Peer.PeerOptions> = {}
): Effect.fn.Return<Living, PeerPyError.PeerError, Scope.Scope> {
  const { discoveryPort, listen, transport } = yield* place
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const service = yield* Peer.make({ listen, discoveryPort, ...options }).pipe(
    Effect.provideService(Transport.Transport, transport),
    Scope.provide(scope)
  )
  const told = yield* SubscriptionRef.make<ReadonlyArray<PeerPyEvent.PeerPyEvent>>([])
  const telling = Stream.runForEach(service.events, (event) => SubscriptionRef.update(told, (all) => [...all, event]))
  yield* Effect.forkScoped(telling, { startImmediately: true })
  return { ...service, told, leave: Scope.close(scope, Exit.void) }
})

const deadline: Duration.Input = "20 seconds"

/** Waits for something that must come. */
export const soon = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.timeoutOrElse(effect, { duration: deadline, orElse: () => Effect.die(new Error("it did not come in time")) })

/** Waits until something that can be watched fits. */
export const until = <A>(watched: SubscriptionRef.SubscriptionRef<A>, fits: (value: A) => boolean): Effect.Effect<A> =>
  soon(Stream.runHead(Stream.filter(SubscriptionRef.changes(watched), fits))).pipe(Effect.map(Option.getOrThrow))

/** Waits until a peer has told so many events of a kind, and gives them all. */
export const heard = <T extends PeerPyEvent.PeerPyEvent["_tag"]>({ told }: Living, tag: T, count = 1) => {
  const fits = (event: PeerPyEvent.PeerPyEvent): event is Extract<PeerPyEvent.PeerPyEvent, { readonly _tag: T }> =>
    event._tag === tag
  return Effect.map(until(told, (all) => all.filter(fits).length >= count), (all) => all.filter(fits))
}

/** The values that a peer told of, as soon as there are so many. */
export const values = (peer: Living, count: number) =>
  Effect.map(heard(peer, "Data", count), (events) => events.map(({ data }) => data))

/** The tags of everything that a peer has told so far. */
export const tags = ({ told }: Living) => Effect.map(SubscriptionRef.get(told), (all) => all.map(({ _tag }) => _tag))

/** Waits until a peer has connections with exactly these others. */
export const connectedWith = ({ connections }: Living, ...others: ReadonlyArray<PeerAddress.PeerAddress>) =>
  until(connections, (all) => all.map(({ peer }) => peer).sort().join() === [...others].sort().join())

/** A connection from one peer to another, and the other end of it. */
export const connected = Effect.fnUntraced(function*<T extends DataType.DataType>(
  from: Living,
  to: Living,
  options: { readonly type: T; readonly stream?: boolean; readonly strict?: boolean }
) {
  const near = yield* from.connect(to.self, options)
  const all = yield* connectedWith(to, from.self)
  return { near, far: ofType(all, options.type) }
})

const ofType = <T extends DataType.DataType>(
  all: ReadonlyArray<Connection.AnyConnection>,
  type: T
): Connection.Connection<T> => {
  const fits = (connection: Connection.AnyConnection): connection is
    & Connection.AnyConnection
    & Connection.Connection<T> => connection.type === type
  const found = all.find(fits)
  if (found === undefined) throw new TypeError(`no connection for ${type}`)
  return found
}

/** Why a connection could not be made. */
export const refusal = <A, R>(connecting: Effect.Effect<A, PeerPyError.ConnectError, R>) =>
  Effect.map(Effect.flip(connecting), ({ reason }) => reason._tag)

/** Seeks until a peer finds exactly these others: those that have just begun may not answer yet. */
export const finds = ({ discover }: Living, ...others: ReadonlyArray<PeerAddress.PeerAddress>) =>
  soon(Effect.repeat(discover, { until: (found) => [...found].sort().join() === [...others].sort().join() }))
