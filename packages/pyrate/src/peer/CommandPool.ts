/**
 * The work of a peer as commands, so many at once, in the order of their arrival. Requests of others, the peer's own
 * work, messages that it relays, and transfers, which may take hours, wait in queues of their own: none holds up
 * another.
 */
import { Effect, Ref, Semaphore } from "effect"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { TooMany } from "../PyrateError.ts"

/** Commands of this peer: it opens a connection and sends something. */
export type Outbound =
  | `Bootstrap${"Register" | "Unregister" | "RequestPeerList" | "KeepAlive"}`
  | "DownloadRequest"
  | "ListRequest"
  | "SearchRequest"

/** Commands that searches of others bring about: an answer, or the search passed on. */
export type Relayed = "SearchRequest" | "SearchResponse"

/** Commands of others: requests that came. */
export type Inbound = "DownloadRequest" | "ListRequest" | "SearchRequest" | "SearchResponse"

/** A command: its kind, and the address of the other side. */
export type Command =
  | { readonly _tag: "Outbound"; readonly kind: Outbound; readonly peer: string }
  | { readonly _tag: "Relayed"; readonly kind: Relayed; readonly peer: string }
  | { readonly _tag: "Inbound"; readonly kind: Inbound; readonly peer: string }

/** The workers of a peer. */
export interface CommandPool {
  /** Runs a command when it is its turn. Fails with `TooMany` when too many of others wait already. */
  readonly run: <A, E, R>(command: Command, work: Effect.Effect<A, E, R>) => Effect.Effect<A, E | TooMany, R>
  /** Commands that run or wait, in the order of their arrival. */
  readonly commands: Effect.Effect<ReadonlyArray<Command>>
}

/** The queue of a command. Uploads and downloads are the transfers of others and of this peer. */
const queueOf = (command: Command) => {
  if (command._tag === "Relayed" || command.kind !== "DownloadRequest") return command._tag
  return command._tag === "Outbound" ? "Download" : "Upload"
}

/** Workers with nothing to do. */
export const make = Effect.fnUntraced(function*(
  { maxFanOut, maxWaiting, maxWorkers }: Pick<PyrateConfig, "maxWorkers" | "maxWaiting" | "maxFanOut">
): Effect.fn.Return<CommandPool> {
  const queue = (workers: number, waiting: number) =>
    Effect.map(Semaphore.make(workers), (permits) => ({ permits, room: workers + waiting }))
  const queues = yield* Effect.all({
    Outbound: queue(maxWorkers, Infinity),
    // A search that is passed on is as many commands at once, each of which waits for a peer that may be gone.
    Relayed: queue(maxWorkers * maxFanOut, maxWaiting),
    Inbound: queue(maxWorkers, maxWaiting),
    Download: queue(maxWorkers, Infinity),
    Upload: queue(maxWorkers, maxWaiting)
  })
  const commands = yield* Ref.make<ReadonlyArray<Command>>([])
  return {
    run: (given, work) =>
      Effect.suspend(() => {
        // A copy of its own, as the same command may run twice at once.
        const command = { ...given }
        const { permits, room } = queues[queueOf(command)]
        const hasRoom = (all: ReadonlyArray<Command>) =>
          all.filter((other) => queueOf(other) === queueOf(command)).length < room
        return Effect.acquireUseRelease(
          Effect.filterOrFail(
            Ref.modify(commands, (all) => hasRoom(all) ? [true, [...all, command]] : [false, all]),
            (entered) => entered,
            () => new TooMany({ of: "commands", limit: maxWaiting })
          ),
          () => permits.withPermit(Effect.withSpan(work, `Pyrate.${command._tag}.${command.kind}`)),
          () => Ref.update(commands, (all) => all.filter((other) => other !== command))
        )
      }),
    commands: Ref.get(commands)
  }
})
