/**
 * Checks that bytes have the shape of a `PeerMessage`: each field of cs2.proto has its wire type, and no field reaches
 * beyond the message that it is in.
 *
 *     08 02 | 1a 06 | 12 04 | 08 0c 10 0a        field number << 3 | wire type, then the field, or its length and it
 *
 * The library looks at field numbers only: it would read a field of another wire type, and a member longer than the message
 * around it, as something that nobody wrote.
 */
import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf"
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire"
import { PeerMessageSchema } from "./generated/cs2_pb.ts"

/** The wire type of a field, and for a message the fields in it. */
interface Field {
  readonly wireType: WireType
  readonly fields: Fields | undefined
}

type Fields = ReadonlyMap<number, Field>

const fieldsOf = (message: DescMessage): Fields =>
  new Map(message.fields.map((field) => [field.number, shapeOf(field)]))

const shapeOf = (field: DescField): Field => {
  if (field.message !== undefined) return { wireType: WireType.LengthDelimited, fields: fieldsOf(field.message) }
  const text = field.scalar === ScalarType.STRING
  return { wireType: text ? WireType.LengthDelimited : WireType.Varint, fields: undefined }
}

const peerMessage = fieldsOf(PeerMessageSchema)

/** Throws, as the library does, when the bytes end too early or are no field. */
const fits = (reader: BinaryReader, end: number, fields: Fields): boolean => {
  while (reader.pos < end) {
    const [number, wireType] = reader.tag()
    const field = fields.get(number)
    if (field !== undefined && field.wireType !== wireType) return false
    if (field?.fields === undefined) reader.skip(wireType, number)
    else if (!fits(reader, reader.uint32() + reader.pos, field.fields)) return false
  }
  return reader.pos === end
}

/** True when a whole frame has the shape of a `PeerMessage`. Throws when the library itself would. */
export const isPeerMessage = (frame: Uint8Array): boolean => fits(new BinaryReader(frame), frame.length, peerMessage)
