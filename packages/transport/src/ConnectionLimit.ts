/** Limits the open connections of a listener, in all and per remote address. */
import * as NetAddress from "effect/net/NetAddress"
import type { ListenOptions } from "./Options.ts"
import type { Pipe } from "./Pipe.ts"

const defaultMaxConnections = 10_000
const defaultBacklog = 511

const hostOf = (pipe: Pipe): string => NetAddress.formatHost(pipe.remote)

/** Counts open pipes and decides which may enter. Plain state, changed only by the transport's callbacks. */
export class ConnectionLimit {
  /** The pipes that entered and are not freed yet. */
  readonly open = new Set<Pipe>()
  private readonly perHost = new Map<string, number>()
  private readonly waiting = new Set<Pipe>()
  private readonly options: ListenOptions
  private readonly entered: (pipe: Pipe) => void

  /** Calls `entered` with each pipe that may enter, during `accept` or when another pipe is freed. */
  constructor(options: ListenOptions, entered: (pipe: Pipe) => void) {
    this.options = options
    this.entered = entered
  }

  /** Lets a pipe enter, wait, or closes it. Returns what to call when the pipe is freed. */
  readonly accept = (pipe: Pipe): () => void => {
    if (this.hasRoom(pipe)) this.enter(pipe)
    else if (this.options.overLimit === "wait" && this.waiting.size < (this.options.backlog ?? defaultBacklog)) {
      this.waiting.add(pipe)
    } else pipe.close()
    return () => this.leave(pipe)
  }

  private hasRoom(pipe: Pipe): boolean {
    return this.open.size < (this.options.maxConnections ?? defaultMaxConnections)
      && (this.options.maxPerAddress === undefined || this.openFrom(pipe) < this.options.maxPerAddress)
  }

  private enter(pipe: Pipe) {
    this.open.add(pipe)
    this.count(pipe, 1)
    this.entered(pipe)
  }

  private openFrom(pipe: Pipe): number {
    return this.perHost.get(hostOf(pipe)) ?? 0
  }

  /** Counts per address only when that is limited. */
  private count(pipe: Pipe, change: 1 | -1) {
    if (this.options.maxPerAddress === undefined) return
    const open = this.openFrom(pipe) + change
    if (open === 0) this.perHost.delete(hostOf(pipe))
    else this.perHost.set(hostOf(pipe), open)
  }

  private leave(pipe: Pipe) {
    this.waiting.delete(pipe)
    if (!this.open.delete(pipe)) return
    this.count(pipe, -1)
    for (const next of this.waiting) {
      if (!this.hasRoom(next)) continue
      this.waiting.delete(next)
      return this.enter(next)
    }
  }

  /** Closes the pipes that wait to enter. */
  readonly closeWaiting = () => {
    for (const pipe of [...this.waiting]) pipe.close()
  }
}
