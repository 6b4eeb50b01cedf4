/** Simulated time, and what is to happen at which moment of it. It moves only by `next`, and by whoever sets `now`. */
import type { Gate } from "./RunQueue.ts"

/** Something that happens at a moment. */
export interface Alarm {
  /** Milliseconds since the simulation began. */
  readonly at: number
  readonly gate: Gate
  readonly ring: () => void
}

// Moments are whole microseconds, never earlier than asked for: a rounding error must not wake anybody before its time.
const microsecond = 0.001
const toMicroseconds = (millis: number): number => Math.ceil(millis * 1000 - 0.000_001) / 1000

/** The alarms that are still to ring. */
export class Timeline {
  /** Milliseconds since the simulation began. */
  now = 0
  // Latest first. Among alarms of the same moment the one that was set last comes first, so that they ring in order.
  private alarms: Array<Alarm> = []
  private rung = 0

  /** False when something has happened at this very moment. */
  get quiet(): boolean {
    return this.rung < this.now && toMicroseconds(this.now) === this.now
  }

  /** The moment after this one. */
  get following(): number {
    return Math.max(toMicroseconds(this.now), toMicroseconds(this.now + microsecond / 2))
  }

  /** The moment of the earliest alarm; `undefined` when there is none. */
  get earliest(): number | undefined {
    return this.alarms.at(-1)?.at
  }

  /** Calls `ring` so many milliseconds from now, unless the gate has ended by then. */
  set(gate: Gate, millis: number, ring: () => void): Alarm {
    const alarm = { at: toMicroseconds(this.now + Math.max(millis, 0)), gate, ring }
    let low = 0
    let high = this.alarms.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.alarms[middle]
      if (other !== undefined && other.at > alarm.at) low = middle + 1
      else high = middle
    }
    this.alarms.splice(low, 0, alarm)
    return alarm
  }

  cancel(alarm: Alarm): void {
    const index = this.alarms.indexOf(alarm)
    if (index >= 0) this.alarms.splice(index, 1)
  }

  /** Cancels all alarms of a gate. */
  forget(gate: Gate): void {
    this.alarms = this.alarms.filter((alarm) => alarm.gate !== gate)
  }

  /** Moves on to the earliest alarm, and takes it out. */
  next(): Alarm | undefined {
    const alarm = this.alarms.pop()
    if (alarm !== undefined) this.rung = this.now = Math.max(this.now, alarm.at)
    return alarm
  }
}
