/**
 * The work of a peer as commands, done in the order of their arrival, so many at once. What comes from others and what
 * is its own wait in lines of their own, so that neither can hold up the other.
 */
import { Effect, Semaphore } from "effect"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { TooMany } from "../PyrateError.ts"

/** Commands of this peer's own: it opens a connection and says something. */
export type Outbound =
  | "BootstrapRegister"
  | "BootstrapUnregister"
  | "BootstrapRequestPeerList"
  | "BootstrapKeepAlive"
  | "DownloadRequest"
  | "ListRequest"
  | "SearchRequest"
  | "SearchResponse"

/** Commands of others: somebody has said something. */
export type Inbound = "DownloadRequest" | "ListRequest" | "SearchRequest" | "SearchResponse"

/** A command: what it is, and with whom. */
export type Command =
  | { readonly _tag: "Outbound"; readonly kind: Outbound; readonly peer: string }
  | { readonly _tag: "Inbound"; readonly kind: Inbound; readonly peer: string }

/** The workers of a peer. */
export interface CommandPool {
  /** Does a command when it is its turn. Fails with `TooMany` when too many wait already. */
  readonly run: <A, E, R>(command: Command, work: Effect.Effect<A, E, R>) => Effect.Effect<A, E | TooMany, R>
  /** Commands that are being done or wait, in the order of their arrival. */
  readonly commands: Effect.Effect<ReadonlyArray<Command>>
}

/** Workers with nothing to do. */
export const make = ({ maxWaiting, maxWorkers }: Pick<PyrateConfig, "maxWorkers" | "maxWaiting">): CommandPool => {
  const workers = { Inbound: Semaphore.makeUnsafe(maxWorkers), Outbound: Semaphore.makeUnsafe(maxWorkers) }
  const known = new Set<Command>()
  let inbound = 0

  const enter = (command: Command) =>
    Effect.suspend(() => {
      if (command._tag === "Inbound") {
        if (inbound >= maxWorkers + maxWaiting) return Effect.fail(new TooMany({ of: "commands", limit: maxWaiting }))
        inbound++
      }
      known.add(command)
      return Effect.void
    })
  const leave = (command: Command) =>
    Effect.sync(() => {
      known.delete(command)
      if (command._tag === "Inbound") inbound--
    })

  return {
    run: (command, work) =>
      Effect.acquireUseRelease(
        enter(command),
        () => workers[command._tag].withPermit(Effect.withSpan(work, `Pyrate.${command._tag}.${command.kind}`)),
        () => leave(command)
      ),
    commands: Effect.sync(() => [...known])
  }
}
