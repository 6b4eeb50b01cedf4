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

const wireTypeOf = ({ message, scalar }: DescField): WireType =>
  message !== undefined || scalar === ScalarType.STRING ? WireType.LengthDelimited : WireType.Varint

/** Throws, as the library does, when the bytes end too early or are no field. */
const fits = (reader: BinaryReader, end: number, { fields }: DescMessage): boolean => {
  while (reader.pos < end) {
    const [number, wireType] = reader.tag()
    const field = fields.find((known) => known.number === number)
    if (field !== undefined && wireTypeOf(field) !== wireType) return false
    // `skip` is the reader's way past a field whose contents do not matter; it throws where the bytes end in it.
    if (field?.message === undefined) reader.skip(wireType, number)
    else if (!fits(reader, reader.uint32() + reader.pos, field.message)) return false
  }
  return reader.pos === end
}

/** True when a whole frame has the shape of a `PeerMessage`. Throws when the library itself would. */
export const isPeerMessage = (frame: Uint8Array): boolean =>
  fits(new BinaryReader(frame), frame.length, PeerMessageSchema)
