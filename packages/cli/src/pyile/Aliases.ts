/**
 * Which peer a typed name means: its `host:port`, or an alias while exactly one of the members has it. An alias is only
 * a claim, so it stands for a peer only where confusing two peers does no harm.
 */
import { printable } from "@peerage/console/Printable"
import { PeerAddress } from "@peerage/pyile"
import { Result } from "effect"
import type { Mistake } from "../room/Command.ts"

/** The alias that each peer was last seen with. */
export type Aliases = ReadonlyMap<string, string>

// Aliases outlive a peer's leaving, as it may come back. The oldest are forgotten first.
const most = 1000

/** Remembers the alias of a peer. */
export const remember = (aliases: Map<string, string>, peer: string, alias: string): void => {
  aliases.delete(peer)
  aliases.set(peer, alias)
  const oldest = aliases.keys().next().value
  if (aliases.size > most && oldest !== undefined) aliases.delete(oldest)
}

const unknown = (message: string): Result.Result<never, Mistake> => Result.fail({ reason: "UnknownPeer", message })

/** The peer that a name means. */
export const resolve = (
  name: string,
  peers: ReadonlyArray<PeerAddress.PeerAddress>,
  aliases: Aliases
): Result.Result<PeerAddress.PeerAddress, Mistake> => {
  const address = PeerAddress.parse(name)
  if (address !== undefined) return Result.succeed(address)
  const known = peers.filter((peer) => aliases.get(peer) === name)
  const [only, another] = known
  if (only === undefined) return unknown(`Nobody here is known as "${printable(name)}". /peers shows who is here.`)
  return another === undefined
    ? Result.succeed(only)
    : unknown(`Several peers go by "${printable(name)}": ${known.join(", ")}. Give one of these addresses.`)
}
