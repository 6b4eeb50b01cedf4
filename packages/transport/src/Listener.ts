/**
 * A listening socket with limits: open connections are counted, in all and per remote address, and idle ones are reset.
 * Written once for all transports; a layer only passes on accepted pipes.
 */
import { Cause, Clock, Duration, Effect, Exit, FiberSet, Queue, References, Scope } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import { isSocketError } from "effect/socket/Socket"
import type { SocketServerError } from "effect/socket/SocketServer"
import * as Connection from "./Connection.ts"
import { ConnectionLimit } from "./ConnectionLimit.ts"
import type { Backing, ListenOptions } from "./Options.ts"
import type { Pipe } from "./Pipe.ts"
import * as Timeouts from "./Timeouts.ts"

/** An open listener. Its scope owns the listening socket and the accepted connections that were not taken. */
export interface Listener {
  /** The bound address. For port 0 it has the port that the system chose. */
  readonly address: NetAddress.InetAddress
  /**
   * Runs `handler` for each connection in its own fiber and scope, and closes the connection when the handler ends.
   * Never ends. A handler's `SocketError` is the normal end of a connection and is logged at debug level; other
   * failures are logged as warnings.
   */
  readonly run: <A, E, R>(
    handler: (connection: Connection.Connection) => Effect.Effect<A, E, R>
  ) => Effect.Effect<never, never, Exclude<R, Scope.Scope>>
  /**
   * Runs `handler` for each bare pipe in its own fiber, without a scope. Never ends. The handler must close the pipe;
   * if it fails, dies or is interrupted, the listener does.
   */
  readonly runPipes: <E, R>(handler: (pipe: Pipe) => Effect.Effect<unknown, E, R>) => Effect.Effect<never, never, R>
  /** Accepted connections as bare pipes, without a fiber or a scope. The taker of a pipe must close it. */
  readonly accepted: Queue.Dequeue<Pipe>
}

/** Resets pipes that were idle for `limit`. Sleeps until the earliest deadline in between. Never ends. */
const resetIdle = Effect.fnUntraced(function*(open: ReadonlySet<Pipe>, limit: Duration.Duration) {
  const millis = Duration.toMillis(limit)
  while (true) {
    const now = yield* Clock.currentTimeMillis
    let earliest = now + millis
    for (const pipe of [...open]) {
      const due = pipe.activeAt() + millis
      if (due <= now) pipe.reset()
      else if (due < earliest) earliest = due
    }
    yield* Timeouts.pause(earliest - now)
  }
})

/** Opens a listener on a layer's backing, for the scope's life. Fails with the errno of bind. */
export const make = Effect.fnUntraced(function*(
  backing: Backing,
  local: NetAddress.InetAddress,
  options: ListenOptions
): Effect.fn.Return<Listener, SocketServerError, Scope.Scope> {
  const accepted = yield* Queue.unbounded<Pipe>()
  const limit = new ConnectionLimit(options, (pipe) => Queue.offerUnsafe(accepted, pipe))
  yield* Effect.addFinalizer(() =>
    Effect.gen(function*() {
      limit.closeWaiting()
      for (const pipe of yield* Queue.clear(accepted)) pipe.close()
      yield* Queue.shutdown(accepted)
    })
  )
  const address = yield* backing.listen(local, options, limit.accept)
  if (options.idleLimit !== undefined) {
    yield* Effect.forkScoped(resetIdle(limit.open, Duration.fromInputUnsafe(options.idleLimit)))
  }
  const runPipes: Listener["runPipes"] = (handler) => run(accepted, options, handler)
  return { address, accepted, runPipes, run: (handler) => runPipes((pipe) => serve(pipe, options, handler)) }
})

const closePipe = (pipe: Pipe, options: ListenOptions) => options.resetOnClose === true ? pipe.reset() : pipe.close()

const run = <E, R>(
  accepted: Queue.Dequeue<Pipe>,
  options: ListenOptions,
  handler: (pipe: Pipe) => Effect.Effect<unknown, E, R>
): Effect.Effect<never, never, R> =>
  Effect.scoped(Effect.gen(function*() {
    // Without the frames of whoever runs the listener: each failure of each connection would copy them.
    const fork = yield* Effect.provideService(
      FiberSet.makeRuntime<R, unknown, E>(),
      References.CurrentStackFrame,
      undefined
    )
    while (true) {
      for (const pipe of yield* Queue.takeAll(accepted)) {
        // An observer, not a finalizer: a fiber that is interrupted before its first step runs no finalizers.
        fork(handler(pipe)).addObserver((exit) => {
          if (Exit.isFailure(exit)) closePipe(pipe, options)
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
    Effect.ensuring(Effect.sync(() => closePipe(pipe, options)))
  )
