/**
 * Cuts text that comes in pieces into lines, which end with LF, CR or both. A line that is too long is not a line: it is
 * dropped as it comes, whatever its length, so that neither its memory nor the work with it keeps the peer from its
 * network.
 */
import { Effect, Stream } from "effect"

/** Characters of one line at most, here bytes: of what can be sent, a payload of PeerPy is the longest. */
const longest = 16_777_216

/** A line of which the end has not come. */
interface Begun {
  readonly text: string
  /** True where the text is too long, and dropped. */
  readonly tooLong: boolean
  /** True where the last piece ended with CR: an LF at the beginning of the next one belongs to that. */
  readonly afterReturn: boolean
}

const nothing: Begun = { text: "", tooLong: false, afterReturn: false }

const append = (begun: Begun, text: string, limit: number): Begun =>
  begun.tooLong || begun.text.length + text.length > limit
    ? { text: "", tooLong: true, afterReturn: false }
    : { text: begun.text + text, tooLong: false, afterReturn: false }

/** What a piece ends: lines, and "TooLong" in place of each one that was dropped. */
type Ended = { readonly line: string } | "TooLong"

const endedOf = ({ text, tooLong }: Begun): Ended => tooLong ? "TooLong" : { line: text }

const cut = (limit: number) => (begun: Begun, piece: string): readonly [Begun, ReadonlyArray<Ended>] => {
  const fresh = begun.afterReturn && piece.startsWith("\n") ? piece.slice(1) : piece
  const [first = "", ...rest] = fresh.split(/\r\n?|\n/)
  const ended: Array<Ended> = []
  let last = append(begun, first, limit)
  for (const text of rest) {
    ended.push(endedOf(last))
    last = append(nothing, text, limit)
  }
  return [{ ...last, afterReturn: piece === "" ? begun.afterReturn : piece.endsWith("\r") }, ended]
}

/** The lines of a text, of `limit` characters at most. Warns of each longer one. */
export const split = <E, R>(text: Stream.Stream<string, E, R>, limit = longest): Stream.Stream<string, E, R> =>
  text.pipe(
    Stream.mapAccum(() => nothing, cut(limit), {
      onHalt: (begun) => begun.text === "" && !begun.tooLong ? [] : [endedOf(begun)]
    }),
    Stream.mapEffect((ended) => ended === "TooLong" ? Effect.as(tooLong(limit), []) : Effect.succeed([ended.line])),
    Stream.flattenIterable
  )

const tooLong = (limit: number) =>
  Effect.logWarning(
    `standard input: a line has more than ${limit} bytes and was dropped. Send it in parts, or as a file.`
  )
