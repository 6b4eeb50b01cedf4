/** Does what a line says, and answers with events. Never fails: what went wrong is an answer. */
import type { FileName, FilePeer, PyrateError } from "@peerage/pyrate"
import { PeerAddress } from "@peerage/transport"
import { type Duration, Effect, Stream, SubscriptionRef } from "effect"
import { addressOf, type NameNotFound } from "../Addresses.ts"
import { failed, help, log } from "../before/Answer.ts"
import type { Outcome } from "../before/Room.ts"
import { printable } from "../Printable.ts"
import type { Address } from "../Values.ts"
import type { Event } from "./Answer.ts"
import type { Bars } from "./Bars.ts"
import type { Jobs } from "./Jobs.ts"
import type { Journal } from "./Journal.ts"
import { type Line, parse, wordsFor } from "./Line.ts"

/** A peer that shares, and what its room has beside it. */
export interface Place {
  readonly peer: Pick<
    FilePeer.FilePeerService,
    "peers" | "files" | "refresh" | "rescan" | "list" | "search" | "download" | "commands"
  >
  readonly journal: Journal
  readonly jobs: Jobs
  readonly bars: Bars
  /** How long answers to a search are waited for. */
  readonly searchFor: Duration.Duration
  /** Leaves when nothing is under way any more. */
  readonly leave: Effect.Effect<void>
}

type Answers = Effect.Effect<ReadonlyArray<Event>>
type Tagged<Tag extends Line["_tag"]> = Extract<Line, { readonly _tag: Tag }>

/** Obeys one line. */
export const obey = (place: Place) => (text: string): Effect.Effect<Outcome<Event>> => {
  const line = parse(text, "Sharer")
  if (line._tag === "Exit") return Effect.succeed({ _tag: "Exit" })
  return line._tag === "Quit"
    ? quit(place)
    : Effect.map(answer(place, line, text.trim()), (events) => ({ _tag: "Answer", events }))
}

/** Quirk: the original leaves when all of its commands are done, and scripts written for it rely on that. */
const quit = ({ jobs, leave }: Place): Effect.Effect<Outcome<Event>> =>
  Effect.flatMap(jobs.size, (waitsFor): Effect.Effect<Outcome<Event>> =>
    waitsFor === 0
      ? Effect.succeed({ _tag: "Exit" })
      : Effect.as(leave, { _tag: "Answer", events: [{ _tag: "Leaving", waitsFor }] }))

const answer = (
  place: Place,
  line: Exclude<Line, { readonly _tag: "Exit" | "Quit" }>,
  command: string
): Answers => {
  const { journal, peer } = place
  switch (line._tag) {
    case "Nothing":
      return Effect.succeed([])
    case "Mistake":
      return Effect.succeed([failed(command, line.reason, line.message)])
    case "Get":
      return get(place, line, command)
    case "List":
      return list(place, line, command)
    case "Search":
      return search(place, line, command)
    case "Peers":
      return peers(place)
    case "Refresh":
      return Effect.catch(Effect.andThen(peer.refresh, peers(place)), notDone(journal, command))
    case "Files":
      return files(place)
    case "Rescan":
      return Effect.andThen(peer.rescan, files(place)).pipe(
        Effect.catch(({ _tag, message }) => Effect.succeed([failed(command, _tag, message)]))
      )
    case "Commands":
      return Effect.map(peer.commands, (commands) => [{
        _tag: "Commands",
        commands: commands.map(({ _tag: direction, kind, peer }) => ({ direction, kind, peer }))
      }])
    case "Log":
      return Effect.map(journal.entries(line.level), (entries) => [log(entries)])
    case "Help":
      return Effect.succeed([help(wordsFor("Sharer"))])
  }
}

const peers = ({ peer }: Place): Answers =>
  Effect.map(SubscriptionRef.get(peer.peers), (known) => [{ _tag: "Peers", peers: known }])

const files = ({ peer }: Place): Answers =>
  Effect.map(SubscriptionRef.get(peer.files), (names) => [{ _tag: "Shared", files: names }])

type NotDone = PyrateError.AskError | PyrateError.DownloadError | NameNotFound

/** Says what was not done, and logs it. */
const notDone = (journal: Journal, command: string) => (error: NotDone): Answers => {
  const reason = error._tag === "NameNotFound" ? error._tag : error.reason._tag
  return Effect.as(journal.warn(`${printable(command)}: ${error.message}`), [failed(command, reason, error.message)])
}

const named = ({ host, port }: Address): Effect.Effect<PeerAddress.PeerAddress, NameNotFound> =>
  Effect.map(
    addressOf({ host, port }, port),
    (address) => PeerAddress.at(address.slice(0, address.lastIndexOf(":")), port)
  )

const list = ({ journal, peer }: Place, { address }: Tagged<"List">, command: string): Answers =>
  named(address).pipe(
    Effect.flatMap((of) =>
      Effect.map(peer.list(of), (files): ReadonlyArray<Event> => [{ _tag: "Files", peer: of, files }])
    ),
    Effect.catch(notDone(journal, command))
  )

const begun = (command: string, what: string) => (isNew: boolean): ReadonlyArray<Event> =>
  isNew ? [] : [failed(command, "UnderWay", `${printable(what)} is under way already.`)]

/** What the download of a file is called among the jobs. */
export const jobOf = (name: FileName.FileName): string => `get ${name}`

/** Begins a download. */
const get = ({ bars, jobs, journal, peer }: Place, { address, name }: Tagged<"Get">, command: string): Answers => {
  const fetched = Effect.flatMap(named(address), (from) => peer.download(from, name)).pipe(
    Effect.map(({ bytes, path }): ReadonlyArray<Event> => [{ _tag: "Saved", name, path, bytes }]),
    Effect.catch(notDone(journal, command))
  )
  return Effect.map(jobs.begin(jobOf(name), bars.during(name, fetched)), begun(command, `The download of ${name}`))
}

/** Begins a search; what is found is told by the library's own events. */
const search = ({ jobs, peer, searchFor }: Place, { name }: Tagged<"Search">, command: string): Answers => {
  const found = new Set<PeerAddress.PeerAddress>()
  const searched = Effect.flatMap(peer.search(name), Stream.runForEach((hit) => Effect.sync(() => found.add(hit.peer))))
    .pipe(
      Effect.timeoutOption(searchFor),
      Effect.scoped,
      Effect.andThen(Effect.sync((): ReadonlyArray<Event> => [{ _tag: "Searched", name, peers: [...found] }]))
    )
  return Effect.map(jobs.begin(`search ${name}`, searched), begun(command, `The search for ${name}`))
}
