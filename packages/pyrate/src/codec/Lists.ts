/**
 * The two lists that are answers: lines of text, each ended by a newline, up to the end of the connection.
 * (docs/wire/pyrate.md, sections 1 and 2.2.)
 *
 *     10.0.0.2,5005\n                 peers, from the bootstrap
 *     song.txt\n                      files, from a peer
 */
import { PeerAddress } from "@peerage/transport"
import * as FileName from "./FileName.ts"

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

/** Most lines read of a list. */
export const maxLines = 10_000

/** Complete lines. The connection broke inside what follows the last newline. */
const linesOf = (bytes: Uint8Array): ReadonlyArray<string> =>
  decoder.decode(bytes).split("\n").slice(0, -1).slice(0, maxLines)

/**
 * Writes a list of peers.
 *
 * Quirk: an original drops a line without its newline, and a line without a comma ends its outgoing thread.
 */
export const encodePeers = (peers: Iterable<PeerAddress.PeerAddress>): Uint8Array =>
  encoder.encode(Array.from(peers, (peer) => `${PeerAddress.host(peer)},${PeerAddress.port(peer)}\n`).join(""))

/** Reads a list of peers: each once, in order. Skips lines that name no peer. */
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

/** Reads a list of files: each once, in order. Skips names that are not safe. */
export const decodeFiles = (bytes: Uint8Array): ReadonlyArray<FileName.FileName> => {
  const names = new Set<FileName.FileName>()
  for (const line of linesOf(bytes)) if (FileName.is(line)) names.add(line)
  return [...names]
}
