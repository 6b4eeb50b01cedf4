/** What one side of a connection sent, as recorded and as replayed, in words: its bytes, and how it ended. */
import type { Trace } from "@peerage/transport"
import { createHash } from "node:crypto"
import type { Recorded, Side } from "./Recording.ts"

/** Longer texts are told by their length and the beginning of their SHA-256. */
const longest = 200

const quote = (bytes: Uint8Array): string => {
  if (bytes.length === 0) return ""
  return bytes.length <= longest
    ? JSON.stringify(Buffer.from(bytes).toString("latin1"))
    : `${bytes.length} bytes ${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}`
}

/** Segments do not matter: nothing in the protocol tells where one ends. */
const inWords = (chunks: ReadonlyArray<Uint8Array>, ends: ReadonlyArray<string>): string =>
  [quote(Buffer.concat(chunks)), ...ends].filter((word) => word !== "").join(" ")

/** What the original on a side sent. */
export const recorded = ({ happenings }: Recorded, side: Side): string => {
  const own = happenings.filter(({ by }) => by === side)
  return inWords(
    own.flatMap(({ what }) => what._tag === "Data" ? [what.bytes] : []),
    own.flatMap(({ what }) => what._tag === "Data" ? [] : [what._tag])
  )
}

/** The addresses of a replayed connection, seen from our side. */
export interface Ends {
  readonly own: string
  readonly other: string
}

/** What our side sent over a connection, retransmissions aside. */
export const replayed = (trace: ReadonlyArray<Trace.Entry>, { other, own }: Ends): string => {
  const sent = trace.filter(({ again, from, to }) => from === own && to === other && !again)
  return inWords(
    sent.flatMap(({ bytes, kind }) => kind === "DATA" ? [bytes] : []),
    sent.flatMap(({ kind }) => kind === "FIN" || kind === "RST" ? [kind] : [])
  )
}
