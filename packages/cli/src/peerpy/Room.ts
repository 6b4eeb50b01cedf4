/** A PeerPy room: a peer, the commands that work on it and its connections, and what the room remembers. */
import type { Invite } from "@peerage/console/About"
import * as Connections from "@peerage/console/Connections"
import * as Conversations from "@peerage/console/Conversations"
import * as Journal from "@peerage/console/Journal"
import { type Message, remember } from "@peerage/console/PeerPyTalk"
import * as PendingOffers from "@peerage/console/PendingOffers"
import { type Peer, PeerPyError } from "@peerage/peerpy"
import type { PeerAddress } from "@peerage/transport"
import { Deferred, Effect, Queue, Stream } from "effect"
import { addressOf, alsoAt } from "../Addresses.ts"
import * as Invites from "../console/Invites.ts"
import { plainView, viewOf } from "../room/Narrate.ts"
import * as Room from "../room/Room.ts"
import type { Screen } from "../room/Screen.ts"
import { Encryption, type Secrets } from "../secure/Encryption.ts"
import { fingerprints, keysOf } from "../secure/Keys.ts"
import * as Welcome from "../secure/Welcome.ts"
import { connectorTable, listenerTable, type PeerPyRoom } from "./Commands.ts"
import { discoverable } from "./ConnectionCommands.ts"
import { type Event, eventOf, narrate } from "./Narrate.ts"

/** What becomes of connections that others want. */
export type OfferPolicy = "accept" | "ask" | "deny"

/** How a room begins. */
export interface Entry {
  /** For people, in place of `Listening`. */
  readonly welcome?: ReadonlyArray<string> | undefined
  /** How others connect, for a page. */
  readonly invite?: Invite | undefined
  /** The single connection of the room. It opens first, and the room ends with it. */
  readonly only?: Connections.Call | undefined
}

// The room's own events on their way to the screen.
const held = 1024

/** What a room has before its peer: events of its own, and offers that wait. */
const begin = Effect.fnUntraced(function*(policy: OfferPolicy) {
  const happened = yield* Queue.bounded<Event>(held)
  const report = (event: Event) => Effect.sync(() => void Queue.offerUnsafe(happened, event))
  const offers = PendingOffers.make(({ peer, remote }) => report({ _tag: "Withdrawn", peer, remote }))
  return { asks: policy === "ask", happened, offers, report }
})

/** A room whose peer is still to be made: how that peer decides about offers and reads connections, and the room's run. */
export const make = Effect.fnUntraced(function*(screen: Screen, policy: OfferPolicy) {
  const beginning = yield* begin(policy)
  return {
    offer: policy === "ask" ? beginning.offers.ask : () => Effect.succeed(policy === "accept"),
    serve: Connections.read(beginning.report),
    run: (peer: Peer.PeerService, entry: Entry) => run(screen, peer, { ...entry, ...beginning })
  }
})

/** Lasts until somebody leaves; fails with how the single connection ended. */
const run = Effect.fnUntraced(function*(
  screen: Screen,
  peer: Peer.PeerService,
  { asks, happened, invite, offers, only, report, welcome }: Entry & Effect.Success<ReturnType<typeof begin>>
) {
  const open = Connections.open(peer, report, yield* Effect.scope)
  const secured = yield* Encryption
  const single = yield* Deferred.make<Connections.Readable>()
  const connected = only === undefined
    ? Effect.void
    : Effect.flatMap(open(only), (connection) => Deferred.succeed(single, connection))
  const room: PeerPyRoom = {
    peer,
    open,
    offers,
    conversations: Conversations.make<PeerAddress.PeerAddress, Message>(),
    journal: Journal.make((event) => narrate(event, { ...plainView, asks }))
  }
  yield* Room.run({
    screen,
    table: only === undefined ? listenerTable : connectorTable,
    room,
    narrate,
    view: { ...viewOf(screen.style, welcome), asks },
    note: noting(room),
    events: [Stream.map(peer.events, eventOf), Stream.fromQueue(happened)],
    keyOf: (event) => event._tag === "Connected" && !event.initiated ? keyOf(peer, event.peer) : Effect.undefined,
    // Opened only now, as nothing that happens from here on is missed.
    opening: Effect.as(connected, [{ _tag: "Listening", address: peer.self } as const]),
    over: Deferred.await(single).pipe(
      Effect.flatMap(({ closed }) => closed),
      Effect.flatMap((reason) => Effect.fail(new PeerPyError.ReceiveError({ reason })))
    ),
    panel: Effect.flatMap(Effect.promise(() => import("@peerage/console/PeerPy")), (panels) =>
      panels.make(peer, {
        room,
        invite: invite === undefined ? undefined : Effect.succeed(invite),
        offers: asks ? offers : undefined,
        single: only !== undefined,
        lookup: (at) => addressOf(at, at.port),
        mayDiscover: Effect.provideService(discoverable, Encryption, secured),
        fingerprints: fingerprints(secured)
      })),
    reached: only === undefined ? peer.self : undefined
  })
})

/** The key of a peer that has connected, which its session has. */
const keyOf = (peer: Peer.PeerService, name: PeerAddress.PeerAddress) =>
  Effect.gen(function*() {
    const found = (yield* Connections.connected(peer)).find((connected) => connected.peer === name)
    return found === undefined ? undefined : (yield* keysOf([found.remote]))?.[found.remote]?.key
  })

/** Remembers an event: a value in its conversation, anything else in the log. */
const noting = (room: PeerPyRoom) => (event: Event): Effect.Effect<void> =>
  event._tag === "Data"
    ? remember(room, { peer: event.peer, own: false, type: event.type, data: event.data })
    : room.journal.note(event)

/** What a listening peer says about its policy, and what others add to the command that connects; not where none may. */
const policies: { readonly [policy in OfferPolicy]: { readonly said: string; readonly connects?: string } } = {
  accept: { said: "", connects: "" },
  // The answer takes a person longer than the 2 seconds after which the other end gives up.
  ask: { said: ", and asking you about each connection", connects: " --timeout 1m" },
  deny: { said: ", and turning everybody away. /connect opens connections to others" }
}

/** How others connect, as a page shows it; `undefined` where none may. */
export const inviteOf = (
  command: string,
  { self }: Pick<Peer.PeerService, "self">,
  { passphrase, policy, secured }: Secrets & { readonly policy: OfferPolicy }
): Invite | undefined => {
  const { connects } = policies[policy]
  return connects === undefined ? undefined : Invites.make({
    command: `${command} peerpy connect${connects}`,
    reached: self,
    secured,
    needs: secured === undefined ? undefined : Invites.secretOf(secured, passphrase !== undefined)
  })
}

/** What a listening peer shows first: where it listens, and how others connect. `command` is how this one was called. */
export const welcomeOf = (
  command: string,
  { address, self }: Pick<Peer.PeerService, "address" | "self">,
  { passphrase, policy, secured }: Secrets & { readonly policy: OfferPolicy }
): ReadonlyArray<string> => {
  const { connects, said } = policies[policy]
  const listening = `Listening at ${self}${Welcome.encrypted(secured)}${said}.`
  return [
    ...(connects === undefined ? [listening] : [
      `${listening} Connect from another terminal:`,
      `  ${command} peerpy connect ${Welcome.named(secured, self)}${connects}`,
      ...alsoAt(address)
    ]),
    ...Welcome.madeUp(passphrase, secured, "unless you give it with --passphrase-file."),
    ...Welcome.closing(secured, "Nothing here is encrypted, and nobody has to prove an address.")
  ]
}
