/** The participants of the demo: peers whose events are kept, so that the demo can wait for each of them and check it. */
import { AuthPeer, JoinPeer, type PeerAddress, type PyileEvent } from "@peerage/pyile"
import type { Transport } from "@peerage/transport"
import { type Duration, Effect, Exit, Predicate, Queue, Schema, Scope, Stream, SubscriptionRef } from "effect"

/** Something that should have happened did not, in time or at all. */
export class NotAsItShould extends Schema.TaggedError<NotAsItShould>()("NotAsItShould", { what: Schema.String }) {
  override get message() {
    return `The demo failed: ${this.what}. Something on this machine is in the way of its loopback connections.`
  }
}

/** Fails where something does not hold. */
export const check = (holds: boolean, what: string): Effect.Effect<void, NotAsItShould> =>
  holds ? Effect.void : Effect.fail(new NotAsItShould({ what }))

/** Fails where something takes too long; the time is long for a loopback connection, short for a person. */
export const inTime = <A, E, R>(effect: Effect.Effect<A, E, R>, what: string, limit: Duration.Input = "5 seconds") =>
  Effect.timeoutOrElse(effect, { duration: limit, orElse: () => Effect.fail(new NotAsItShould({ what })) })

type Event = PyileEvent.PyileEvent
type Tagged<Tag extends Event["_tag"]> = Event & { readonly _tag: Tag }

/** A participant. */
export interface Participant<Peer> {
  readonly name: string
  readonly peer: Peer
  /** Waits for the next event that holds, and skips those before it. `what` names it for the failure. */
  readonly hears: <Tag extends Event["_tag"]>(
    what: string,
    tag: Tag,
    holds?: Predicate.Predicate<Tagged<Tag>>
  ) => Effect.Effect<Tagged<Tag>, NotAsItShould>
  /** Waits until the list of peers has so many. */
  readonly knows: (others: number) => Effect.Effect<void, NotAsItShould>
  readonly leaves: Effect.Effect<void>
}

interface Peer {
  readonly events: Stream.Stream<Event>
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
}

/** Makes a participant, which leaves with the scope at the latest. */
const participate = Effect.fnUntraced(function*<P extends Peer, E>(
  name: string,
  make: Effect.Effect<P, E, Transport.Transport | Scope.Scope>
): Effect.fn.Return<Participant<P>, E, Transport.Transport | Scope.Scope> {
  const scope = yield* Scope.fork(yield* Effect.scope)
  const peer = yield* Scope.provide(make, scope).pipe(Effect.onError(() => Scope.close(scope, Exit.void)))
  const heard = yield* Queue.unbounded<Event>()
  const listening = Stream.runForEachArray(peer.events, (events) => Queue.offerAll(heard, events))
  yield* Effect.forkIn(listening, scope, { startImmediately: true })
  return {
    name,
    peer,
    hears: <Tag extends Event["_tag"]>(
      what: string,
      tag: Tag,
      holds: Predicate.Predicate<Tagged<Tag>> = () => true
    ) => {
      const matches = (event: Event): event is Tagged<Tag> => Predicate.isTagged(event, tag) && holds(event)
      return inTime(Effect.repeat(Queue.take(heard), { until: matches }), `${name} did not hear ${what}`)
    },
    knows: (others) => {
      const enough = Stream.filter(SubscriptionRef.changes(peer.peers), (list) => list.length === others)
      return Effect.asVoid(inTime(Stream.runHead(enough), `${name} did not come to know ${others} others`))
    },
    leaves: Scope.close(scope, Exit.void)
  }
})

/** Starts the host. */
export const host = (options: AuthPeer.AuthPeerOptions) => participate("host", AuthPeer.make(options))

/** Joins the host; the alias is the participant's name too. */
export const joiner = (options: JoinPeer.JoinPeerOptions & { readonly alias: string }) =>
  participate(options.alias, JoinPeer.make(options))

/** Somebody who joined. */
export type Guest = Effect.Success<ReturnType<typeof joiner>>

/** Waits for a session to end, and gives the reason. */
export const ending = ({ name, peer }: Guest): Effect.Effect<string, NotAsItShould> =>
  inTime(Effect.map(Effect.flip(peer.left), ({ reason }) => reason._tag), `${name}'s session did not end`)
