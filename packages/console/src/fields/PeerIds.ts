/** Readers of ids of p2p-chat. All pure; failures are whole sentences. */
import * as PeerId from "@peerage/p2p-chat/PeerId"
import { Result } from "effect"
import { printable } from "../Printable.ts"
import type { Reader } from "./Reader.ts"

/** The id of a peer. */
export const peerId: Reader<PeerId.PeerId> = (text) => {
  const id = PeerId.parse(text)
  return id === undefined
    ? Result.fail(`"${printable(text)}" is no id: ids are whole numbers from 1 to 9223372036854775807.`)
    : Result.succeed(id)
}
