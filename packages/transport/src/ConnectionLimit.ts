/** Limits the open connections of a listener, in all, per remote address and per network. */
import * as NetAddress from "effect/net/NetAddress"
import type { ListenOptions } from "./Options.ts"
import type { Pipe } from "./Pipe.ts"
import { type Guest, Places } from "./Places.ts"

const defaultMaxConnections = 10_000
const defaultBacklog = 511

const placesOf = (options: ListenOptions): Places =>
  new Places({
    of: "connections",
    all: options.maxConnections ?? defaultMaxConnections,
    perAddress: options.maxPerAddress,
    perNetwork: options.maxPerNetwork,
    waiting: options.overLimit === "wait" ? { all: options.backlog ?? defaultBacklog } : undefined
  })

/** True when this end has closed the pipe: its socket only still sends what was written. */
const isClosed = (pipe: Pipe): boolean => pipe.broken() !== undefined && pipe.ended() !== undefined

/** Counts open pipes and decides which may enter. Plain state, changed only by the transport's callbacks. */
export class ConnectionLimit {
  /** The pipes that entered and are not freed yet. */
  readonly open = new Set<Pipe>()
  private readonly waiting = new Set<Pipe>()
  private readonly places: Places
  private readonly entered: (pipe: Pipe) => void

  /** Calls `entered` with each pipe that may enter, during `accept` or when another pipe is freed. */
  constructor(options: ListenOptions, entered: (pipe: Pipe) => void) {
    this.places = placesOf(options)
    this.entered = entered
  }

  /** Lets a pipe enter, wait, or closes it. Returns what to call when the pipe is freed. */
  readonly accept = (pipe: Pipe): () => void => {
    const guest: Guest = {
      host: NetAddress.formatHost(pipe.remote),
      // A pipe that is used must stay; one that waits, or that is only still sending, may lose its place.
      silentSince: () => this.open.has(pipe) && !isClosed(pipe) ? undefined : pipe.activeAt(),
      entered: () => this.enter(pipe),
      dropped: () => pipe.reset()
    }
    if (this.places.enter(guest) !== undefined) pipe.close()
    else if (!this.open.has(pipe)) this.waiting.add(pipe)
    return () => {
      this.waiting.delete(pipe)
      this.open.delete(pipe)
      this.places.leave(guest)
    }
  }

  private enter(pipe: Pipe) {
    this.waiting.delete(pipe)
    this.open.add(pipe)
    this.entered(pipe)
  }

  /** Closes the pipes that wait to enter. */
  readonly closeWaiting = () => {
    for (const pipe of [...this.waiting]) pipe.close()
  }
}
