/** What rendering goes by: colours, who is known by which name, and who one is oneself. */
import type { Style } from "../before/Style.ts"
import { printable } from "../Printable.ts"
import type { Aliases } from "./Aliases.ts"

/** What rendering goes by. */
export interface View {
  readonly style: Style
  readonly aliases: Aliases
  /** The peer's own address. Each member knows a host at 0.0.0.0 by another address with the same port. */
  readonly self: string
  /** What to say at `Listening`. */
  readonly welcome: ReadonlyArray<string>
  /** True when a session that ends is begun again. */
  readonly reconnects: boolean
}

/** A peer's address, with the alias it goes by in front. */
export const nameOf = ({ aliases, style }: Pick<View, "aliases" | "style">, peer: string): string => {
  const alias = aliases.get(peer)
  const address = style.named(peer, printable(peer))
  return alias === undefined || alias === "" ? address : `${style.bold(printable(alias))} ${address}`
}
