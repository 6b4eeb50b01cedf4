/** What can be asked of a peer that shares files: lists, searches, downloads, and a look at the folder and the network. */
import type { FileName, FilePeer } from "@peerage/pyrate"
import { PeerAddress } from "@peerage/transport"
import { Effect, Ref, SubscriptionRef } from "effect"
import { type Address, isIpv4, peerAddress } from "../fields/Address.ts"
import { sharedName } from "../fields/FileNames.ts"
import * as Fetching from "../jobs/Fetching.ts"
import { type Hits, search } from "../jobs/Searching.ts"
import type { Asking } from "../Panel.ts"
import type { Failure, Mistake } from "../words/Failed.ts"
import * as Asked from "./Asked.ts"

/** A file at a peer. */
export interface Place {
  readonly peer: PeerAddress.PeerAddress
  readonly name: FileName.FileName
}

/** What abilities work on. */
export interface Doing extends Fetching.Fetching {
  readonly peer: Pick<
    FilePeer.FilePeerService,
    "download" | "files" | "list" | "peers" | "refresh" | "rescan" | "search"
  >
  readonly hits: Hits
  /** The list that was asked for last. */
  readonly listed: Ref.Ref<ReadonlyArray<Place>>
  /** The address of a host that may be given by its name. */
  readonly lookup: (at: Address) => Effect.Effect<PeerAddress.PeerAddress, Failure>
}

/** Takes addresses only, where nothing looks names up. */
export const numeric = ({ host, port }: Address): Effect.Effect<PeerAddress.PeerAddress, Mistake> =>
  isIpv4(host) ? Effect.succeed(PeerAddress.at(host, port)) : Effect.fail({
    reason: "NameNotFound",
    message: `Names are not looked up here. Give the IPv4 address of ${host}.`
  })

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`

const listing = ({ listed, lookup, peer }: Doing) => (text: string) =>
  Effect.gen(function*() {
    const from = yield* lookup(yield* Asked.read(peerAddress(text)))
    const files = yield* peer.list(from)
    yield* Ref.set(listed, files.map((name) => ({ peer: from, name })))
    return files.length === 0 ? `${from} shares nothing.` : `${from} shares ${counted(files.length, "file")}.`
  })

const fetching = (doing: Doing) => (from: string, file: string) =>
  Effect.gen(function*() {
    const at = yield* Asked.read(peerAddress(from))
    const name = yield* Asked.read(sharedName(file))
    yield* Fetching.begin(doing, { name, at: from, from: doing.lookup(at), command: `/get ${from} ${file}` })
    return `${name} is fetched from ${from} into the shared folder.`
  })

/** A row is named by its peer and its file, which may have blanks in it. */
const fetchingRow = (doing: Doing) => ({ target = "" }: { readonly target?: string }) => {
  const blank = target.indexOf(" ")
  return fetching(doing)(target.slice(0, Math.max(0, blank)), target.slice(blank + 1))
}

const searching = ({ hits, peer }: Doing) => (file: string) =>
  Effect.gen(function*() {
    const name = yield* Asked.read(sharedName(file))
    const peers = yield* search(peer, name, hits)
    return peers.length === 0
      ? `Nobody said that they have ${name}.`
      : `${counted(peers.length, "peer")} ${peers.length === 1 ? "has" : "have"} ${name}.`
  })

const address = Asked.field("peer", "Peer", "address", "192.0.2.2:5005")
const file = Asked.field("file", "File", "file", "its whole name, such as song.txt")

/** All that can be asked. */
export const of = (doing: Doing): ReadonlyArray<Asking> => [
  Asked.asking(
    { name: "list", label: "List files", on: "member", beside: "listing" },
    ({ target = "" }) => listing(doing)(target)
  ),
  Asked.asking(
    { name: "listOf", label: "List files", on: "panel", beside: "listing", fields: [address] },
    ({ peer = "" }) => listing(doing)(peer)
  ),
  Asked.asking(
    { name: "search", label: "Search", on: "panel", beside: "hits", fields: [file] },
    ({ file = "" }) => searching(doing)(file)
  ),
  Asked.asking({ name: "downloadHit", label: "Download", on: "row:hits" }, fetchingRow(doing)),
  Asked.asking({ name: "downloadListed", label: "Download", on: "row:listing" }, fetchingRow(doing)),
  Asked.asking(
    { name: "download", label: "Download", on: "panel", fields: [address, file] },
    ({ file = "", peer = "" }) => fetching(doing)(peer, file)
  ),
  Asked.asking({ name: "refresh", label: "Refresh", on: "panel" }, () =>
    Effect.map(
      Effect.andThen(doing.peer.refresh, SubscriptionRef.get(doing.peer.peers)),
      (peers) => peers.length === 0 ? "Nobody else is there." : `${counted(peers.length, "other peer")} there.`
    )),
  Asked.asking({ name: "rescan", label: "Look again", on: "panel", beside: "files" }, () =>
    Effect.map(
      Effect.andThen(doing.peer.rescan, SubscriptionRef.get(doing.peer.files)),
      (files) => `You share ${counted(files.length, "file")}.`
    ))
]
