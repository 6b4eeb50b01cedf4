/** The requester's end of a file: its bytes as they come, counted, and compared with what the holder has sent. */
import type { ByteReader, LinkError } from "@peerage/wire"
import { type Duration, Effect, Result, Stream } from "effect"
import type { FileName } from "../codec/FileName.ts"
import type * as Sha256 from "../codec/Sha256.ts"
import * as Signal from "../codec/Signal.ts"
import { Corrupted, type DownloadError, EmptyAnswer, Incomplete } from "../PyrateError.ts"

/** A file on its way. */
export interface Transfer {
  /** Its size in bytes; `undefined` where the holder is an original. */
  readonly size: number | undefined
  /** Its bytes, once. Fails when not all of them come, or not the right ones. */
  readonly bytes: Stream.Stream<Uint8Array, DownloadError["reason"]>
}

/** A file that is expected, and the longest silence between two pieces of it. */
export interface Expected {
  readonly name: FileName
  readonly within: Duration.Duration
}

/** What an extended holder says about a file, and where the digest comes. */
export interface Announced extends Expected {
  readonly size: number
  readonly signals: ByteReader.ByteReader
  readonly hash: Sha256.Hashing
}

const awaited = "more of the file"

/** Waits for a signal, or for one of a kind, and takes it; or for the end. `undefined` where something else comes. */
export const signal = (
  reader: ByteReader.ByteReader,
  within: Duration.Duration,
  kind?: Signal.Signal["_tag"]
): Effect.Effect<Signal.Signal | { readonly _tag: "End" } | undefined, LinkError.PeerUnresponsive> =>
  reader.read((bytes) => {
    const parsed = Signal.parse(bytes)
    if (parsed === undefined) return undefined
    return Result.succeed(kind === undefined || parsed.value?._tag === kind ? parsed : Signal.other)
  }, { awaited, within }).pipe(
    Effect.catchTag(["PeerClosed", "FrameTruncated", "SocketError"], () => Effect.succeed({ _tag: "End" as const }))
  )

/** Passes bytes on until the connection ends; `judge` then says whether `received` bytes are the file. */
const counted = (
  bytes: ReturnType<ByteReader.ByteReader["stream"]>,
  judge: (received: number, end: "Fin" | "Broken") => Effect.Effect<void, DownloadError["reason"]>
): Transfer["bytes"] =>
  bytes.pipe(
    Stream.concat(Stream.succeed("Fin" as const)),
    Stream.catchTag("SocketError", () => Stream.succeed("Broken" as const)),
    Stream.mapAccumEffect(() => 0, (received, next) =>
      typeof next === "string"
        ? Effect.as(judge(received, next), [received, []])
        : Effect.succeed([received + next.length, [next]]))
  )

/** A file whose holder says nothing about it: whole when the connection ends with FIN. */
export const unverified = (source: ByteReader.ByteReader, { name, within }: Expected): Transfer => ({
  size: undefined,
  bytes: counted(source.stream(Infinity, { awaited, within }), (received, end) => {
    if (end === "Broken") return Effect.fail(new Incomplete({ name, received }))
    return received === 0 ? Effect.fail(new EmptyAnswer({ name })) : Effect.void
  })
})

/** A file with a known size, and a digest that comes when all of it was sent. */
export const verified = (source: ByteReader.ByteReader, announced: Announced): Transfer => {
  const { hash, name, signals, size, within } = announced
  const hashed = Stream.tap(source.stream(size, { awaited, within }), (piece) => Effect.sync(() => hash.update(piece)))
  const judge = Effect.fnUntraced(function*(received: number) {
    const digest = received < size ? undefined : yield* signal(signals, within)
    if (digest?._tag !== "Digest") return yield* new Incomplete({ name, received, total: size })
    if (digest.sha256 !== hash.digest("hex")) return yield* new Corrupted({ name })
  })
  return { size, bytes: counted(hashed, judge) }
}
