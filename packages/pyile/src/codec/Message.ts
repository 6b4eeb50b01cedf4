/**
 * The messages of Pyile, one schema each; the encoded side is the wire's shape with its order of keys (docs/wire/pyile.md,
 * sections 3 and 8). Unknown keys are ignored: an original may add `"self"` to a chat message.
 *
 *     {"banned": false}                            authenticating peer -> joining peer
 *     {"shadow": "password"}                       joining -> authenticating
 *     {"authenticated": true}                      authenticating -> joining
 *     {"peer_address": ["127.0.0.2", 49317]}       joining -> authenticating
 *     {"distro": [["127.0.0.1", 49265], ...]}      authenticating -> joining; on a transport with keys, "keys" follow
 *     {"refused": "ForeignAddress", "remote": [...]}            authenticating -> joining, in place of the list
 *     {"dist_addr": ["127.0.0.1", 50211]}          authenticating -> joining
 *     {"<3": true}                                 both
 *     {"data": ..., "alias": ..., "to": ..., "from": [...]}     and its echo     {"data": ..., "alias": ...}
 */
import { PeerKey } from "@peerage/transport"
import { PythonJson } from "@peerage/wire"
import { Bytes, Schema, SchemaTransformation } from "effect"

/** A peer's address as the wire carries it: what a peer claims, not yet known to be an IP address. */
export interface Address {
  readonly host: string
  readonly port: number
}

const hostLength = 255

/** An address as Python's tuple: `["127.0.0.1", 49265]`. The host is at most 255 characters and may be empty. */
export const WireAddress = Schema.Tuple([Schema.String.check(Schema.isMaxLength(hostLength)), Schema.Port]).pipe(
  Schema.decodeTo(
    Schema.Struct({ host: Schema.String, port: Schema.Finite }),
    SchemaTransformation.transform({
      decode: ([host, port]) => ({ host, port }),
      encode: ({ host, port }): readonly [string, number] => [host, port]
    })
  )
).annotate({ identifier: "WireAddress" })

/** Whether a value is JSON, of no more levels than can be written or read. A value that contains itself has too many. */
const isData = (value: unknown, levels: number = PythonJson.maxDepth): value is PythonJson.Value => {
  if (typeof value === "number") return Number.isFinite(value)
  if (typeof value !== "object") return ["string", "boolean", "bigint"].includes(typeof value)
  return value === null || levels > 0 && Object.values(value).every((part) => isData(part, levels - 1))
}

/** Any JSON value. An integer beyond 2^53 is a bigint. */
export const Data: Schema.declare<PythonJson.Value> = Schema.declare((value) => isData(value))
export type Data = typeof Data.Type

/**
 * Whether the remote IP is banned: the first message of every session. An address that is only barred for a while, as
 * after a kick, learns in how many seconds it may join again; an original passes over that.
 */
export const BanStatus = Schema.Struct({
  banned: Schema.Boolean,
  retry_after: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)))
}).annotate({ identifier: "BanStatus" })
export type BanStatus = typeof BanStatus.Type

/**
 * The password in the clear, redacted as soon as it is decoded.
 *
 * Quirk: the original compares with `==`, so that a password need not be a string.
 */
export const Password = Schema.Struct({ shadow: Schema.RedactedFromValue(Data) })
  .annotate({ identifier: "Password" })

/** The verdict on the password. */
export const Authenticated = Schema.Struct({ authenticated: Schema.Boolean }).annotate({ identifier: "Authenticated" })

/** The chat address that a joining peer claims. */
export const AddressClaim = Schema.Struct({ peer_address: WireAddress }).annotate({ identifier: "AddressClaim" })

/**
 * Why a claim leads to no list: the joiner comes from another address, `remote`, than the one it claims, a member with
 * another key has joined from it, or there are `limit` members already. The host closes after it.
 *
 * Quirk: the original's host never refuses a claim. Its joiner fails at any message without a list, as it does at the
 * mere end of the connection.
 */
export const Refusal = Schema.Union([
  Schema.Struct({ refused: Schema.Literal("ForeignAddress"), remote: WireAddress }),
  Schema.Struct({ refused: Schema.Literal("AddressTaken") }),
  Schema.Struct({ refused: Schema.Literal("TooMany"), limit: Schema.Int })
]).annotate({ identifier: "Refusal" })
export type Refusal = typeof Refusal.Type

