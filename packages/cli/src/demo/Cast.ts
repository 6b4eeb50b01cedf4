/** The people of the demo: peers that write down what they hear, so that the play can wait for it and check it. */
import { AuthPeer, JoinPeer, type PeerAddress, type PyileError, type PyileEvent } from "@peerage/pyile"
import type { Transport } from "@peerage/transport"
import { Effect, Exit, Option, type Redacted, Schema, Scope, Stream, SubscriptionRef } from "effect"

/** Something that should have happened did not, in time or at all. */
export class NotAsItShould extends Schema.TaggedError<NotAsItShould>()("NotAsItShould", { what: Schema.String }) {
  override get message() {
    return `The demo failed: ${this.what}. Something on this machine is in the way of its loopback connections.`
  }
}

/** Fails where a fact is none. */
export const check = (holds: boolean, what: string): Effect.Effect<void, NotAsItShould> =>
  holds ? Effect.void : Effect.fail(new NotAsItShould({ what }))

// Long for a loopback connection, short for a person.
const patience = "5 seconds"

const inTime = <A, E, R>(effect: Effect.Effect<A, E, R>, what: string) =>
  Effect.timeoutOrElse(effect, { duration: patience, orElse: () => Effect.fail(new NotAsItShould({ what })) })

/** Somebody with ears. */
export interface Actor<Peer> {
  readonly name: string
  readonly peer: Peer
  /** Waits for an event, past or to come, and takes it away. */
  readonly hears: <A>(
    what: string,
    pick: (event: PyileEvent.PyileEvent) => A | undefined
  ) => Effect.Effect<A, NotAsItShould>
  /** Waits until so many others are known. */
  readonly knows: (others: number) => Effect.Effect<void, NotAsItShould>
  /** Leaves the stage. */
  readonly leaves: Effect.Effect<void>
}

interface Peer {
  readonly events: Stream.Stream<PyileEvent.PyileEvent>
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
}

const listenTo = Effect.fnUntraced(function*<P extends Peer>(name: string, peer: P, scope: Scope.Closeable) {
  const heard = yield* SubscriptionRef.make<ReadonlyArray<PyileEvent.PyileEvent>>([])
  const ears = Stream.runForEachArray(
    peer.events,
    (events) => SubscriptionRef.update(heard, (all) => [...all, ...events])
  )
  yield* Effect.forkIn(ears, scope, { startImmediately: true })
  const actor: Actor<P> = {
    name,
    peer,
    hears: (what, pick) =>
      SubscriptionRef.changes(heard).pipe(
        Stream.map((events) =>
          events.map((event) => ({ event, picked: pick(event) })).find(({ picked }) => picked !== undefined)
        ),
        Stream.filter((found) => found !== undefined),
        Stream.runHead,
        Effect.flatMap(Option.match({
          onNone: () => Effect.never,
          onSome: ({ event, picked }) =>
            Effect.as(SubscriptionRef.update(heard, (all) => all.filter((other) => other !== event)), picked)
        })),
        Effect.filterOrElse((picked) => picked !== undefined, () => Effect.never),
        (waiting) => inTime(waiting, `${name} did not hear ${what}`)
      ),
    knows: (others) =>
      SubscriptionRef.changes(peer.peers).pipe(
        Stream.filter((list) => list.length === others),
        Stream.runHead,
        (waiting) => inTime(Effect.asVoid(waiting), `${name} did not come to know ${others} others`)
      ),
    leaves: Scope.close(scope, Exit.void)
  }
  return actor
})

/** Puts the host on the stage, for the scope's life. */
export const host = Effect.fnUntraced(function*(options: AuthPeer.AuthPeerOptions): Effect.fn.Return<
  Actor<AuthPeer.AuthPeerService>,
  PyileError.HostError,
  Transport.Transport | Scope.Scope
> {
  const scope = yield* Scope.fork(yield* Effect.scope)
  return yield* listenTo("host", yield* Scope.provide(AuthPeer.make(options), scope), scope)
})

/** How somebody comes in. */
export interface Entrance {
  readonly name: string
  readonly host: string
  readonly from: string
  readonly password: Redacted.Redacted<string>
}

/** Puts a joiner on the stage, for the scope's life. */
export const joiner = Effect.fnUntraced(function*({ from, host, name, password }: Entrance): Effect.fn.Return<
  Actor<JoinPeer.JoinPeerService>,
  PyileError.JoinError,
  Transport.Transport | Scope.Scope
> {
  const scope = yield* Scope.fork(yield* Effect.scope)
  const peer = yield* JoinPeer.make({ host, password, listen: from, alias: name }).pipe(
    Scope.provide(scope),
    Effect.onError(() => Scope.close(scope, Exit.void))
  )
  return yield* listenTo(name, peer, scope)
})

/** Waits for a session to end, and gives the reason. */
export const ending = ({ name, peer }: Actor<JoinPeer.JoinPeerService>): Effect.Effect<string, NotAsItShould> =>
  inTime(Effect.map(Effect.flip(peer.left), ({ reason }) => reason._tag), `${name}'s session did not end`)
