/** What goes to and fro in a round, and for how long. */
import type { Facts } from "../../src/Facts.ts"
import { receiverId, text } from "../chat/Values.ts"

export class Rally {
  private number = 0
  private left = 0
  private over: () => void = () => {}

  /** What is to be sent next. */
  get text(): string {
    return text(this.number)
  }

  /** Resolves with microseconds for one way there and back when all of a round were. */
  begin(count: number): Promise<Facts> {
    this.left = count
    const begun = performance.now()
    return new Promise((resolve) => {
      this.over = () => resolve({ roundTrip: (performance.now() - begun) / count * 1000 })
    })
  }

  /** Takes what came back; true when there is more to send. Throws where it is something else. */
  isBack(from: bigint, data: string): boolean {
    if (from !== receiverId || data !== this.text) throw new Error(`message ${this.number} is not what was sent`)
    this.number++
    this.left--
    if (this.left === 0) this.over()
    return this.left > 0
  }
}
