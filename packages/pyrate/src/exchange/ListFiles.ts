/**
 * Asking a peer for the names of its files.
 *
 *     requester                    responder
 *       5:, ends its half   -->
 *                           <--    song.txt\nfilm.mkv\n, and the end of the connection
 *
 * Quirk: the original dies of the question, and never reads the answer to its own. (docs/wire/pyrate.md, section 2.2.)
 */
import { type ByteLink, FrameError } from "@peerage/wire"
import { Bytes, Effect, Stream } from "effect"
import { isSocketError, type SocketError } from "effect/socket/Socket"
import type { FileName } from "../codec/FileName.ts"
import { decodeFiles, encodeFiles, isForeign } from "../codec/Lists.ts"
import { encode } from "../codec/Message.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { OtherProtocol, Unanswered } from "../PyrateError.ts"
import * as Remote from "./Remote.ts"

/**
 * Asks for the names of a peer's files. They come as they are read, however many there are. Fails when nothing comes for
 * too long, when the answer is not of this protocol, and beyond `limit` bytes.
 */
export const initiate = (holder: Remote.Remote, limit = Infinity) =>
  Stream.unwrap(Effect.gen(function*() {
    const link = yield* Remote.dial(holder)
    yield* link.write([encode({ _tag: "ListFiles" })])
    // To most peers the end of this half is the end of the question.
    yield* link.end
    return link.reader.stream(Infinity, { awaited: "file list", within: holder.config.idleTimeout }).pipe(
      Stream.concat(Stream.succeed("Fin" as const)),
      Stream.catchTag("SocketError", (broken) => Stream.succeed(broken)),
      Stream.mapAccumEffect(() => begun, (list, next) => take(list, next, limit))
    )
  }))

/** Asks for the names of a peer's files, all of them at once and each once. */
export const whole = (holder: Remote.Remote) =>
  Effect.map(Stream.runCollect(initiate(holder, holder.config.maxFileListBytes)), (names) => [...new Set(names)])

/** How much of a list has come, and what follows its last whole line. */
interface List {
  readonly size: number
  readonly rest: Uint8Array
}

const begun: List = { size: 0, rest: new Uint8Array() }
const newline = 0x0a
// No name is a tenth as long.
const longestLine = 65_536

/** Takes the next piece of a list, or its end: gives the names of the lines that are whole now. */
const take = Effect.fnUntraced(function*(list: List, next: Uint8Array | "Fin" | SocketError, limit: number) {
  if (isSocketError(next)) return yield* list.size === 0 ? new Unanswered() : next
  const bytes = next === "Fin" ? list.rest : Bytes.concat([list.rest, next])
  const size = list.size + bytes.length - list.rest.length
  if (size > limit) return yield* new FrameError.FrameTooLarge({ limit, size })
  const end = bytes.lastIndexOf(newline) + 1
  const rest = bytes.slice(end)
  // Nothing was taken before: these are the first lines, or all there is.
  const isFirst = size === bytes.length && (next === "Fin" || end > 0)
  if (rest.length > longestLine || (isFirst && isForeign(bytes))) return yield* new OtherProtocol()
  return [{ size, rest }, decodeFiles(bytes.subarray(0, end))] as const
})

// Some 64 KiB at most: a requester that reads slowly makes a peer hold no more of a list than that.
const namesAtOnce = 256

/** Answers with the names; the caller ends the connection. Fails when the requester does not read them. */
export const respond = Effect.fnUntraced(function*(
  link: ByteLink.ByteLink,
  names: ReadonlyArray<FileName>,
  { idleTimeout }: PyrateConfig
) {
  for (let at = 0; at < names.length; at += namesAtOnce) {
    yield* link.write([encodeFiles(names.slice(at, at + namesAtOnce))], idleTimeout)
  }
})
