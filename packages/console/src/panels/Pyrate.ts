/** A peer that shares files: what it shares, who else is there, what a search found, and files on their way. */
import type { FilePeer, PyrateEvent } from "@peerage/pyrate"
import { Clock, Effect, Ref, type Scope, Stream, SubscriptionRef } from "effect"
import type { Invite, Table } from "../api/About.ts"
import type { Member, Row, Transfer } from "../api/Frame.ts"
import type { Fetching } from "../jobs/Fetching.ts"
import * as Jobs from "../jobs/Jobs.ts"
import * as Searching from "../jobs/Searching.ts"
import { rateLately } from "../jobs/Transfer.ts"
import * as Transfers from "../jobs/Transfers.ts"
import * as Meters from "../Meters.ts"
import type { Panel, Part } from "../Panel.ts"
import type { Journal } from "../talk/Journal.ts"
import { inPyrate, leftOut } from "../words/Reasons.ts"
import { workOf } from "../words/Work.ts"
import * as Asked from "./Asked.ts"
import * as Abilities from "./PyrateAbilities.ts"

/** What a room remembers and does. */
export interface Room extends Pick<Fetching, "jobs"> {
  readonly journal: Pick<Journal<never>, "entries" | "warn">
  /** Something else moves them while they are under way. */
  readonly bars: Transfers.Transfers
  readonly hits: Searching.Hits
}

/** How a panel is made. */
export interface Options extends Partial<Pick<Abilities.Doing, "lookup">> {
  /** What a terminal shows too. Without it there is no log, and the panel itself does and remembers. */
  readonly room?: Room | undefined
  readonly invite?: Effect.Effect<Invite> | undefined
  readonly fingerprints?: Asked.Fingerprints | undefined
}

/** Which parts each event changes. */
export const touched: { readonly [Tag in PyrateEvent.PyrateEvent["_tag"]]: ReadonlyArray<Part> } = {
  Listening: [],
  Joined: ["members"],
  Left: ["members"],
  Peers: ["members"],
  Shared: ["table:files", "table:leftOut"],
  DirectoryLost: ["table:files", "table:leftOut"],
  LeftOut: ["table:leftOut"],
  Hit: ["table:hits"],
  Progress: ["transfers"],
  Saved: ["transfers", "table:files"],
  Serving: ["transfers"],
  Served: ["table:commands"],
  BrokenOff: ["transfers", "table:commands"],
  Rejected: ["table:commands"]
}

const endings = { in: "It is in the shared folder.", out: "All of it was sent." } as const

const transferOf = (moving: Transfers.Transfer, now: number): Transfer => {
  const { direction, end, peer, progress } = moving
  const { bytes, first, name, total } = progress
  const begun = end === undefined
  const state = begun ? first === undefined ? "waiting" : "running" : end.done ? "done" : "failed"
  const sentence = begun ? undefined : end.done ? endings[direction] : end.problem
  return {
    id: Transfers.idOf(moving),
    name,
    peer,
    direction,
    bytes,
    ...(total === undefined ? {} : { total }),
    rate: begun ? rateLately(progress, now) : 0,
    state,
    ...(sentence === undefined ? {} : { sentence })
  }
}

const tables: ReadonlyArray<Table> = [
  {
    name: "files",
    title: "Your files",
    columns: ["Name"],
    empty: "You share nothing: there are no plain files in the folder.",
    place: "tab"
  },
  {
    name: "listing",
    title: "A peer's files",
    columns: ["File", "Peer"],
    empty: "No list was asked for yet. A peer that runs the original does not survive the question: search instead.",
    place: "tab"
  },
  {
    name: "hits",
    title: "Search",
    columns: ["File", "Peer"],
    empty: "Nothing was found yet. A search is for the whole name of a file, and takes 5 seconds.",
    place: "tab"
  },
  {
    name: "commands",
    title: "Under way",
    columns: ["Work", "Peer"],
    empty: "Nothing is being done.",
    place: "side"
  },
  {
    name: "leftOut",
    title: "Not shared",
    columns: ["Name", "Why"],
    empty: "All of the folder is shared.",
    place: "side"
  }
]

const fileAt = ({ name, peer }: Abilities.Place): Row => ({ id: `${peer} ${name}`, cells: [name, peer] })

