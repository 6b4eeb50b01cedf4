/**
 * From a bare connection to an established one, in both roles. Whatever goes wrong on the way ends it with FIN, as a
 * reset kills an original listener; what is established ends as `Connection` has it.
 */
import {
  Connection as Socket,
  Endpoint,
  type HandshakeLimit,
  PeerAddress,
  type Pipe,
  type Transport
} from "@peerage/transport"
import { Effect, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { DataType } from "../codec/DataType.ts"
import * as Hello from "../exchange/Hello.ts"
import { Intake } from "../exchange/Intake.ts"
import * as Outlet from "../exchange/Outlet.ts"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import { type ConnectError, Denied, TooMany } from "../PeerPyError.ts"
import type { Offer } from "../PeerPyEvent.ts"
import type { AnyConnection, Established } from "./Connection.ts"
import type { Events } from "./Events.ts"
import type { Roster } from "./Roster.ts"

/** What a peer has for all its connections. */
export interface Household {
  readonly self: PeerAddress.PeerAddress
  readonly transport: Transport.Transport["Service"]
  readonly config: PeerPyConfig
  readonly events: Events
  readonly roster: Roster
  readonly door: HandshakeLimit.HandshakeLimit
  /** Whether large payloads to originals go in chunks with pauses. */
  readonly paced: boolean
  /** Whether this peer wants a connection. */
  readonly offer: (offer: Offer) => Effect.Effect<boolean>
}

/** What a connection is to be like. */
export interface Wish {
  readonly type: DataType
  readonly strict: boolean
  readonly stream: boolean
}

/** Dials somebody and says hello. */
export const initiate = Effect.fnUntraced(function*(
  household: Household,
  address: NetAddress.InetAddressV4,
  wish: Wish
): Effect.fn.Return<AnyConnection, ConnectError["reason"], Scope.Scope> {
  const { config, roster, self, transport } = household
  if (!roster.reserve()) return yield* new TooMany({ of: "connections", limit: config.maxConnections })
  const text = NetAddress.formatInet(address)
  const dial = transport.connect(address, {
    connectTimeout: config.timeout,
    keepAlive: config.keepAlive,
    noDelay: true
  }).pipe(Effect.mapError(Endpoint.unreachable(address)))
  const agree = (halves: Hello.Halves) =>
    Effect.map(
      Hello.initiate(halves, { peer: self, ...wish }, { address: text, within: config.timeout }),
      (ours): Agreement => ({
        peer: PeerAddress.at(NetAddress.formatHost(address), address.port),
        terms: { ...wish, ours }
      })
    )
  const connection = established(household, dial, agree, true)
  return yield* Effect.onError(connection, () => Effect.sync(roster.release))
})

/** Hears what somebody wants who dialed, decides, and answers. */
export const respond = (
  household: Household,
  pipe: Pipe.Pipe
): Effect.Effect<AnyConnection, ConnectError["reason"], Scope.Scope> =>
  established(household, Effect.succeed(pipe), (halves) => answer(household, halves, pipe.remote), false)

/** What came of a hello. */
interface Agreement {
  readonly peer: PeerAddress.PeerAddress
  readonly terms: Established["terms"]
  readonly frameSize?: number | undefined
}

/** Has the two ends shake hands, and keeps the connection in its place for the scope's life. */
const established = <E>(
  { config, paced, roster }: Household,
  open: Effect.Effect<Pipe.Pipe, E>,
  agree: (halves: Hello.Halves) => Effect.Effect<Agreement, ConnectError["reason"]>,
  initiated: boolean
): Effect.Effect<AnyConnection, E | ConnectError["reason"], Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      const pipe = yield* restore(open)
      const free = (how: "Fin" | "Reset") => how === "Fin" ? pipe.close() : pipe.reset()
      const halves = yield* halvesOf(pipe, config)
      const { frameSize, peer, terms } = yield* Effect.onError(restore(agree(halves)), () =>
        Effect.sync(() => free("Fin")))
      if (!terms.ours && paced) {
        halves.outlet.pace()
      }
      return yield* roster.enter({ peer, remote: pipe.remote, initiated, terms, frameSize, halves, free })
    })
  )

/** Both halves of a pipe. Freeing it is all that there is to give back. */
const halvesOf = (pipe: Pipe.Pipe, config: PeerPyConfig): Effect.Effect<Hello.Halves> =>
  Effect.gen(function*() {
    const socket = Socket.fromPipe(pipe)
    const reader = yield* Effect.orDie(socket.reader)
    return { intake: new Intake(reader), outlet: Outlet.make(yield* socket.writer, config) }
  }).pipe(Scope.provide(Scope.makeUnsafe()))

const answer = Effect.fnUntraced(function*(
  { config, door, events, offer, roster }: Household,
  halves: Hello.Halves,
  remote: NetAddress.InetAddress
): Effect.fn.Return<Agreement, ConnectError["reason"]> {
  const hello = yield* door.withPermit(NetAddress.formatHost(remote), Hello.listen(halves, config.timeout))
  const { peer, stream, strict, type } = hello
  if (!roster.reserve()) {
    yield* Hello.deny(halves)
    return yield* new TooMany({ of: "connections", limit: config.maxConnections })
  }
  const decide = Effect.gen(function*() {
    const wanted = { peer, remote: NetAddress.formatInet(remote), type, strict, stream }
    yield* events.publish([{ _tag: "Offer", ...wanted }])
    // Whoever has gone in the meantime is not waited for.
    if (yield* Effect.raceFirst(offer(wanted), gone(halves.intake))) return yield* Hello.accept(halves, hello)
    yield* Hello.deny(halves)
    return yield* new Denied({ address: peer })
  })
  yield* Effect.onError(decide, () => Effect.sync(roster.release))
  return {
    peer,
    terms: { type, strict, stream, ours: hello.extension !== undefined },
    frameSize: stream ? hello.dataSize : undefined
  }
})

/** Fails when the other end goes away; takes what it says in the meantime for later. */
const gone = (intake: Intake): Effect.Effect<never, ConnectError["reason"]> =>
  Effect.gen(function*() {
    while (intake.over === undefined) {
      if (intake.available > mostHeld) return yield* Effect.never
      yield* intake.more
    }
    return yield* intake.over
  })

// What is taken from somebody who may yet be turned away.
const mostHeld = 65_536
