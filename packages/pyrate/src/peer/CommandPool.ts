/**
 * The work of a peer as commands, done in the order of their arrival, so many at once. What comes from others, what is
 * its own, what it passes on, and transfers of files, which may take hours, wait in lines of their own: none of these can
 * hold up another.
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

/** Commands that others' searches bring about: an answer, or the search passed on. */
export type Relayed = "SearchRequest" | "SearchResponse"

/** Commands of others: somebody has said something. */
export type Inbound = "DownloadRequest" | "ListRequest" | "SearchRequest" | "SearchResponse"

/** A command: what it is, and with whom. */
export type Command =
  | { readonly _tag: "Outbound"; readonly kind: Outbound; readonly peer: string }
  | { readonly _tag: "Relayed"; readonly kind: Relayed; readonly peer: string }
  | { readonly _tag: "Inbound"; readonly kind: Inbound; readonly peer: string }

/** The workers of a peer. */
export interface CommandPool {
  /** Does a command when it is its turn. Fails with `TooMany` when too many of others' wait already. */
  readonly run: <A, E, R>(command: Command, work: Effect.Effect<A, E, R>) => Effect.Effect<A, E | TooMany, R>
  /** Commands that are being done or wait, in the order of their arrival. */
  readonly commands: Effect.Effect<ReadonlyArray<Command>>
}

/** Those who wait for the same workers. */
interface Line {
  readonly workers: Semaphore.Semaphore
  /** Commands in it at most, those that are being done among them. */
  readonly room: number
  length: number
}

/** A command in its line. */
interface Place {
  readonly command: Command
  readonly line: Line
}

type Limits = Pick<PyrateConfig, "maxWorkers" | "maxWaiting" | "maxFanOut">

/** Workers with nothing to do. */
export const make = ({ maxFanOut, maxWaiting, maxWorkers }: Limits): CommandPool => {
  const line = (workers: number, waiting: number): Line => ({
    workers: Semaphore.makeUnsafe(workers),
    room: workers + waiting,
    length: 0
  })
  const lines = {
    Outbound: line(maxWorkers, Infinity),
    // A search that is passed on is as many commands at once, each of which waits for a peer that may be gone.
    Relayed: line(maxWorkers * maxFanOut, maxWaiting),
    Inbound: line(maxWorkers, maxWaiting)
  }
  const transfers = { Outbound: line(maxWorkers, Infinity), Inbound: line(maxWorkers, maxWaiting) }
  const lineOf = (command: Command): Line =>
    command._tag !== "Relayed" && command.kind === "DownloadRequest" ? transfers[command._tag] : lines[command._tag]
  const places = new Set<Place>()

  const enter = (command: Command) =>
    Effect.suspend(() => {
      const line = lineOf(command)
      if (line.length >= line.room) return Effect.fail(new TooMany({ of: "commands", limit: maxWaiting }))
      const place: Place = { command, line }
      line.length++
      places.add(place)
      return Effect.succeed(place)
    })
  const leave = (place: Place) =>
    Effect.sync(() => {
      places.delete(place)
      place.line.length--
    })

  return {
    run: (command, work) =>
      Effect.acquireUseRelease(
        enter(command),
        ({ line }) => line.workers.withPermit(Effect.withSpan(work, `Pyrate.${command._tag}.${command.kind}`)),
        leave
      ),
    commands: Effect.sync(() => Array.from(places, ({ command }) => command))
  }
}
