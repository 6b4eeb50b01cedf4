/** What a link holds of frames that are not whole, bounded together with other links, and in time. */
import { Timeouts } from "@peerage/transport"
import { type Context, Duration, Effect } from "effect"
import type { Budget, Share } from "../Budget.ts"
import { PeerUnresponsive, TooMuchHeld } from "../LinkError.ts"

/** The bounds of what is unfinished. */
export interface Bounds {
  /** The memory that all links have for it. A link that is let go fails with `TooMuchHeld`, and its connection is reset. */
  readonly budget: Budget
  /** How long nothing may come of a frame that has begun. After that, or twice as long, the link fails and is reset. */
  readonly silence: Duration.Input
}

/** The part of one link. Plain state, changed only by its link. */
export class Holding {
  private readonly share: Share
  private readonly silence: Duration.Duration
  private readonly services: Context.Context<never>
  private readonly fail: (error: PeerUnresponsive | TooMuchHeld) => void
  private unfinished = false
  private arrivals = 0
  private cancel: (() => void) | undefined

  /** Bounds a link with `host`, which `fail` ends. */
  constructor(
    { budget, silence }: Bounds,
    services: Context.Context<never>,
    { fail, host }: { readonly host: string; readonly fail: (error: PeerUnresponsive | TooMuchHeld) => void }
  ) {
    this.share = budget.enter(host, (excess) => Effect.sync(() => fail(new TooMuchHeld(excess))))
    this.silence = Duration.fromInputUnsafe(silence)
    this.services = services
    this.fail = fail
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
      this.fail(new PeerUnresponsive({ awaited: "rest of a message", within: this.silence }))
    })
  }
}
