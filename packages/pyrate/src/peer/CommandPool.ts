/**
 * The work of a peer as commands, so many at once. Requests of others, the peer's own work, messages that it relays, and
 * transfers, which may take hours, have places of their own: none holds up another. What waits for others is begun in
 * turn by address, the peer's own work in the order of its arrival.
 */
import { Places } from "@peerage/transport"
import { Traced } from "@peerage/wire"
import { Effect, Ref } from "effect"
import type { PyrateConfig } from "../PyrateConfig.ts"
import type { TooMany } from "../PyrateError.ts"

/** Commands of this peer: it opens a connection and sends something. */
export type Outbound =
  | `Bootstrap${"Register" | "Unregister" | "RequestPeerList" | "KeepAlive"}`
  | "DownloadRequest"
  | "ListRequest"
  | "SearchRequest"

/** Commands that searches of others bring about: an answer, or the search passed on. */
export type Relayed = "SearchRequest" | "SearchResponse"

/** Commands of others: requests that came. A `FileRequest` looks for the file, and a `DownloadRequest` sends it. */
export type Inbound = "DownloadRequest" | "FileRequest" | "ListRequest" | "SearchRequest" | "SearchResponse"

/** A command: its kind, and the address of the other side. */
export type Command =
  | { readonly _tag: "Outbound"; readonly kind: Outbound; readonly peer: string }
  | { readonly _tag: "Relayed"; readonly kind: Relayed; readonly peer: string }
  | { readonly _tag: "Inbound"; readonly kind: Inbound; readonly peer: string }

/** How a command of others waits for its place, and may lose it. */
export interface Turn {
  /** Since when the other side is silent; `undefined` when the command may not lose its place. */
  readonly silentSince: () => number | undefined
  /** Runs as long as the command waits. */
  readonly meanwhile: Effect.Effect<never>
}

/** Waits quietly, and does not lose its place. */
const steady: Turn = { silentSince: () => undefined, meanwhile: Effect.never }

/** The workers of a peer. */
export interface CommandPool {
  /**
   * Runs a command when it is its turn. Fails with `TooMany` when too many of others wait already, and when its place goes
   * to another address.
   */
  readonly run: <A, E, R>(
    command: Command,
    work: Effect.Effect<A, E, R>,
    turn?: Turn
  ) => Effect.Effect<A, E | TooMany, R>
  /** Commands that run or wait, in the order of their arrival. */
  readonly commands: Effect.Effect<ReadonlyArray<Command>>
}

/** The numbers that bound commands. */
export type Limits = Pick<
  PyrateConfig,
  | "maxFanOut"
  | "maxServed"
  | "maxServedPerAddress"
  | "maxServedPerNetwork"
  | "maxWaiting"
  | "maxWaitingPerAddress"
  | "maxWaitingPerNetwork"
  | "maxWorkers"
>

/** The places of a command. Uploads and downloads are the transfers of others and of this peer. */
const placesOf = (command: Command) => {
  if (command._tag === "Relayed" || command.kind !== "DownloadRequest") return command._tag
  return command._tag === "Outbound" ? "Download" : "Upload"
}

/** All commands of this peer wait in one line, those of others and to others by address. */
const hostOf = ({ _tag, peer }: Command): string => _tag === "Outbound" ? "" : peer.slice(0, peer.lastIndexOf(":"))

/** Workers with nothing to do. */
export const make = Effect.fnUntraced(function*(limits: Limits): Effect.fn.Return<CommandPool> {
  const { maxFanOut, maxWaiting, maxWorkers } = limits
  const places = (all: number, waiting: number) => new Places.Places({ of: "commands", all, waiting: { all: waiting } })
  const ofOthers = () =>
    new Places.Places({
      of: "commands",
      all: limits.maxServed,
      perAddress: limits.maxServedPerAddress,
      perNetwork: limits.maxServedPerNetwork,
      waiting: { all: maxWaiting, perAddress: limits.maxWaitingPerAddress, perNetwork: limits.maxWaitingPerNetwork }
    })
  const queues = {
    Outbound: places(maxWorkers, Infinity),
    // A search that is passed on is as many commands at once, each of which waits for a peer that may be gone.
    Relayed: places(Math.min(maxWorkers * maxFanOut, Number.MAX_SAFE_INTEGER), maxWaiting),
    Inbound: ofOthers(),
    Download: places(maxWorkers, Infinity),
    Upload: ofOthers()
  }
  const commands = yield* Ref.make<ReadonlyArray<Command>>([])
  return {
    run: (given, work, { meanwhile, silentSince } = steady) =>
      Effect.suspend(() => {
        // A copy of its own, as the same command may run twice at once.
        const command = { ...given }
        const spanned = Traced.withSpan(`Pyrate.${command._tag}.${command.kind}`)(work)
        const visitor = { host: hostOf(command), silentSince }
        return Effect.acquireUseRelease(
          Ref.update(commands, (all) => [...all, command]),
          () => Places.hold(queues[placesOf(command)], visitor, spanned, meanwhile),
          () => Ref.update(commands, (all) => all.filter((other) => other !== command))
        )
      }),
    commands: Ref.get(commands)
  }
})
