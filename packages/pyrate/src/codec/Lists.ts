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

/** Most peers named and read in a list. */
export const maxLines = 10_000

const encode = (lines: Iterable<string>): Uint8Array =>
  encoder.encode(Array.from(lines, (line) => `${line}\n`).join(""))

/** Reads complete lines, each once, in order: the connection broke inside what follows the last newline. */
const decode = <A extends string>(
  bytes: Uint8Array,
  parse: (line: string) => A | undefined,
  most = Infinity
): ReadonlyArray<A> => {
  const lines = decoder.decode(bytes).split("\n").slice(0, -1).slice(0, most)
  return [...new Set(lines.flatMap((line) => parse(line) ?? []))]
}

// No first line of a list is like this, but those of other servers are: of HTTP, of SSH and mail, of TLS.
const foreign = /^(?:http\/\d|<!doctype |<html|<\?xml )|\p{Cc}/iu
const beginning = 256

/** Whether an answer begins as no list does: a server of another protocol has sent it. */
export const isForeign = (bytes: Uint8Array): boolean => {
  const [first = ""] = decoder.decode(bytes.subarray(0, beginning)).split("\n", 1)
  return foreign.test(first)
}

/**
 * Writes a list of peers.
 *
 * Quirk: an original drops a line without its newline, and a line without a comma ends its outgoing thread.
 */
export const encodePeers = (peers: Iterable<PeerAddress.PeerAddress>): Uint8Array =>
  encode(Array.from(peers, (peer) => peer.replace(":", ",")))

const parsePeer = (line: string): PeerAddress.PeerAddress | undefined => {
  const [, host = "", port = ""] = /^([^,]*),(\d{1,5})$/.exec(line) ?? []
  return PeerAddress.from(host, Number(port))
}

/** Reads a list of peers. Skips lines that name no peer. */
export const decodePeers = (bytes: Uint8Array): ReadonlyArray<PeerAddress.PeerAddress> =>
  decode(bytes, parsePeer, maxLines)

/** Writes a list of files. */
export const encodeFiles: (names: Iterable<FileName.FileName>) => Uint8Array = encode

/** Reads a list of files, or whole lines of one. Skips names that are not safe. */
export const decodeFiles = (bytes: Uint8Array): ReadonlyArray<FileName.FileName> => decode(bytes, FileName.parse)
