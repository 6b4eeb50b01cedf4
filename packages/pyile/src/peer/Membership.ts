/**
 * The members a peer knows, over time. Changes are made at once, and announced together: an announcement copies the list,
 * so one for all changes of a moment is enough.
 */
import type * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Ref, SubscriptionRef } from "effect"
import type { PyileEvent } from "../PyileEvent.ts"
import type { Events } from "./Events.ts"
import * as Members from "./Members.ts"

/** The members of a network as one peer knows them. */
export interface Membership<A> {
  /** The others as of the latest announcement, in the host's order, never with the peer itself. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
  /** The members now. */
  readonly members: Effect.Effect<Members.Members<A>>
  /** Makes a change. Succeeds with the members after it. */
  readonly change: (change: Members.Change<A>) => Effect.Effect<Members.Members<A>>
  /** Publishes the changes since the latest announcement, in their order, and the list. Does nothing without changes. */
  readonly announce: Effect.Effect<void>
}

interface State<A> {
  readonly members: Members.Members<A>
  readonly unannounced: ReadonlyArray<PyileEvent>
}

/** No members yet. */
export const make = Effect.fnUntraced(function*<A>(events: Events): Effect.fn.Return<Membership<A>> {
  const peers = yield* SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>([])
  const state = yield* Ref.make<State<A>>({ members: Members.none, unannounced: [] })

  const announce = Effect.gen(function*() {
    const { members, unannounced } = yield* Ref.getAndUpdate(state, (now) => ({ ...now, unannounced: [] }))
    if (unannounced.length === 0) return
    const list = Members.list(members)
    yield* SubscriptionRef.set(peers, list)
    yield* events.publish([...unannounced, { _tag: "Peers", peers: list }])
  })

  return {
    peers,
    members: Effect.map(Ref.get(state), ({ members }) => members),
    change: (change) =>
      Ref.modify(state, (before) => {
        const [members, told] = Members.step(before.members, change)
        return [
          members,
          members === before.members ? before : { members, unannounced: [...before.unannounced, ...told] }
        ]
      }),
    announce
  }
})
