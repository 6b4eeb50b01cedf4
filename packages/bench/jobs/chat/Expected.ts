/** Checks that messages come in their order, none missing, and counts them. */
import { Tally } from "../Tally.ts"
import { senderId, text } from "./Values.ts"

export class Expected {
  readonly tally = new Tally()
  private next = 0

  /** Takes the next message. Throws where it is another one. */
  check(from: bigint, data: string): void {
    if (from !== senderId || data !== text(this.next)) {
      throw new Error(`message ${this.next} is not the one that was sent`)
    }
    this.next++
  }

  /** Counts what was checked since. */
  count(messages: number): void {
    this.tally.add(messages)
  }
}
