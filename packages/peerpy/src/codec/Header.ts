/**
 * The headers on a connection, one schema each; the encoded side is the fields as text, in the originals' order
 * (docs/wire/peerpy.md, sections 1 to 3).
 *
 *     HELLO|peer_name=10.77.0.1:20008&data_type=json&strict=True[&stream=True]     connector -> listener
 *     ACCEPT    DENY                                                               listener -> connector
 *     DATA|data_size=23&data_type=json    PING                                     both
 */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Option, Result, Schema, SchemaGetter, SchemaIssue, SchemaParser } from "effect"
import { transform } from "effect/SchemaTransformation"
import { DataType } from "./DataType.ts"
import * as HeaderText from "./HeaderText.ts"

export { MalformedHeader, size } from "./HeaderText.ts"

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
const formatted = SchemaIssue.makeFormatterStandardSchemaV1()

/**
 * Writes a header, 128 bytes. Throws where a number is not whole, negative, or too large for them. No text needs an
 * escape: fields are numbers, words and addresses.
 */
export const encode = (header: Header): Uint8Array => {
  const { _tag, ...fields } = toFields(header)
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  const type = _tag.toUpperCase()
  return HeaderText.encode(given.length === 0 ? type : `${type}|${given.map((field) => field.join("=")).join("&")}`)
}

/**
 * Reads a header: 128 bytes, or fewer where they are all there is. Fields may come in any order, and unknown ones are
 * ignored. A HELLO may be as the manual has it: `address_name` for `peer_name`, and no `strict`.
 */
export const decode = (bytes: Uint8Array): Result.Result<Header, HeaderText.MalformedHeader> =>
  Result.flatMap(HeaderText.decode(bytes), (text) => {
    // Of a connection's headers all but the first are these.
    const data = HeaderText.parseData(text)
    return data === undefined ? Result.flatMap(HeaderText.split(text), toHeader) : Result.succeed(data)
  })

const toHeader = ({ fields, type }: HeaderText.HeaderText): Result.Result<Header, HeaderText.MalformedHeader> => {
  const _tag = tags.get(type)
  if (_tag === undefined) return HeaderText.malformed("a type that does not exist")
  const alias = fields.get("address_name")
  if (alias !== undefined && fields.has("peer_name")) return HeaderText.malformed("a field that is there twice")
  const named = alias === undefined ? {} : { peer_name: alias }
  return Result.mapError(fromFields({ ...Object.fromEntries(fields), ...named, _tag }), (issue) => {
    const key = formatted(issue).issues[0]?.path?.[0]
    const field = wireKeys.get(key) ?? String(key)
    const problem = fields.has(field) ? `with a ${field} that is none` : `without ${field}`
    return new HeaderText.MalformedHeader({ reason: `${type} ${problem}` })
  })
}

/** A probe as it is written. */
export const ping = encode({ _tag: "Ping" })
const data = new TextEncoder().encode("DATA|")

/** Whether bytes are a probe, or as much of one as there is. */
export const beginsPing = (bytes: Uint8Array): boolean => bytes.every((byte, index) => byte === ping[index])

/** Whether bytes begin as a DATA header does, as far as there are any. */
export const beginsData = (bytes: Uint8Array): boolean =>
  bytes.subarray(0, data.length).every((byte, index) => byte === data[index])
