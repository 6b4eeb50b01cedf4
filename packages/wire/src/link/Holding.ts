/** What a link holds of frames that are not whole, bounded together with other links, and in time. */
import { Timeouts } from "@peerage/transport"
import { type Context, Duration, Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Budget, Share } from "../Budget.ts"
import { PeerUnresponsive, TooMuchHeld } from "../LinkError.ts"

/** The bounds of what is unfinished. */
export interface Bounds {
  /** The memory that all links have for it. A link that is let go fails with `TooMuchHeld`, and its connection is reset. */
  readonly budget: Budget
  /** How long nothing may come of a frame that has begun. After that, or twice as long, the link fails and is reset. */
  readonly silence: Duration.Input
}

/** A link, as what bounds it sees it. */
export interface Bounded {
  readonly remote: NetAddress.InetAddress
  readonly fail: (error: PeerUnresponsive | TooMuchHeld) => void
}

/** Bounds one link. */
export type Bounding = (link: Bounded) => Holding

/** The part of one link. Plain state, changed only by its link. */
export class Holding {
  private readonly share: Share
  private readonly silence: Duration.Duration
  private readonly services: Context.Context<never>
  private readonly link: Bounded
  private unfinished = false
  private arrivals = 0
  private cancel: (() => void) | undefined

  constructor({ budget, silence }: Bounds, services: Context.Context<never>, link: Bounded) {
    this.share = budget.enter(
      NetAddress.formatHost(link.remote),
      (excess) => Effect.sync(() => link.fail(new TooMuchHeld(excess)))
    )
    this.silence = Duration.fromInputUnsafe(silence)
    this.services = services
    this.link = link
  }

  /** Notes how many bytes are held, and whether a fiber waits for more of them; they came at so many times. */
  note(held: number, waits: boolean, arrivals: number): void {
    this.share.hold(held)
    this.unfinished = waits && held > 0
    this.arrivals = arrivals
    if (this.unfinished && this.cancel === undefined) this.watch()
  }

  /** Nothing is held any more. */
  leave(): void {
    this.share.leave()
    this.cancel?.()
    this.cancel = undefined
  }

  /** One timer for as long as there is something unfinished: most frames are whole long before it is due. */
  private watch(): void {
    const before = this.arrivals
    this.cancel = Timeouts.start(this.silence, this.services, () => {
      this.cancel = undefined
      if (!this.unfinished) return
      if (this.arrivals > before) return this.watch()
      this.link.fail(new PeerUnresponsive({ awaited: "rest of a message", within: this.silence }))
    })
  }
}
