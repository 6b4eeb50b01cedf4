/**
 * Frames of an open session: any number in a record, none across two. Numbers are big-endian.
 *
 *     u8 type | u32 stream | by type: u16 length and so many bytes, u16 port, u32 credit, u8 0, or nothing
 *
 * Streams are opened by the initiator alone, numbered from 1. CLOSE, PING and PONG are about the session: stream 0.
 */

/** What a frame says, by the byte it begins with. */
export const types = {
  /** Bytes of a stream, as many as its credit allows. */
  data: 0,
  /** A new stream, and the port that its dialer shows. */
  open: 1,
  /** No more data from this end. */
  fin: 2,
  /** Both directions are over, and unread data is dropped. */
  reset: 3,
  /** The other end's data is not read any more; this end goes on sending. */
  stop: 4,
  /** So many more bytes may be sent. */
  window: 5,
  /** No new streams; this end leaves when the last one has ended. */
  close: 6,
  /** Asks for a PONG at once. */
  ping: 7,
  pong: 8
} as const

/** The type of a frame without data. */
export type Control = Exclude<typeof types[keyof typeof types], typeof types.data>

/** What a type carries behind its number of the stream: how many bytes, and whether there is a stream at all. */
interface Shape {
  readonly type: typeof types[keyof typeof types]
  readonly body: 0 | 1 | 2 | 4
  readonly ofStream: boolean
}

const shapes: ReadonlyArray<Shape> = [
  { type: types.data, body: 2, ofStream: true },
  { type: types.open, body: 2, ofStream: true },
  { type: types.fin, body: 0, ofStream: true },
  { type: types.reset, body: 0, ofStream: true },
  { type: types.stop, body: 0, ofStream: true },
  { type: types.window, body: 4, ofStream: true },
  { type: types.close, body: 1, ofStream: false },
  { type: types.ping, body: 0, ofStream: false },
  { type: types.pong, body: 0, ofStream: false }
]

const head = 5

/** The greatest number that a stream can have. */
export const maxStream = 2 ** 32 - 1

/** Bytes in front of a frame's data. */
export const dataHead = head + 2

/** Bytes of a frame without data. */
export const sizeOf = (type: number): number => head + (shapes[type]?.body ?? 0)

const writeNumber = (into: Uint8Array, at: number, bytes: number, value: number): number => {
  for (let index = 0; index < bytes; index++) into[at + index] = value >>> (8 * (bytes - 1 - index))
  return at + bytes
}

const readNumber = (from: Uint8Array, at: number, bytes: number): number => {
  let value = 0
  for (let index = 0; index < bytes; index++) value = value << 8 | (from[at + index] ?? 0)
  return value >>> 0
}

/** Writes a frame without data at `at`, and returns where it ends. `value` is its port or its credit. */
export const write = (into: Uint8Array, at: number, type: number, stream: number, value: number): number => {
  into[at] = type
  return writeNumber(into, writeNumber(into, at + 1, 4, stream), sizeOf(type) - head, value)
}

/** Writes what is in front of `length` bytes of data at `at`, and returns where they begin. */
export const writeDataHead = (into: Uint8Array, at: number, stream: number, length: number): number => {
  into[at] = types.data
  return writeNumber(into, writeNumber(into, at + 1, 4, stream), 2, length)
}

/** Takes the frames of a record in their order. One that returns false ends reading. */
export interface Receiver {
  /** Bytes of a stream. They lie in the record. */
  readonly data: (stream: number, bytes: Uint8Array) => boolean
  /** Everything else: `value` is the port or the credit. */
  readonly control: (type: Control, stream: number, value: number) => boolean
}

/** Passes the frames of a record on. False when the receiver refused one, or when there is one that is none. */
export const read = (record: Uint8Array, receiver: Receiver): boolean => {
  let at = 0
  while (at < record.length) {
    const shape = shapes[record[at] ?? shapes.length]
    if (shape === undefined) return false
    const body = at + head
    const end = body + shape.body
    if (end > record.length) return false
    const stream = readNumber(record, at + 1, 4)
    if ((stream === 0) === shape.ofStream) return false
    const value = readNumber(record, body, shape.body)
    if (shape.type === types.data) {
      at = end + value
      if (at > record.length || !receiver.data(stream, record.subarray(end, at))) return false
    } else {
      at = end
      if (!isAllowed(shape.type, value) || !receiver.control(shape.type, stream, value)) return false
    }
  }
  return true
}

/** Port 0 is no port, and CLOSE has no other form yet. */
const isAllowed = (type: Control, value: number): boolean =>
  type === types.open ? value !== 0 : type === types.close ? value === 0 : true
