/** Counts what arrives, and says when it is enough. */
export class Tally {
  private counted = 0
  private wanted = 0
  private enough: () => void = () => {}

  add(count: number) {
    this.counted += count
    if (this.counted >= this.wanted) this.enough()
  }

  /** Resolves when as many more have come as were asked for in all rounds. */
  more(count: number): Promise<void> {
    this.wanted += count
    return new Promise((resolve) => {
      this.enough = resolve
      this.add(0)
    })
  }
}
