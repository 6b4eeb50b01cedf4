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
  Download: { name: Schema.NonEmptyString },
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

const isMessage = Schema.is(Message)

/** Reads a whole message. Total: never throws, whatever the bytes are. */
export const decode = (bytes: Uint8Array): Result.Result<Message, MalformedRequest> =>
  Result.match(Result.try(() => decoder.decode(bytes)), {
    onFailure: () => malformed("not UTF-8"),
    onSuccess: (text) => {
      const read = readers.get(text.slice(0, 2))
      if (read === undefined) return malformed("no message of that kind")
      const message = read(text.slice(2))
      return isMessage(message) ? Result.succeed(message) : malformed(`invalid fields of message ${text.charAt(0)}`)
    }
  })

const malformed = (problem: string): Result.Result<never, MalformedRequest> =>
  Result.fail(new MalformedRequest({ problem }))

/** A number of at most so many digits. Other text is `NaN`, which no field allows. */
const number = (text = "", digits = 5): number => text.length <= digits && /^\d+$/.test(text) ? Number(text) : NaN

/** Reads what follows the first colon. The Schema checks the fields; what has too many is no message at all. */
const readers = new Map<string, (text: string) => unknown>([
  ["0:", (text) => ({ _tag: "Register", port: number(text) })],
  ["1:", (text) => ({ _tag: "RequestPeers", count: text === "" ? undefined : number(text) })],
  ["2:", (text) => ({ _tag: "Unregister", port: number(text) })],
  ["3:", (text) => ({ _tag: "KeepAlive", port: number(text) })],
  ["4:", (name) => ({ _tag: "Download", name })],
  ["5:", (nothing) => nothing === "" ? { _tag: "ListFiles" } : undefined],
  ["6:", (text) => {
    const [id, name, ip, port, ttl, ...more] = text.split(":")
    return more.length > 0 ? undefined : { _tag: "Search", id, name, requester: `${ip}:${port}`, ttl: number(ttl, 2) }
  }],
  ["7:", (text) => {
    const [id, ip, port, name, ...more] = text.split(":")
    return more.length > 0 ? undefined : { _tag: "SearchResponse", id, responder: `${ip}:${port}`, name }
  }]
])