/** Makes the panel of a peer. */
export const make = Effect.fnUntraced(function*(
  peer: FilePeer.FilePeerService,
  { fingerprints = Asked.unkeyed, invite, lookup, room: given }: Options = {}
): Effect.fn.Return<Panel<PyrateEvent.PyrateEvent>, never, Scope.Scope> {
  const room = given ?? (yield* doingItself)
  const listed = yield* Ref.make<ReadonlyArray<Abilities.Place>>([])
  const moving = given === undefined ? movedBy(peer, room.bars) : <A, E>(work: Effect.Effect<A, E>) => work
  const doing = {
    ...room,
    peer: { ...peer, download: (...args: Parameters<typeof peer.download>) => moving(peer.download(...args)) },
    listed,
    lookup: lookup ?? Abilities.numeric
  }
  return {
    about: Asked.aboutOf({
      protocol: "Pyrate",
      role: "peer",
      self: peer.self,
      members: "Peers",
      everybody: false,
      log: given !== undefined,
      transfers: "Transfers",
      tables
    }, invite),
    status: Asked.statusOf(peer.status, "registered", inPyrate),
    events: given === undefined ? servedWith(peer, room.bars) : peer.events,
    encode: Asked.asProgramsSee,
    touches: ({ _tag }) => touched[_tag],
    members: Effect.gen(function*() {
      const peers = yield* SubscriptionRef.get(peer.peers)
      const keys = yield* fingerprints(peers)
      return peers.map((id): Member => {
        const key = keys.get(id)
        return { id, name: id, marks: key === undefined ? [] : [key], state: "here" }
      })
    }),
    log: given === undefined ? undefined : Asked.logOf(given.journal),
    tables: {
      files: Effect.map(SubscriptionRef.get(peer.files), (files) => files.map((name) => ({ id: name, cells: [name] }))),
      listing: Effect.map(Ref.get(listed), (all) => all.map(fileAt)),
      hits: Effect.map(room.hits.all, (all) => all.map(fileAt)),
      commands: Effect.map(peer.commands, (all) =>
        all.map(({ _tag, kind, peer }, index) => ({
          id: String(index),
          cells: [workOf({ direction: _tag, kind }), peer]
        }))),
      leftOut: Effect.map(
        peer.leftOut,
        (all) => all.map(({ name, reason }) => ({ id: name, cells: [name, leftOut(reason)] }))
      )
    },
    transfers: Effect.zipWith(
      room.bars.all,
      Clock.currentTimeMillis,
      (all, now) => all.map((one) => transferOf(one, now)).reverse()
    ),
    meters: Meters.traffic,
    abilities: Abilities.of(doing)
  }
})

/** Moves the bars for as long as some work lasts. */
const movedBy =
  ({ events }: Pick<FilePeer.FilePeerService, "events">, bars: Transfers.Transfers) =>
  <A, E>(work: Effect.Effect<A, E>): Effect.Effect<A, E> => {
    const moving = Stream.runForEach(
      events,
      (event) => event._tag === "Progress" ? bars.advance(event) : Effect.void
    )
    return Effect.scoped(Effect.andThen(Effect.forkScoped(moving, { startImmediately: true }), work))
  }

/** The events of a peer, which move the bars of uploads while somebody listens. */
const servedWith = ({ events }: Pick<FilePeer.FilePeerService, "events">, bars: Transfers.Transfers) => {
  const note = (event: PyrateEvent.PyrateEvent) =>
    event._tag === "Serving" ? bars.serve(event) : event._tag === "BrokenOff" ? bars.breakOff(event) : Effect.void
  const moved = Stream.mapArrayEffect(
    events,
    (batch) => Effect.as(Effect.forEach(batch, note, { discard: true }), batch)
  )
  return Stream.unwrap(Effect.as(bars.loseUploads, moved))
}

/** Downloads and searches for the scope's life. */
const doingItself = Effect.gen(function*() {
  const room: Room = {
    journal: { entries: () => Effect.succeed([]), warn: () => Effect.void },
    jobs: yield* Jobs.make(() => Effect.void),
    bars: Transfers.make(),
    hits: Searching.hits()
  }
  return room
})
