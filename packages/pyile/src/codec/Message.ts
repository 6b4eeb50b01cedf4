/**
 * The messages of Pyile, one schema each; the encoded side is the wire's shape with its order of keys (PYILE.md,
 * sections 3 and 8). Unknown keys are ignored: an original may add `"self"` to a chat message.
 *
 *     {"banned": false}                            authenticating peer -> joining peer
 *     {"shadow": "password"}                       joining -> authenticating
 *     {"authenticated": true}                      authenticating -> joining
 *     {"peer_address": ["127.0.0.2", 49317]}       joining -> authenticating
 *     {"distro": [["127.0.0.1", 49265], ...]}      authenticating -> joining
 *     {"dist_addr": ["127.0.0.1", 50211]}          authenticating -> joining
 *     {"<3": true}                                 both
 *     {"data": ..., "alias": ..., "to": ..., "from": [...]}     and its echo     {"data": ..., "alias": ...}
 */
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

/** Whether the remote IP is banned: the first message of every session. */
export const BanStatus = Schema.Struct({ banned: Schema.Boolean }).annotate({ identifier: "BanStatus" })

/**
 * The password in the clear, redacted as soon as it is decoded.
 *
 * Quirk: the original compares with `==`, so that a password need not be a string.
 */
export const Password = Schema.Struct({ shadow: Schema.RedactedFromValue(Schema.Json) })
  .annotate({ identifier: "Password" })

/** The verdict on the password. */
export const Authenticated = Schema.Struct({ authenticated: Schema.Boolean }).annotate({ identifier: "Authenticated" })

/** The chat address that a joining peer claims. */
export const AddressClaim = Schema.Struct({ peer_address: WireAddress }).annotate({ identifier: "AddressClaim" })

/** All peers: the authenticating one first, on joining one's own address last. May hold duplicates. */
export const PeerList = Schema.Struct({ distro: Schema.Array(WireAddress) }).annotate({ identifier: "PeerList" })

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

/**
 * Free text that names a sender.
 *
 * Quirk: the original carries any value as an alias; one that is no string is read as its JSON text.
 */
const Alias = Schema.Json.pipe(
  Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform({
      decode: (alias) => typeof alias === "string" ? alias : JSON.stringify(alias),
      encode: (alias): Schema.Json => alias
    })
  )
)

/** A receiver that is neither an address nor everybody: the original sends whatever its application gave. */
const OtherReceiver = Schema.Json.pipe(
  Schema.decodeTo(
    Schema.Struct({ other: Schema.Json }),
    SchemaTransformation.transform({ decode: (other) => ({ other }), encode: ({ other }) => other })
  )
)

/** Whom a chat message is for: one peer, everybody, or `{ other }` with whatever else was written there. */
export const Receiver = Schema.Union([Schema.Literal("Broadcast"), WireAddress, OtherReceiver])
  .annotate({ identifier: "Receiver" })
export type Receiver = typeof Receiver.Type

/** A chat message, over a connection of its own. `data` is any JSON value. */
export const Chat = Schema.Struct({ data: Schema.Json, alias: Alias, to: Receiver, from: WireAddress })
  .annotate({ identifier: "Chat" })
export type Chat = typeof Chat.Type

/** The echo of a chat message: the whole of it as `data`, with the receiver's alias. */
export const ChatReply = Schema.Struct({ data: Schema.Json, alias: Alias }).annotate({ identifier: "ChatReply" })

const encoder = new TextEncoder()

/** A peer in a `PeerList`, as text: made once for all lists that it is in. */
export const entryOf = ({ host, port }: Address): string => `[${PythonJson.quote(host)}, ${port}]`

/** The bytes of a `PeerList`, made once for all who get it; without the schema, as every entry was decoded by it. */
export const encodePeerList = (entries: ReadonlyArray<string>): Uint8Array =>
  encoder.encode(`{"distro": [${entries.join(", ")}]}`)

const echoHead = encoder.encode(`{"data": `)

/** The bytes of the `ChatReply` to a received frame, which is spliced in as it came. */
export const replyTo = (frame: Uint8Array, alias: string): Uint8Array =>
  Bytes.concat([echoHead, frame, encoder.encode(`, "alias": ${PythonJson.quote(alias)}}`)])
