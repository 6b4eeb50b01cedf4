/** What rendering goes by: colours, and what to say first. */
import type { PeerId } from "@peerage/p2p-chat"
import type { Style } from "../room/Style.ts"

/** What rendering goes by. */
export interface View {
  readonly style: Style
  /** What to say at `Listening`. */
  readonly welcome: ReadonlyArray<string>
}

/** An id in its colour. */
export const nameOf = (style: Style) => (id: PeerId.PeerId): string => style.named(String(id), String(id))
