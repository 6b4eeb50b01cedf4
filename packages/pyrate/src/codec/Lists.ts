/**
 * The two lists that are answers: lines of text, each ended by a newline, up to the end of the connection.
 *
 *     10.0.0.2,5005\n                 peers, from the bootstrap (PYRATE.md, section 1)
 *     song.txt\n                      files, from a peer (section 2.2)
 */
import { PeerAddress } from "@peerage/transport"
import * as FileName from "./FileName.ts"

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

/** Lines read of a list at most. */
export const maxLines = 10_000

/** Ended lines. What follows the last newline was cut off, and is no line. */
const linesOf = (bytes: Uint8Array): ReadonlyArray<string> =>
  decoder.decode(bytes).split("\n").slice(0, -1).slice(0, maxLines)

/**
 * Writes a list of peers.
 *
 * Quirk: a line without its newline is lost to an original, and one without a comma ends its asking for ever.
 */
export const encodePeers = (peers: Iterable<PeerAddress.PeerAddress>): Uint8Array =>
  encoder.encode(Array.from(peers, (peer) => `${PeerAddress.host(peer)},${PeerAddress.port(peer)}\n`).join(""))

/** Reads a list of peers: each once, in order; lines that name no peer are left out. */
export const decodePeers = (bytes: Uint8Array): ReadonlyArray<PeerAddress.PeerAddress> => {
  const peers = new Set<PeerAddress.PeerAddress>()
  for (const line of linesOf(bytes)) {
    const [host = "", port = "", ...more] = line.split(",")
    const peer = more.length === 0 && /^\d{1,5}$/.test(port) ? PeerAddress.from(host, Number(port)) : undefined
    if (peer !== undefined) peers.add(peer)
  }
  return [...peers]
}

/** Writes a list of files. */
export const encodeFiles = (names: Iterable<FileName.FileName>): Uint8Array =>
  encoder.encode(Array.from(names, (name) => `${name}\n`).join(""))

/** Reads a list of files: each once, in order; names that are not safe are left out. */
export const decodeFiles = (bytes: Uint8Array): ReadonlyArray<FileName.FileName> => {
  const names = new Set<FileName.FileName>()
  for (const line of linesOf(bytes)) if (FileName.is(line)) names.add(line)
  return [...names]
}
