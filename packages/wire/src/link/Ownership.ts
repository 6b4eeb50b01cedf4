/** Who closes a connection: the scope that it was opened in, or the end of the handler that serves it. */
import type { Listener, Pipe } from "@peerage/transport"
import { Cause, Effect, Exit, type Scope } from "effect"

/** A link over a pipe, and what its owner does when it is over. */
export interface Owned<Link> {
  readonly link: Link
  readonly close: () => void
}

/** Connects for the scope's life. */
export const scoped = <Link, E>(
  connect: Effect.Effect<Pipe.Pipe, E>,
  open: (pipe: Pipe.Pipe) => Owned<Link>
): Effect.Effect<Link, E, Scope.Scope> =>
  Effect.acquireRelease(Effect.map(connect, open), ({ close }) => Effect.sync(close), { interruptible: true }).pipe(
    Effect.map(({ link }) => link)
  )

/**
 * Never ends: runs `handler` for each accepted connection, in a fiber of its own. A failure or a defect ends that
 * connection only.
 */
export const serve = <Link, E, R>(
  listener: Listener.Listener,
  open: (pipe: Pipe.Pipe) => Owned<Link>,
  handler: (link: Link) => Effect.Effect<unknown, E, R>
): Effect.Effect<never, never, R> =>
  listener.runPipes((pipe) =>
    Effect.suspend(() => {
      const { close, link } = open(pipe)
      return Effect.onExit(Effect.suspend(() => handler(link)), (exit) => {
        close()
        // A handler that is interrupted before its first step closes nothing: then the listener does.
        return Exit.isFailure(exit) && Cause.hasDies(exit.cause)
          ? Effect.logWarning("connection handler failed", exit.cause)
          : Effect.void
      })
    })
  )
