/** What rendering goes by: colours, the kind of room, and what to say first. */
import type { Style } from "../before/Style.ts"
import { printable } from "../Printable.ts"
import type { Role } from "./Line.ts"

/** What rendering goes by. */
export interface View {
  readonly style: Style
  readonly role: Role
  /** What to say at `Listening`. */
  readonly welcome: ReadonlyArray<string>
}

/** A peer in its colour. */
export const nameOf = (style: Style) => (peer: string): string => style.named(peer, printable(peer))
