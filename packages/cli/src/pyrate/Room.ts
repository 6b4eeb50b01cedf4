/** Pyrate rooms, of a bootstrap and of a peer that shares: each with its commands and what it remembers. */
import { downloadOf } from "@peerage/console/Fetching"
import * as Jobs from "@peerage/console/Jobs"
import * as Journal from "@peerage/console/Journal"
import { printable } from "@peerage/console/Printable"
import * as Searching from "@peerage/console/Searching"
import type { BootstrapNode, FilePeer } from "@peerage/pyrate"
import { Deferred, Effect, Queue, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { alsoAt, hostFor, peerAddressOf } from "../Addresses.ts"
import * as Invites from "../console/Invites.ts"
import * as Log from "../Log.ts"
import { plainView, viewOf } from "../room/Narrate.ts"
import * as Room from "../room/Room.ts"
import type { Screen } from "../room/Screen.ts"
import { counted } from "../room/Style.ts"
import type { Secrets, Secured } from "../secure/Encryption.ts"
import { fingerprints, keysOf } from "../secure/Keys.ts"
import * as Welcome from "../secure/Welcome.ts"
import * as Bars from "./Bars.ts"
import { bootstrapTable, sharerTable } from "./Commands.ts"
import { type Event, narrate } from "./Narrate.ts"

/** Makes an empty log. */
const journal = (): Journal.Journal<Event> => Journal.make((event) => narrate(event, plainView))

/** The room of a bootstrap: lasts until somebody leaves. `command` is how this command was called. */
export const bootstrap = Effect.fnUntraced(function*(
  screen: Screen,
  node: BootstrapNode.BootstrapService,
  { command, passphrase, secured }: Secrets & { readonly command: string }
) {
  const { address } = node
  const room = { peer: node, journal: journal() }
  const reached = `${hostFor(address)}:${address.port}`
  const welcome = [
    `Listening at ${NetAddress.formatInet(address)}${
      Welcome.encrypted(secured)
    }. Share a folder from another terminal:`,
    `  ${command} pyrate share FOLDER --bootstrap ${Welcome.named(secured, reached)}`,
    ...alsoAt(address),
    ...Welcome.madeUp(passphrase, secured, "unless you give it with --passphrase-file."),
    ...Welcome.closing(secured, "Nobody has to prove anything to be listed.")
  ]
  const invite = Invites.make({
    command: `${command} pyrate share FOLDER --bootstrap`,
    reached,
    secured,
    needs: secured === undefined ? undefined : Invites.secretOf(secured, passphrase !== undefined)
  })
  yield* Room.run({
    screen,
    table: bootstrapTable,
    room,
    narrate,
    view: viewOf(screen.style, welcome),
    note: room.journal.note,
    events: [node.events],
    keyOf: (event) =>
      event._tag === "Joined" ? Effect.map(keysOf([event.peer]), (keys) => keys?.[event.peer]?.key) : Effect.undefined,
    opening: Effect.map(SubscriptionRef.get(node.peers), (peers): ReadonlyArray<Event> => [
      { _tag: "Listening", address: NetAddress.formatInet(address) },
      { _tag: "Peers", peers }
    ]),
    over: Effect.never,
    panel: Effect.map(
      Effect.promise(() => import("@peerage/console/Bootstrap")),
      (panels) => panels.make(node, { journal: room.journal, invite: Effect.succeed(invite) })
    ),
    reached
  })
})

/** How the room of a sharing peer begins. */
export interface Entry {
  /** The bootstrap's address. */
  readonly bootstrap: string
  readonly directory: string
  readonly log: Log.LogFile
  /** How this command was called. */
  readonly command: string
  readonly secured: Secured | undefined
}

// Ends of jobs on their way to the screen.
const held = 1024

/** The room of a sharing peer: lasts until somebody leaves. */
export const share = Effect.fnUntraced(function*(
  screen: Screen,
  peer: FilePeer.FilePeerService,
  { bootstrap, command, directory, log, secured }: Entry
) {
  const leaving = yield* Deferred.make<void>()
  const ended = yield* Queue.bounded<Event>(held)
  const jobs = yield* Jobs.make<Event>((events) => Queue.offerAll(ended, events))
  const [bars, hits, notes] = [Bars.make(screen), Searching.hits(), log.copying(journal())]
  const files = yield* SubscriptionRef.get(peer.files)
  const leftOut = yield* peer.leftOut
  const welcome = [
    `Sharing ${counted(files.length, "file")} of ${printable(directory)} at ${peer.self}${
      Welcome.encrypted(secured)
    }. See them from another terminal:`,
    `  ${command} pyrate list ${Welcome.named(secured, peer.self)}`,
    ...(leftOut.length === 0
      ? []
      : [`Not shared: ${counted(leftOut.length, "other")} in it. /log says which, and why.`]),
    ...Welcome.closing(secured, "Nothing here is encrypted: whoever reaches this machine can fetch them.")
  ]
  const invite = Invites.through({ command: `${command} pyrate share FOLDER --bootstrap`, reached: bootstrap, secured })
  const room = { peer, journal: notes, jobs, bars, hits, leaveWhenIdle: Deferred.succeed(leaving, undefined) }
  yield* Room.run({
    screen,
    table: sharerTable,
    room,
    narrate,
    view: viewOf(screen.style, welcome),
    note: (event, asked) => {
      if (event._tag === "Progress") return bars.advance(event)
      if (event._tag === "Serving") return bars.serve(event)
      if (event._tag === "BrokenOff") return Effect.andThen(bars.breakOff(event), notes.note(event))
      // What is shared now is no news where somebody asks.
      return event._tag === "Shared" && asked ? Effect.void : notes.note(event)
    },
    events: [
      // The job of a download reports its end itself, after the last progress.
      Stream.filter(
        peer.events,
        (event) => event._tag !== "Saved" && (event._tag !== "Progress" || jobs.has(downloadOf(event.name)))
      ),
      Stream.fromQueue(ended),
      registrations(peer, bootstrap)
    ],
    opening: Effect.map(
      Effect.all([SubscriptionRef.get(peer.peers), SubscriptionRef.get(peer.files)]),
      ([peers, files]): ReadonlyArray<Event> => [
        { _tag: "Listening", address: peer.self },
        { _tag: "Connected", peer: bootstrap },
        { _tag: "Peers", peers },
        ...leftOut.map((entry) => ({ _tag: "LeftOut", ...entry }) as const),
        // The welcome tells people how many files there are.
        ...(screen.kind === "Json" ? [{ _tag: "Shared", files } as const] : [])
      ]
    ),
    over: Effect.never,
    closing: Effect.andThen(Deferred.await(leaving), jobs.idle),
    finish: jobs.breakOff,
    panel: Effect.flatMap(
      Effect.promise(() => import("@peerage/console/Pyrate")),
      (panels) => panels.make(peer, { room, invite, lookup: peerAddressOf, fingerprints: fingerprints(secured) })
    ),
    reached: peer.self
  })
})

/** What becomes of the registration from now on. */
const registrations = ({ status }: FilePeer.FilePeerService, bootstrap: string): Stream.Stream<Event> =>
  SubscriptionRef.changes(status).pipe(
    // A status of the same kind is no change.
    Stream.changesWith((one, other) => one._tag === other._tag),
    Stream.drop(1),
    Stream.flatMap((status): Stream.Stream<Event> => {
      if (status._tag === "Joined") return Stream.succeed({ _tag: "Connected", peer: bootstrap })
      if (!("reason" in status) || status.reason === "Left") return Stream.empty
      return Stream.succeed({ _tag: "Closed", peer: bootstrap, reason: status.reason })
    })
  )
