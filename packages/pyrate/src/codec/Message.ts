/**
 * The messages of Pyrate: text, one to a connection, without a length or an end mark.
 * (docs/wire/pyrate.md, sections 0 to 2.)
 *
 *     0:port                       register              peer -> bootstrap
 *     1:count                      request peers         peer -> bootstrap, which answers with a peer list
 *     2:port                       unregister            peer -> bootstrap
 *     3:port                       keep alive            peer -> bootstrap
 *     4:name                       download              peer -> peer
 *     5:                           list files            peer -> peer, which answers with a file list
 *     6:id:name:ip:port:ttl        search                peer -> peers
 *     7:id:ip:port:name            search response       peer -> searcher
 */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Result, Schema } from "effect"
import * as FileName from "./FileName.ts"

/** A port that can be dialed. */
export const Port = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }))

/** The id of a search, chosen by the searcher. */
const SearchId = Schema.String.check(Schema.isPattern(/^(?:[^:\p{C}]|[\u200c\u200d]){1,300}$/u)).annotate({
  identifier: "SearchId"
})

const Count = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 99_999 }))
const Ttl = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 99 }))

/** Any message. The name in `Download` is as it came, whether it is safe or not. */
export const Message = Schema.TaggedUnion({
  Register: { port: Port },
  /** How many peers to name at most; `undefined` where the request does not say. */
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

/** Bytes that are no message. They get no answer. */
export class MalformedRequest extends Schema.TaggedError<MalformedRequest>()("MalformedRequest", {
  /** What is wrong; never the contents. */
  problem: Schema.String
}) {
  override get message() {
    return `The request is no message of this protocol: ${this.problem}.`
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Writes a message. */
export const encode = (message: Message): Uint8Array =>
  encoder.encode(Message.match(message, {
    Register: ({ port }) => `0:${port}`,
    RequestPeers: ({ count }) => `1:${count ?? ""}`,
    Unregister: ({ port }) => `2:${port}`,
    KeepAlive: ({ port }) => `3:${port}`,
    Download: ({ name }) => `4:${name}`,
    ListFiles: () => "5:",
    Search: ({ id, name, requester, ttl }) => `6:${id}:${name}:${requester}:${ttl}`,
    SearchResponse: ({ id, name, responder }) => `7:${id}:${responder}:${name}`
  }))

/** Reads a whole message. Total: never throws, whatever the bytes are. */
export const decode = (bytes: Uint8Array): Result.Result<Message, MalformedRequest> =>
  Result.match(Result.try(() => decoder.decode(bytes)), {
    onFailure: () => malformed("not UTF-8"),
    onSuccess: (text) => {
      const read = readers.get(text.slice(0, 2))
      if (read === undefined) return malformed("no message of that kind")
      const message = read(text.slice(2))
      return message === undefined ? malformed(`invalid fields of message ${text.charAt(0)}`) : Result.succeed(message)
    }
  })

const malformed = (problem: string): Result.Result<never, MalformedRequest> =>
  Result.fail(new MalformedRequest({ problem }))

/** Reads what follows the first colon. `undefined` where a field is missing or invalid, or one is too many. */
type Reader = (fields: string) => Message | undefined

const digits = /^\d{1,5}$/
const timeToLive = /^\d{1,2}$/
const isPort = Schema.is(Port)
const isSearchId = Schema.is(SearchId)

const withPort = (_tag: "Register" | "Unregister" | "KeepAlive"): Reader => (text) =>
  digits.test(text) && isPort(Number(text)) ? { _tag, port: Number(text) } : undefined

const requestPeers: Reader = (text) =>
  text === "" || digits.test(text) ? { _tag: "RequestPeers", count: text === "" ? undefined : Number(text) } : undefined

const search: Reader = (text) => {
  const [id = "", name = "", ip = "", port = "", ttl = "", ...more] = text.split(":")
  const requester = PeerAddress.parse(`${ip}:${port}`)
  if (!isSearchId(id) || !FileName.is(name) || requester === undefined || more.length > 0) return undefined
  return timeToLive.test(ttl) ? { _tag: "Search", id, name, requester, ttl: Number(ttl) } : undefined
}

const searchResponse: Reader = (text) => {
  const [id = "", ip = "", port = "", name = "", ...more] = text.split(":")
  const responder = PeerAddress.parse(`${ip}:${port}`)
  if (!isSearchId(id) || !FileName.is(name) || responder === undefined || more.length > 0) return undefined
  return { _tag: "SearchResponse", id, responder, name }
}

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["0:", withPort("Register")],
  ["1:", requestPeers],
  ["2:", withPort("Unregister")],
  ["3:", withPort("KeepAlive")],
  ["4:", (name) => name === "" ? undefined : { _tag: "Download", name }],
  ["5:", (nothing) => nothing === "" ? { _tag: "ListFiles" } : undefined],
  ["6:", search],
  ["7:", searchResponse]
])
