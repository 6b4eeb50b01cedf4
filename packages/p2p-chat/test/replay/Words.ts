/** Frames in words, and what ours say beyond the protocol: so that a difference can be read. Knows nothing of our codec. */
import { fromBinary, toBinary } from "@bufbuild/protobuf"
import { Recording, Transcript } from "@peerage/testing"
import { Option } from "effect"
import * as Hex from "effect/encoding/Hex"
import * as Cs2 from "../../src/codec/generated/cs2_pb.ts"

const headerBytes = 4

/** Text from somebody for somebody. */
export interface Chat {
  readonly from: bigint
  readonly to: bigint
  readonly text: string
}

/** The message in a frame; none where it is no protobuf. */
const messageIn = Option.liftThrowable((frame: Uint8Array) =>
  fromBinary(Cs2.PeerMessageSchema, frame.subarray(headerBytes))
)

/** The text in a frame, and from whom to whom; none where it is something else. */
export const chatIn = (frame: Uint8Array): Option.Option<Chat> =>
  Option.flatMap(
    messageIn(frame),
    ({ content, type }) =>
      type === Cs2.PeerMessage_Type.MESSAGE && content.case === "message"
        ? Option.some({ from: content.value.fr, to: content.value.to, text: content.value.msg })
        : Option.none()
  )

/** Text in words. */
export const describeChat = ({ from, text, to }: Chat): string => `MESSAGE from ${from} to ${to}: ${text}`

/** What only ours say, where it is said. */
const beyond = (name: string, value: number): string => value === 0 ? "" : `, ${name} ${value}`

const describeMessage = ({ content, type }: Cs2.PeerMessage): string => {
  switch (content.case) {
    case "message":
      return describeChat({ from: content.value.fr, to: content.value.to, text: content.value.msg })
    case "handshakeStart":
      return `START ${content.value.id}${beyond("extension", content.value.extension)}`
    case "handshakeResponse": {
      const { error, extension, id } = content.value
      return `RESPONSE ${error ? "error" : id}${beyond("extension", extension)}`
    }
    case "announcement": {
      const { content: { case: what, value } } = content.value
      if (what === "join") return `JOIN ${value.id} via ${value.viaId}${beyond("hops", value.hops)}`
      return what === "leave" ? `LEAVE ${value.id}` : "ANNOUNCEMENT"
    }
    default:
      return `TYPE ${type}`
  }
}

/** Whether bytes are one whole frame and nothing else. */
export const isFrame = (bytes: Uint8Array): boolean => bytes.length === frameLength(bytes)

/** The length of the frame that begins here; that of all bytes where there is none. */
const frameLength = (bytes: Uint8Array): number =>
  bytes.length < headerBytes
    ? Infinity
    : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) + headerBytes

/** What bytes say: a frame's message, with its bytes where they are not the plain ones, or the bytes of a part. */
export const describe = (bytes: Uint8Array): string => {
  const hex = Hex.encode(bytes)
  if (!isFrame(bytes)) return `PART ${hex}`
  const message = Option.getOrUndefined(messageIn(bytes))
  if (message === undefined) return `MALFORMED ${hex}`
  const plain = Hex.encode(toBinary(Cs2.PeerMessageSchema, message, { writeUnknownFields: false }))
  const words = describeMessage(message)
  return hex.slice(2 * headerBytes) === plain ? words : `${words} as ${hex}`
}

/** Where a frame has the length of its only member. */
const memberLength = 7
const startType = [0x08, 0x03, 0x22]
/** Field 1000, a varint, and the version. */
const extension = [0xc0, 0x3e, 0x01]

/** Whether a frame asks to join. */
export const isStart = (frame: Uint8Array): boolean =>
  startType.every((byte, index) => frame[headerBytes + index] === byte)

/** A START of an original as one of ours sends it: with one field more. Other bytes stay what they are. */
const extended = (bytes: Uint8Array): Uint8Array => {
  if (!isStart(bytes)) return bytes
  const longer = Uint8Array.of(...bytes, ...extension)
  const grow = (at: number) => longer.fill((longer[at] ?? 0) + extension.length, at, at + 1)
  grow(headerBytes - 1)
  grow(memberLength)
  return longer
}

/** The frames that segments make up, each with the time of its last byte, and what is left of them. */
export const framesIn = (segments: ReadonlyArray<Recording.Segment>): ReadonlyArray<Recording.Segment> => {
  const frames: Array<Recording.Segment> = []
  let rest: Uint8Array = new Uint8Array()
  for (const { at, bytes } of segments) {
    rest = new Uint8Array(Buffer.concat([rest, bytes]))
    for (let length = frameLength(rest); length <= rest.length; length = frameLength(rest)) {
      frames.push({ at, bytes: rest.slice(0, length) })
      rest = rest.slice(length)
    }
  }
  const last = segments.at(-1)
  return last === undefined || rest.length === 0 ? frames : [...frames, { at: last.at, bytes: rest }]
}

/** What one end of a connection said: a token for each frame, for what is no whole frame, and for each end. */
export const tokens = (
  happenings: ReadonlyArray<Recording.Happening>,
  side: Recording.Side
): ReadonlyArray<Transcript.Token> =>
  Transcript.inOrder(
    happenings,
    side,
    framesIn(Recording.segmentsOf(happenings, side)).map(({ at, bytes }) => ({
      at,
      key: Hex.encode(bytes),
      extended: Hex.encode(extended(bytes)),
      text: describe(bytes)
    }))
  )
