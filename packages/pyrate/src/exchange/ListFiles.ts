/**
 * Asking a peer for the names of its files.
 *
 *     requester                    responder
 *       5:, ends its half   -->
 *                           <--    song.txt\nfilm.mkv\n, and the end of the connection
 *
 * Quirk: the original dies of the question, and never reads the answer to its own. (docs/wire/pyrate.md, section 2.2.)
 */
import type { ByteLink } from "@peerage/wire"
import { Effect } from "effect"
import type { FileName } from "../codec/FileName.ts"
import { decodeFiles, encodeFiles } from "../codec/Lists.ts"
import { encode } from "../codec/Message.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import * as Remote from "./Remote.ts"

/** Asks for the names of a peer's files. */
export const initiate = Effect.fn("ListFiles.initiate")(function*(holder: Remote.Remote) {
  const { idleTimeout, maxListBytes } = holder.config
  const link = yield* Remote.dial(holder)
  yield* link.write([encode({ _tag: "ListFiles" })])
  // To most peers the end of this half is the end of the question.
  yield* link.end
  return decodeFiles(yield* link.reader.takeToEnd(maxListBytes, { awaited: "file list", within: idleTimeout }))
}, Effect.scoped)

/** Answers with the names; the caller ends the connection. Fails when the requester does not read them. */
export const respond = (link: ByteLink.ByteLink, names: ReadonlyArray<FileName>, { idleTimeout }: PyrateConfig) =>
  names.length === 0 ? Effect.void : link.write([encodeFiles(names)], idleTimeout)
