/** The connections of a peer: pure state, and the references in which an application can watch it. */
import type { PeerAddress } from "@peerage/transport"
import { TooMany } from "@peerage/transport/HandshakeLimit"
import { Array, Effect, Exit, Ref, SubscriptionRef } from "effect"
import type { AnyConnection } from "./Connection.ts"

/** What is there. */
export interface State<C> {
  /** How many are being agreed on. */
  readonly reserved: number
  /** Those that are established, the oldest first. */
  readonly open: ReadonlyArray<C>
}

/** No connections. */
const none: State<never> = { reserved: 0, open: [] }

/** Takes a place for a connection that is being agreed on. False where all are taken. */
export const reserve = <C>(state: State<C>, limit: number): readonly [boolean, State<C>] =>
  state.reserved + state.open.length >= limit ? [false, state] : [true, { ...state, reserved: state.reserved + 1 }]

/** Gives back a place that was not needed. */
export const release = <C>(state: State<C>): State<C> => ({ ...state, reserved: state.reserved - 1 })

/** A connection that was agreed on takes the place that was reserved for it. */
export const enter = <C>({ open, reserved }: State<C>, connection: C): State<C> => ({
  reserved: reserved - 1,
  open: [...open, connection]
})

/** A connection is over. */
export const leave = <C>({ open, reserved }: State<C>, connection: C): State<C> => ({
  reserved,
  open: open.filter((one) => one !== connection)
})

/** The peers at the other ends, each once. */
export const peersOf = <C extends { readonly peer: PeerAddress.PeerAddress }>({ open }: State<C>) =>
  Array.dedupe(open.map(({ peer }) => peer))

/** Has no connections yet, and `limit` at most. */
export const make = Effect.fnUntraced(function*(limit: number) {
  const state = yield* Ref.make<State<AnyConnection>>(none)
  const open = yield* SubscriptionRef.make<ReadonlyArray<AnyConnection>>([])
  const peers = yield* SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>([])
  const change = (f: (before: State<AnyConnection>) => State<AnyConnection>) =>
    Effect.flatMap(
      Ref.updateAndGet(state, f),
      (after) => Effect.andThen(SubscriptionRef.set(open, after.open), SubscriptionRef.set(peers, peersOf(after)))
    )
  return {
    open,
    peers,
    /** Takes a place for a connection that is being agreed on. Gives it back when the scope ends with a failure. */
    reserve: Effect.acquireRelease(
      Effect.flatMap(
        Ref.modify(state, (before) => reserve(before, limit)),
        (reserved) => reserved ? Effect.void : Effect.fail(new TooMany({ of: "connections", limit }))
      ),
      (_, exit) => Exit.isFailure(exit) ? Ref.update(state, release) : Effect.void
    ),
    /** A connection that was agreed on takes its place. */
    enter: (connection: AnyConnection) => change((before) => enter(before, connection)),
    /** A connection is over. */
    leave: (connection: AnyConnection) => change((before) => leave(before, connection))
  }
})

/** The connections of one peer. */
export type Connections = Effect.Success<ReturnType<typeof make>>
