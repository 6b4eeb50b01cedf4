/**
 * The commands of a sharing peer that reach other peers: fetch a file, list files, search. Each has the form of the
 * original as well.
 */
import { type Address, peerAddress as readAddress } from "@peerage/console/Address"
import { failed } from "@peerage/console/Failed"
import * as Fetching from "@peerage/console/Fetching"
import { sharedName } from "@peerage/console/FileNames"
import type { Jobs } from "@peerage/console/Jobs"
import type { Journal } from "@peerage/console/Journal"
import { printable } from "@peerage/console/Printable"
import { type Hits, search } from "@peerage/console/Searching"
import type { Transfers } from "@peerage/console/Transfers"
import type { FileName, FilePeer } from "@peerage/pyrate"
import { Effect, Result, SubscriptionRef } from "effect"
import { peerAddressOf } from "../Addresses.ts"
import { doneOr, type Failure, type Mistake, mistake, roomCommand, type Typed } from "../room/Command.ts"
import type { View } from "../room/Narrate.ts"
import { table } from "../room/Style.ts"
import { first } from "../room/Words.ts"
import type { Event } from "./Narrate.ts"

/** What the commands of a sharing peer work on. */
export interface SharingRoom {
  readonly peer: Pick<
    FilePeer.FilePeerService,
    "peers" | "status" | "files" | "refresh" | "rescan" | "list" | "search" | "download" | "commands"
  >
  readonly journal: Journal<Event>
  readonly jobs: Jobs<Event>
  readonly bars: Transfers
  /** The latest hits of searches. */
  readonly hits: Hits
  /** Leaves when no job is under way any more. */
  readonly leaveWhenIdle: Effect.Effect<unknown>
}

const command = roomCommand<SharingRoom, View, Event>()

const form = (text: string) => mistake(`This goes as ${text}.`)

/** Reads the rest of a line as a name, with or without quotes around all of it. */
const nameOf = (rest: string): Result.Result<FileName.FileName, Mistake> =>
  Result.orElse(sharedName(/^"([^"]*)"$/.exec(rest)?.[1] ?? rest), mistake)

const peerAddress = (text: string): Result.Result<Address, Mistake> => Result.orElse(readAddress(text), mistake)

/** The original's `<server> <port>` as an address, empty without a port, and what follows it. */
const serverAndPort = (rest: string): readonly [address: string, more: string] => {
  const [host, behind] = first(rest)
  const [port, more] = first(behind)
  return [port === "" ? "" : `${host}:${port}`, more]
}

const peersOf = ({ peer }: SharingRoom): ReadonlyArray<string> => SubscriptionRef.getUnsafe(peer.peers)

/** Logs a line that failed outside of this peer. */
export const logged =
  <E extends Failure>({ journal }: SharingRoom, { line }: Typed) => (error: E): Effect.Effect<void> =>
    journal.warn(`${printable(line)}: ${error.message}`)

/** Begins the job of a line. `broken` says what leaving the room breaks off. */
const begin = (
  { jobs }: SharingRoom,
  { line }: Typed,
  { broken, job, name }: {
    readonly name: string
    readonly job: Effect.Effect<ReadonlyArray<Event>>
    readonly broken: string
  }
) =>
  doneOr(
    jobs.begin(name, job, [failed(line, { reason: "Interrupted", message: broken })]),
    "UnderWay",
    `${printable(name)} is under way already.`
  )

/** A command that begins a download; its end is reported later. `split` finds the address and the name. */
const getAs = (example: string, split: (rest: string) => readonly [address: string, name: string]) =>
  command({
    usage: "/get PEER NAME",
    does: "fetch a file into the shared folder, as GET <server> <port> <filename>",
    parse: (rest) => {
      const [address, name] = split(rest)
      return name === "" ? form(example) : Result.all({ address: peerAddress(address), name: nameOf(name) })
    },
    run: ({ address, name }, room, { line }) =>
      Effect.as(
        Fetching.begin(room, {
          name,
          at: `${address.host}:${address.port}`,
          from: peerAddressOf(address),
          command: line
        }),
        []
      ),
    complete: peersOf
  })

const listAs = (example: string, split: (rest: string) => readonly [address: string, more: string]) =>
  command({
    usage: "/list PEER",
    does: "the files of a peer, as LIST <server> <port>",
    parse: (rest) => {
      const [address, more] = split(rest)
      return address === "" || more !== "" ? form(example) : peerAddress(address)
    },
    answers: ["Files"],
    run: (address, room, typed) =>
      Effect.flatMap(peerAddressOf(address), (peer) =>
        Effect.map(room.peer.list(peer), (files) => [{ _tag: "Files", peer, files } as const])).pipe(
          Effect.tapError(logged(room, typed))
        ),
    show: ({ files, peer }, { name, style }) =>
      files.length === 0
        ? [`${name(peer)} shares nothing.`]
        : table(style, ["PEER", "FILE"], files.map((file) => [peer, printable(file)])),
    complete: peersOf
  })

/** A command that begins a search; the library's own events report what is found. */
const searchAs = (example: string) =>
  command({
    usage: "/search NAME",
    does: "who has a file, as SEARCH <filename>",
    parse: (rest) => rest === "" ? form(example) : nameOf(rest),
    answers: ["Searched"],
    run: (name, room, typed) => {
      const searched = Effect.map(
        search(room.peer, name, room.hits),
        (peers): ReadonlyArray<Event> => [{ _tag: "Searched", name, peers }]
      )
      return begin(room, typed, {
        name: `The search for ${name}`,
        job: searched,
        broken: `The search for ${printable(name)} was broken off.`
      })
    },
    show: ({ name, peers: [first, ...more] }, { style }) => {
      const shown = printable(name)
      return first === undefined
        ? [`Nobody said that they have ${shown}.`]
        : [
          ...table(style, ["PEER", "FILE"], [first, ...more].map((peer) => [peer, shown])),
          style.dim(`To fetch it: /get ${first} ${shown}`)
        ]
    }
  })

/** The commands, in the order of the help. */
export const fileCommands = [
  getAs("/get PEER NAME, such as /get 10.0.0.2:5005 song.txt", first),
  listAs("/list PEER, such as /list 10.0.0.2:5005", first),
  searchAs("/search NAME, such as /search song.txt")
] as const

/** The same in the forms of the original. */
export const originals = [
  getAs("GET <server> <port> <filename>, such as GET 10.0.0.2 5005 song.txt", serverAndPort),
  listAs("LIST <server> <port>, such as LIST 10.0.0.2 5005", serverAndPort),
  searchAs("SEARCH <filename>, such as SEARCH song.txt")
] as const