/**
 * All peers: the authenticating one first, on joining one's own address last. May hold duplicates. On a transport with
 * keys, where no original is, `keys` has the key that each has joined with, in the same order, and none for the first,
 * whom the receiver is connected to.
 */
export const PeerList = Schema.Struct({
  distro: Schema.Array(WireAddress),
  keys: Schema.optionalKey(Schema.Array(Schema.NullOr(PeerKey.PeerKey)))
}).annotate({ identifier: "PeerList", shared: true })
export type PeerList = typeof PeerList.Type

/** What follows a claim: the list, or why there is none. */
export const ClaimAnswer = Schema.Union([PeerList, Refusal]).annotate({ identifier: "PeerList" })

/** Where the joining peer shall fetch later peer lists. */
export const DistAddress = Schema.Struct({ dist_addr: WireAddress }).annotate({ identifier: "DistAddress" })

/**
 * A sign of life.
 *
 * Quirk: the originals send `{"<3": true}` and never look at what they get, so any object decodes as one.
 */
export const Heartbeat = Schema.Record(Schema.String, Schema.Unknown).pipe(
  Schema.decodeTo(
    Schema.Struct({ "<3": Schema.Literal(true) }),
    SchemaTransformation.transform({
      decode: () => ({ "<3": true as const }),
      encode: (beat): { readonly [key: string]: unknown } => beat
    })
  )
).annotate({ identifier: "Heartbeat" })

/** A value without blanks between its parts. Integers within it that are no doubles become text. */
const compact = (value: Data): string =>
  JSON.stringify(value, (_, part: unknown) => typeof part === "bigint" ? String(part) : part)

/**
 * Free text that names a sender.
 *
 * Quirk: the original carries any value as an alias; one that is no string is read as its JSON text.
 */
const Alias = Data.pipe(
  Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform({
      decode: (alias) => typeof alias === "string" || typeof alias === "bigint" ? String(alias) : compact(alias),
      encode: (alias): Data => alias
    })
  )
)

/** A receiver that is neither an address nor everybody: the original sends whatever its application gave. */
const OtherReceiver = Data.pipe(
  Schema.decodeTo(
    Schema.Struct({ other: Data }),
    SchemaTransformation.transform({ decode: (other) => ({ other }), encode: ({ other }) => other })
  )
)

/** Whom a chat message is for: one peer, everybody, or `{ other }` with whatever else was written there. */
export const Receiver = Schema.Union([Schema.Literal("Broadcast"), WireAddress, OtherReceiver])
  .annotate({ identifier: "Receiver" })
export type Receiver = typeof Receiver.Type

/** A chat message, over a connection of its own. `data` is any JSON value. */
export const Chat = Schema.Struct({ data: Data, alias: Alias, to: Receiver, from: WireAddress })
  .annotate({ identifier: "Chat" })
export type Chat = typeof Chat.Type

/** The echo of a chat message: the whole of it as `data`, with the receiver's alias. */
export const ChatReply = Schema.Struct({ data: Data, alias: Alias }).annotate({ identifier: "ChatReply" })

const encoder = new TextEncoder()

const listEnd = "]}"

/** A peer in a `PeerList`, as text: made once for all lists that it is in. */
export const entryOf = ({ host, port }: Address): string => `[${PythonJson.quote(host)}, ${port}]`

/**
 * The bytes of a `PeerList`, with keys where there are any, made once for all who get it; without the schema, as every entry
 * was decoded by it. Entries that are the same in many lists may come as one text, with ", " between them.
 */
export const encodePeerList = (
  entries: ReadonlyArray<string>,
  keys: ReadonlyArray<PeerKey.PeerKey | undefined> = []
): Uint8Array => {
  const known = keys.map((key) => key === undefined ? "null" : `"${key}"`)
  return encoder.encode(
    `{"distro": [${entries.join(", ")}]${keys.length === 0 ? "" : `, "keys": [${known.join(", ")}]`}}`
  )
}

/** The bytes of a `PeerList` without keys, with one more entry at its end. */
export const appendToPeerList = (list: Uint8Array, entry: string): Uint8Array =>
  Bytes.concat([list.subarray(0, list.length - listEnd.length), encoder.encode(`, ${entry}${listEnd}`)])

const echoHead = encoder.encode(`{"data": `)

/** The bytes of the `ChatReply` to a received frame, which is spliced in as it came. */
export const replyTo = (frame: Uint8Array, alias: string): Uint8Array =>
  Bytes.concat([echoHead, frame, encoder.encode(`, "alias": ${PythonJson.quote(alias)}}`)])
