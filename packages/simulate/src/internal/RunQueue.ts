/**
 * Everything that simulated programs have to do now, in one queue, and the gate of each host through which it gets there.
 *
 * A gate is the scheduler of a host's fibers. While it is shut, every fiber of the host yields before its next step, and
 * what it would do next is held: a paused host. Once it has ended, nothing of the host runs again, no finalizer either:
 * a power cut. Fibers that are resumed from outside, by a packet or a timer, come to the same gate before they do a step.
 */
import type { Fiber, Scheduler } from "effect"

interface Task {
  readonly gate: Gate
  readonly priority: number
  readonly run: () => void
}

/** Runs tasks in the order they came, those of a lower priority number first. */
export class RunQueue {
  /** The name of the gate whose task ran last. */
  last = ""
  private tasks: Array<Task> = []
  private prioritized = false

  get idle(): boolean {
    return this.tasks.length === 0
  }

  add(task: Task): void {
    this.tasks.push(task)
    if (task.priority !== 0) this.prioritized = true
  }

  /** Runs tasks until there are none, at least `limit` of them where there are so many. Returns how many ran. */
  drain(limit: number): number {
    let ran = 0
    while (this.tasks.length > 0 && ran < limit) {
      const round = this.prioritized ? this.tasks.sort((a, b) => a.priority - b.priority) : this.tasks
      this.tasks = []
      this.prioritized = false
      for (const task of round) {
        this.last = task.gate.name
        task.gate.pass(task)
      }
      ran += round.length
    }
    return ran
  }
}

/** The scheduler of the fibers of one host, for one life of it. */
export class Gate implements Scheduler.Scheduler, Scheduler.SchedulerDispatcher {
  readonly executionMode = "async"
  readonly name: string
  private readonly queue: RunQueue
  private state: "Open" | "Shut" | "Ended" = "Open"
  private held: Array<Task> = []

  constructor(name: string, queue: RunQueue) {
    this.name = name
    this.queue = queue
  }

  get ended(): boolean {
    return this.state === "Ended"
  }

  makeDispatcher(): Scheduler.SchedulerDispatcher {
    return this
  }

  shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    return this.state !== "Open" || fiber.currentOpCount >= fiber.cache.maxOpsBeforeYield
  }

  scheduleTask(run: () => void, priority: number): void {
    if (this.state !== "Ended") this.queue.add({ gate: this, priority, run })
  }

  flush(): void {
    this.queue.drain(1)
  }

  /** Runs a task of this gate, holds it, or drops it. */
  pass(task: Task): void {
    if (this.state === "Open") task.run()
    else if (this.state === "Shut") this.held.push(task)
  }

  shut(): void {
    if (this.state === "Open") this.state = "Shut"
  }

  open(): void {
    if (this.state !== "Shut") return
    this.state = "Open"
    for (const task of this.held) this.queue.add(task)
    this.held = []
  }

  end(): void {
    this.state = "Ended"
    this.held = []
  }
}
