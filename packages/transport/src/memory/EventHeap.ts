/** A binary heap of events, earliest first. Events of the same instant keep the order in which they were scheduled. */

/** A callback that runs at a moment of simulated time. */
export interface ScheduledEvent {
  /** Milliseconds of the network's clock. */
  readonly time: number
  /** Rank among the events of the same instant. */
  readonly order: number
  readonly run: () => void
  /** Set to true to cancel. The heap drops the event when it becomes the earliest. */
  cancelled: boolean
}

const precedes = (a: ScheduledEvent, b: ScheduledEvent): boolean =>
  a.time < b.time || (a.time === b.time && a.order < b.order)

/** Pending events. */
export class EventHeap {
  private readonly events: Array<ScheduledEvent> = []

  push(event: ScheduledEvent): void {
    const { events } = this
    let index = events.length
    events.push(event)
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = events[above]
      if (parent === undefined || precedes(parent, event)) break
      events[index] = parent
      index = above
    }
    events[index] = event
  }

  /** The earliest event that is not cancelled. */
  peek(): ScheduledEvent | undefined {
    while (this.events[0]?.cancelled === true) this.removeFirst()
    return this.events[0]
  }

  /** Removes and returns the event that `peek` returns. */
  pop(): ScheduledEvent | undefined {
    const first = this.peek()
    if (first !== undefined) this.removeFirst()
    return first
  }

  private removeFirst(): void {
    const { events } = this
    const last = events.pop()
    if (last === undefined || events.length === 0) return
    let index = 0
    while (true) {
      const left = events[2 * index + 1]
      if (left === undefined) break
      const right = events[2 * index + 2]
      const smallerIsRight = right !== undefined && precedes(right, left)
      const smaller = smallerIsRight ? right : left
      if (precedes(last, smaller)) break
      events[index] = smaller
      index = 2 * index + (smallerIsRight ? 2 : 1)
    }
    events[index] = last
  }
}
