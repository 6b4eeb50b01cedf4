/**
 * Which peer a typed name means: its `host:port`, or an alias while exactly one of those present goes by it. An alias
 * is only a claim, so that it stands for a peer only where no harm is done by mistaking one. Pure.
 */
import { PeerAddress } from "@peerage/pyile"
import { Result } from "effect"
import { printable } from "../Printable.ts"

/** The alias that each peer was last seen with. */
export type Aliases = ReadonlyMap<string, string>

/** The peer, or a sentence that says why there is none. */
export const resolve = (
  name: string,
  peers: ReadonlyArray<PeerAddress.PeerAddress>,
  aliases: Aliases
): Result.Result<PeerAddress.PeerAddress, string> => {
  const address = PeerAddress.parse(name)
  if (address !== undefined) return Result.succeed(address)
  const known = peers.filter((peer) => aliases.get(peer) === name)
  const [only, another] = known
  if (only === undefined) {
    return Result.fail(`Nobody here is known as "${printable(name)}". /peers shows who is here.`)
  }
  return another === undefined
    ? Result.succeed(only)
    : Result.fail(`Several peers go by "${printable(name)}": ${known.join(", ")}. Give one of these addresses.`)
}
