/**
 * The messages of Pyrate: text, one to a connection, without a length or an end of its own (PYRATE.md, sections 0 to 2).
 *
 *     0:port                       register              peer -> bootstrap
 *     1:count                      who is there?         peer -> bootstrap, which answers with a peer list
 *     2:port                       unregister            peer -> bootstrap
 *     3:port                       keep alive            peer -> bootstrap
 *     4:name                       download              peer -> peer
 *     5:                           which files?          peer -> peer, which answers with a file list
 *     6:id:name:ip:port:ttl        search                peer -> peers
 *     7:id:ip:port:name            found                 peer -> the one that searches
 */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Result, Schema } from "effect"
import * as FileName from "./FileName.ts"

/** A port that can be dialed. */
export const Port = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }))

/** The name of a search: what tells it from others. */
const SearchId = Schema.String.check(Schema.isPattern(/^(?:[^:\p{C}]|[\u200c\u200d]){1,300}$/u)).annotate({
  identifier: "SearchId"
})

const Count = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 99_999 }))
const Ttl = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 99 }))

/** Any message. A name in `Download` is what somebody asked for, be it safe or not. */
export const Message = Schema.TaggedUnion({
  Register: { port: Port },
  /** At most so many; `undefined` where none was said. */
  RequestPeers: { count: Schema.optional(Count) },
  Unregister: { port: Port },
  KeepAlive: { port: Port },
  Download: { name: Schema.String },
  ListFiles: {},
  Search: { id: SearchId, name: FileName.FileName, requester: PeerAddress.PeerAddress, ttl: Ttl },
  SearchResponse: { id: SearchId, responder: PeerAddress.PeerAddress, name: FileName.FileName }
})
export type Message = typeof Message.Type
export type Search = Extract<Message, { readonly _tag: "Search" }>
export type SearchResponse = Extract<Message, { readonly _tag: "SearchResponse" }>

/** Bytes that are no message. Its sender has no answer to expect. */
export class MalformedRequest extends Schema.TaggedError<MalformedRequest>()("MalformedRequest", {
  /** What is wrong; never the contents. */
  problem: Schema.String
}) {
  override get message() {
    return `What was asked is no message of this protocol: ${this.problem}.`
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Writes a message. */
export const encode = (message: Message): Uint8Array => encoder.encode(textOf(message))

const textOf = (message: Message): string => {
  switch (message._tag) {
    case "Register":
      return `0:${message.port}`
    case "RequestPeers":
      return `1:${message.count ?? ""}`
    case "Unregister":
      return `2:${message.port}`
    case "KeepAlive":
      return `3:${message.port}`
    case "Download":
      return `4:${message.name}`
    case "ListFiles":
      return "5:"
    case "Search":
      return `6:${message.id}:${message.name}:${message.requester}:${message.ttl}`
    case "SearchResponse":
      return `7:${message.id}:${message.responder}:${message.name}`
  }
}

type Decoded = Result.Result<Message, MalformedRequest>

/** Reads a message that is all there. Total: never throws, whatever the bytes are. */
export const decode = (bytes: Uint8Array): Decoded =>
  Result.match(Result.try(() => decoder.decode(bytes)), {
    onFailure: () => malformed("not UTF-8"),
    onSuccess: (text) => {
      const read = text[1] === ":" ? readers.get(text.charAt(0)) : undefined
      return read === undefined ? malformed("no message of that kind") : read(text.slice(2))
    }
  })

const malformed = (problem: string): Result.Result<never, MalformedRequest> =>
  Result.fail(new MalformedRequest({ problem }))

const digits = /^\d{1,5}$/

const portOf = (text: string): number | undefined => {
  const port = digits.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

const withPort = (make: (port: number) => Message) => (rest: string): Decoded => {
  const port = portOf(rest)
  return port === undefined ? malformed("a port that is none") : Result.succeed(make(port))
}

const requestPeers = (rest: string): Decoded => {
  if (rest === "") return Result.succeed({ _tag: "RequestPeers", count: undefined })
  return digits.test(rest)
    ? Result.succeed({ _tag: "RequestPeers", count: Number(rest) })
    : malformed("a count that is none")
}

const download = (rest: string): Decoded =>
  rest === "" ? malformed("a download of nothing") : Result.succeed({ _tag: "Download", name: rest })

const listFiles = (rest: string): Decoded =>
  rest === "" ? Result.succeed({ _tag: "ListFiles" }) : malformed("more than a request for files")

const isSearchId = Schema.is(SearchId)
const timeToLive = /^\d{1,2}$/

const search = (rest: string): Decoded => {
  const [id = "", name = "", ip = "", port = "", ttl = "", ...more] = rest.split(":")
  const requester = PeerAddress.parse(`${ip}:${port}`)
  if (!isSearchId(id)) return malformed("a search without a proper id")
  if (!FileName.is(name)) return malformed("a search for a name that no file has")
  if (requester === undefined) return malformed("a search with an address that is none")
  if (!timeToLive.test(ttl) || more.length > 0) return malformed("a search with a TTL that is none")
  return Result.succeed({ _tag: "Search", id, name, requester, ttl: Number(ttl) })
}

const searchResponse = (rest: string): Decoded => {
  const [id = "", ip = "", port = "", name = "", ...more] = rest.split(":")
  const responder = PeerAddress.parse(`${ip}:${port}`)
  if (!isSearchId(id)) return malformed("a search response without a proper id")
  if (responder === undefined) return malformed("a search response with an address that is none")
  if (!FileName.is(name) || more.length > 0) return malformed("a search response with a name that no file has")
  return Result.succeed({ _tag: "SearchResponse", id, responder, name })
}

const readers: ReadonlyMap<string, (rest: string) => Decoded> = new Map([
  ["0", withPort((port) => ({ _tag: "Register", port }))],
  ["1", requestPeers],
  ["2", withPort((port) => ({ _tag: "Unregister", port }))],
  ["3", withPort((port) => ({ _tag: "KeepAlive", port }))],
  ["4", download],
  ["5", listFiles],
  ["6", search],
  ["7", searchResponse]
])
