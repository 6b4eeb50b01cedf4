/**
 * The headers on a connection, one schema each; the encoded side is the fields as text, in the originals' order
 * (docs/wire/peerpy.md, sections 1 to 3).
 *
 *     HELLO|peer_name=10.77.0.1:20008&data_type=json&strict=True[&stream=True]     connector -> listener
 *     ACCEPT    DENY                                                               listener -> connector
 *     DATA|data_size=23&data_type=json    PING                                     both
 */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Option, Result, Schema, SchemaGetter, type SchemaIssue, SchemaParser } from "effect"
import { transform } from "effect/SchemaTransformation"
import * as DataHeader from "./DataHeader.ts"
import { DataType } from "./DataType.ts"
import * as HeaderText from "./HeaderText.ts"

export { type Datagram, decode as decodeDatagram, encode as encodeDatagram } from "./Datagram.ts"
export { HeaderTooLarge, MalformedHeader, size } from "./HeaderText.ts"

/** A whole number that is not negative and that a double holds exactly, as at most 16 decimal digits. */
const Natural = Schema.String.check(Schema.isPattern(/^\d{1,16}$/)).pipe(
  Schema.decodeTo(Schema.Int, transform({ decode: Number, encode: String }))
)

/** An original listener that is told to stream frames of 0 bytes never takes a connection again. */
const FrameSize = Natural.check(Schema.isGreaterThan(0))

/**
 * `False` and no text are false, anything else is true, and so is a field that is missing: the manual has none.
 *
 * Quirk: to an original `False` is true. A listener of its own is always strict.
 */
const Strict = Schema.String.pipe(
  Schema.decodeTo(
    Schema.Boolean,
    transform({
      decode: (text) => text !== "" && text !== "False",
      encode: (strict) => strict ? "True" : "False"
    })
  ),
  Schema.withDecodingDefaultKey(Effect.succeed("True"))
)

/**
 * Any text at all is true. False is no field, as an empty one is.
 *
 * Quirk: `stream=False` is true, because an original means and reads it so.
 */
const Stream = Schema.optionalKey(Schema.String).pipe(
  Schema.decodeTo(Schema.Boolean, {
    decode: SchemaGetter.transformOptional((text: Option.Option<string>) =>
      Option.some(Option.isSome(text) && text.value !== "")
    ),
    encode: SchemaGetter.transformOptional(Option.flatMap((stream) => stream ? Option.some("True") : Option.none()))
  })
)

/**
 * The version of what two peers of this package have between them beyond the protocol. An original sends none, and ignores
 * the field as it ignores all that its connections have no option for.
 */
const Extension = Schema.optional(Natural)

const helloKeys = { peer: "peer_name", type: "data_type", dataSize: "data_size", extension: "peerage" } as const
const acceptKeys = { extension: "peerage" } as const
const dataKeys = { size: "data_size", type: "data_type" } as const
const wireKeys: ReadonlyMap<unknown, string> = new Map(Object.entries({ ...helloKeys, ...dataKeys }))

/**
 * The connector's first message. `peer` is the address at which it listens, which nobody has verified. `dataSize` is the
 * size of a stream's frames in bytes, where it is fixed from the beginning: originals take it but never send it.
 */
export const Hello = Schema.TaggedStruct("Hello", {
  peer: PeerAddress.PeerAddress,
  type: DataType,
  strict: Strict,
  stream: Stream,
  dataSize: Schema.optional(FrameSize),
  extension: Extension
}).pipe(Schema.encodeKeys(helloKeys))

/** The connection is wanted. */
const Accept = Schema.TaggedStruct("Accept", { extension: Extension }).pipe(Schema.encodeKeys(acceptKeys))

/** The connection is not wanted. */
const Deny = Schema.TaggedStruct("Deny", {})

/** `size` bytes of data follow. */
const Data = Schema.TaggedStruct("Data", { size: Natural, type: DataType }).pipe(Schema.encodeKeys(dataKeys))

/** A probe of a connection on which nothing came for a while. It is not answered. */
const Ping = Schema.TaggedStruct("Ping", {})

/** Any header on a connection. */
export const Header = Schema.Union([Hello, Accept, Deny, Data, Ping])

export type Hello = typeof Hello.Type
export type Header = typeof Header.Type

const names = ["Hello", "Accept", "Deny", "Data", "Ping"] as const
const tags: ReadonlyMap<string, Header["_tag"]> = new Map(names.map((name) => [name.toUpperCase(), name]))

const toFields = SchemaParser.encodeSync(Header)
const fromFields = SchemaParser.decodeUnknownResult(Header)

/** Writes a header, 128 bytes. Dies of numbers that are not whole or negative. */
export const encode = (header: Header): Result.Result<Uint8Array, HeaderText.HeaderTooLarge> => {
  const { _tag, ...fields } = toFields(header)
  return HeaderText.encode(_tag.toUpperCase(), fields)
}

/**
 * Reads a header: 128 bytes, or fewer where they are all there is. Fields may come in any order, and unknown ones are
 * ignored. A HELLO may be as the manual has it: `address_name` for `peer_name`, and no `strict`.
 */
export const decode = (bytes: Uint8Array): Result.Result<Header, HeaderText.MalformedHeader> => {
  // Of a connection's headers all but the first are these.
  const data = DataHeader.parse(bytes)
  if (data !== undefined) return Result.succeed(data)
  return Result.flatMap(Result.flatMap(HeaderText.decode(bytes), HeaderText.split), toHeader)
}

const toHeader = ({ fields, type }: HeaderText.HeaderText): Result.Result<Header, HeaderText.MalformedHeader> => {
  const _tag = tags.get(type)
  if (_tag === undefined) return HeaderText.malformed("a type that does not exist")
  const alias = fields.get("address_name")
  if (alias !== undefined && fields.has("peer_name")) return HeaderText.malformed("a field that is there twice")
  const named = alias === undefined ? {} : { peer_name: alias }
  return Result.mapError(fromFields({ ...Object.fromEntries(fields), ...named, _tag }), (issue) => {
    const key = keyOf(issue)
    const field = wireKeys.get(key) ?? String(key)
    const problem = fields.has(field) ? `with a ${field} that is none` : `without ${field}`
    return new HeaderText.MalformedHeader({ reason: `${type} ${problem}` })
  })
}

/** The key of the field that an issue is about. */
const keyOf = (issue: SchemaIssue.Issue): PropertyKey | undefined => {
  let current: SchemaIssue.Issue | undefined = issue
  while (current !== undefined && current._tag !== "Pointer") {
    if (current._tag === "Composite" || current._tag === "AnyOf") current = current.issues[0]
    else current = current._tag === "Encoding" ? current.issue : undefined
  }
  return current?.path[0]
}

const ping = new TextEncoder().encode("PING".padEnd(HeaderText.size, "|"))
const data = new TextEncoder().encode("DATA|")

/** Whether bytes are a probe, or as much of one as there is. */
export const beginsPing = (bytes: Uint8Array): boolean => bytes.every((byte, index) => byte === ping[index])

/** Whether bytes begin as a DATA header does, as far as there are any. */
export const beginsData = (bytes: Uint8Array): boolean =>
  bytes.subarray(0, data.length).every((byte, index) => byte === data[index])
