/** How much may happen within a second: a bucket that fills up again evenly. Plain state; the moment is an input. */
export class Rate {
  private left: number
  private at = -Infinity
  private readonly perSecond: number

  constructor(perSecond: number) {
    this.perSecond = perSecond
    this.left = perSecond
  }

  /** Takes one, where there is one. `now` in milliseconds. */
  take(now: number): boolean {
    this.left = Math.min(this.perSecond, this.left + (Math.max(0, now - this.at) / 1000) * this.perSecond)
    this.at = Math.max(this.at, now)
    if (this.left < 1) return false
    this.left--
    return true
  }
}
