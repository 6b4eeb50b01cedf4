/** How far a sender may be ahead of what its receiver has confirmed. */
export class Window {
  private confirmed = 0
  private readonly size: number
  private wake: () => void = () => {}

  constructor(size: number) {
    this.size = size
  }

  /** The receiver has so many, in all. */
  confirm(received: number): void {
    this.confirmed = received
    this.wake()
  }

  /** Resolves when more may be sent by one who has sent so many. */
  async room(sent: number): Promise<void> {
    while (sent - this.confirmed >= this.size) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
  }
}
