/**
 * A listening socket with manners: open connections are counted, in all and per remote address, and idle ones are
 * reset. Written once for all transports; a layer only hands over accepted pipes.
 */
import { Cause, Clock, Duration, Effect, Exit, FiberSet, Queue, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { isSocketError } from "effect/socket/Socket"
import type { SocketServerError } from "effect/socket/SocketServer"
import * as Connection from "./Connection.ts"
import type { Backing, ListenOptions } from "./Options.ts"
import type { Pipe } from "./Pipe.ts"
import * as Timeouts from "./Timeouts.ts"

/** An open listener. Its scope owns the listening socket and the connections nobody has taken. */
export interface Listener {
  /** The bound address, with the port that the system chose for port 0. */
  readonly address: NetAddress.InetAddress
  /**
   * Runs `handler` for each connection, each in a fiber and a scope of its own; the connection is closed when its
   * handler ends. A handler's `SocketError` is the normal end of a connection and logged at debug level only.
   */
  readonly run: <A, E, R>(
    handler: (connection: Connection.Connection) => Effect.Effect<A, E, R>
  ) => Effect.Effect<never, never, Exclude<R, Scope.Scope>>
  /**
   * Lower door: runs `handler` for each connection, each in a fiber of its own, which must close it. One that dies or is
   * interrupted has it closed.
   */
  readonly runPipes: <R>(handler: (pipe: Pipe) => Effect.Effect<void, never, R>) => Effect.Effect<never, never, R>
  /** Lower door: accepted connections as they come, without a fiber or a scope. Whoever takes one must close it. */
  readonly accepted: Queue.Dequeue<Pipe>
}

const defaultMaxConnections = 10_000

/** Counts open pipes and decides who may come in. Plain state, changed only by the transport's callbacks. */
class Occupancy {
  readonly open = new Set<Pipe>()
  private readonly perHost = new Map<string, number>()
  private readonly waiting = new Set<Pipe>()
  private readonly options: ListenOptions
  private readonly admit: (pipe: Pipe) => void
  constructor(options: ListenOptions, admit: (pipe: Pipe) => void) {
    this.options = options
    this.admit = admit
  }

  /** Handles an accepted pipe and returns what to do when it is freed. */
  readonly accept = (pipe: Pipe): () => void => {
    if (this.hasRoom(pipe)) this.enter(pipe)
    else if (this.options.overLimit === "wait" && this.waiting.size < (this.options.backlog ?? 511)) {
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
    this.admit(pipe)
  }

  private openFrom(pipe: Pipe): number {
    return this.perHost.get(hostOf(pipe)) ?? 0
  }

  /** Counts by address only where that is limited. */
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

  /** Closes the connections that wait for room. */
  readonly dismiss = () => {
    for (const pipe of [...this.waiting]) pipe.close()
  }
}

const hostOf = (pipe: Pipe): string => NetAddress.formatHost(pipe.remote)

/** Resets what has been idle for `limit`, sleeping from one earliest deadline to the next. */
const sweep = Effect.fnUntraced(function*(open: ReadonlySet<Pipe>, limit: Duration.Duration) {
  const patience = Duration.toMillis(limit)
  while (true) {
    const now = yield* Clock.currentTimeMillis
    let earliest = now + patience
    for (const pipe of [...open]) {
      const due = pipe.activeAt() + patience
      if (due <= now) pipe.reset()
      else if (due < earliest) earliest = due
    }
    yield* Timeouts.pause(earliest - now)
  }
})

/** Opens a listener on a layer's backing. */
export const make = Effect.fnUntraced(function*(
  backing: Backing,
  local: NetAddress.InetAddress,
  options: ListenOptions
): Effect.fn.Return<Listener, SocketServerError, Scope.Scope> {
  const accepted = yield* Queue.unbounded<Pipe>()
  const occupancy = new Occupancy(options, (pipe) => Queue.offerUnsafe(accepted, pipe))
  yield* Effect.addFinalizer(() =>
    Effect.gen(function*() {
      occupancy.dismiss()
      for (const pipe of yield* Queue.clear(accepted)) pipe.close()
      yield* Queue.shutdown(accepted)
    })
  )
  const address = yield* backing.listen(local, options, occupancy.accept)
  if (options.idleLimit !== undefined) {
    yield* Effect.forkScoped(sweep(occupancy.open, Duration.fromInputUnsafe(options.idleLimit)))
  }
  const runPipes: Listener["runPipes"] = (handler) => run(accepted, options, handler)
  return { address, accepted, runPipes, run: (handler) => runPipes((pipe) => serve(pipe, options, handler)) }
})

const leave = (pipe: Pipe, options: ListenOptions) => options.resetOnClose === true ? pipe.reset() : pipe.close()

const run = <R>(
  accepted: Queue.Dequeue<Pipe>,
  options: ListenOptions,
  handler: (pipe: Pipe) => Effect.Effect<void, never, R>
): Effect.Effect<never, never, R> =>
  Effect.scoped(Effect.gen(function*() {
    const fork = yield* FiberSet.makeRuntime<R, void, never>()
    while (true) {
      for (const pipe of yield* Queue.takeAll(accepted)) {
        // An observer, as a fiber interrupted before its first step runs none of its finalizers.
        fork(handler(pipe)).addObserver((exit) => {
          if (Exit.isFailure(exit)) leave(pipe, options)
        })
      }
    }
  }))

const serve = <A, E, R>(
  pipe: Pipe,
  options: ListenOptions,
  handler: (connection: Connection.Connection) => Effect.Effect<A, E, R>
): Effect.Effect<void, never, Exclude<R, Scope.Scope>> =>
  Effect.scoped(handler(Connection.fromPipe(pipe, options))).pipe(
    Effect.asVoid,
    Effect.catchCause((cause) => {
      if (Cause.hasInterruptsOnly(cause)) return Effect.void
      return isSocketError(Cause.squash(cause))
        ? Effect.logDebug("connection ended", cause)
        : Effect.logWarning("connection handler failed", cause)
    }),
    Effect.ensuring(Effect.sync(() => leave(pipe, options)))
  )
