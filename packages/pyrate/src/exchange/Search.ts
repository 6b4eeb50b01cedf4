/**
 * A search: a flood of one message, which each holder of the file answers with another. Every message has a connection
 * of its own, on which nothing comes back. (docs/wire/pyrate.md, sections 2.3, 2.4 and 5.)
 *
 *     searcher               peer without the file            holder
 *       6:id:...:10   -->
 *                              6:id:...:9               -->
 *                     <--                                       7:id:...
 */
import { PeerAddress } from "@peerage/transport"
import { Effect } from "effect"
import type { FileName } from "../codec/FileName.ts"
import type { Search, SearchResponse } from "../codec/Message.ts"
import * as Remote from "./Remote.ts"

/** Sends one message about a search to one peer. Never fails: peers may be gone at any time. */
export type Send = (peer: PeerAddress.PeerAddress, message: Search | SearchResponse) => Effect.Effect<void>

/** Sends one message about a search. */
export const send = (peer: Remote.Remote, message: Search | SearchResponse) =>
  Remote.request(peer, message, { answerWithin: 0 })

/** Asks all peers at once: begins a search, or passes one on. The answers come as requests; see `collect`. */
export const initiate = (send: Send, search: Search, peers: ReadonlyArray<PeerAddress.PeerAddress>) =>
  Effect.forEach(peers, (peer) => send(peer, search), { concurrency: "unbounded", discard: true })

/** The holder's side: tells the searcher that `responder` has the file. */
export const respond = (send: Send, { id, name, requester }: Search, responder: PeerAddress.PeerAddress) =>
  send(requester, { _tag: "SearchResponse", id, responder, name })

/** A peer that has a file. */
export interface Hit {
  readonly name: FileName
  readonly peer: PeerAddress.PeerAddress
}

/** The searcher's side of an answer: who has the file `searched` for. `undefined` where it does not say that. */
export const collect = (searched: FileName, { name, responder }: SearchResponse): Hit | undefined =>
  name === searched && isOneHost(responder) ? { name, peer: responder } : undefined

/** Whether an address is that of one host: neither unspecified, nor a group, nor reserved, nor a broadcast. */
const isOneHost = (peer: PeerAddress.PeerAddress): boolean => {
  const first = Number(peer.slice(0, peer.indexOf(".")))
  return first !== 0 && first < 224
}

// Ports below belong to services of the system, where no peer listens.
const leastPort = 1024

/** Whether an answer to a search from the host `from` harms nobody: the search names the address that is answered. */
export const isHarmless = ({ requester }: Search, from: string): boolean =>
  isOneHost(requester)
  && PeerAddress.port(requester) >= leastPort
  // The loopback address of another machine is that of this one.
  && (!requester.startsWith("127.") || from.startsWith("127."))
