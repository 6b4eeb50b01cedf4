/** A Pyile room, the same for host and member: their events, the language of their lines, and how both are shown. */
import type { AuthPeer, JoinPeer, Messenger, PyileError, PyileEvent } from "@peerage/pyile"
import { Effect, LogLevel, References, Stream, SubscriptionRef } from "effect"
import * as Room from "../before/Room.ts"
import * as Stage from "../before/Stage.ts"
import * as Teller from "../before/Teller.ts"
import type { Event } from "./Answer.ts"
import { type Choices, complete } from "./Complete.ts"
import type { Role } from "./Line.ts"
import { obey } from "./Obey.ts"
import { render } from "./Render.ts"

// Kept beyond a peer's leaving, as it may come back; the oldest are forgotten first.
const maxAliases = 1000

const remember = (aliases: Map<string, string>, peer: string, alias: string) => {
  aliases.delete(peer)
  aliases.set(peer, alias)
  const oldest = aliases.keys().next().value
  if (aliases.size > maxAliases && oldest !== undefined) aliases.delete(oldest)
}

/** How somebody enters. */
export interface Entry {
  /** What is told first. */
  readonly opening: ReadonlyArray<Event>
  /** For people, in place of `Listening`. */
  readonly welcome?: ReadonlyArray<string> | undefined
  /** True when a session that ends is begun again. */
  readonly reconnects?: boolean | undefined
}

/** Copies the peer's own log to the process's, where that is so verbose that everything is wanted. */
const copyLog = Effect.fnUntraced(function*({ lines }: Messenger.Messenger) {
  if (LogLevel.isGreaterThan(yield* References.MinimumLogLevel, "Info")) return
  const copied = Stream.runForEach(
    lines,
    ({ level, text }) =>
      level === "INFO" ? Effect.logInfo(text) : level === "WARNING" ? Effect.logWarning(text) : Effect.logError(text)
  )
  yield* Effect.forkScoped(copied, { startImmediately: true })
})

/** Sets the stage before there is a peer; `enter` brings the peer to it. */
export const open = Effect.fnUntraced(function*(json: boolean, role: Role) {
  const aliases = new Map<string, string>()
  let choices: Choices = { role, peers: [], aliases }
  const stage = yield* Stage.set(json, complete(() => choices))

  /** Notes who goes by which alias, and who is there. */
  const note = (event: PyileEvent.PyileEvent) =>
    Effect.sync(() => {
      if (event._tag === "AliasSeen") remember(aliases, event.peer, event.alias)
      if (event._tag === "Peers") choices = { ...choices, peers: event.peers }
    })

  const enter = Effect.fnUntraced(function*(
    peer: AuthPeer.AuthPeerService | JoinPeer.JoinPeerService,
    { opening, reconnects = false, welcome = [] }: Entry
  ) {
    const view = { style: stage.screen.style, aliases, self: peer.self, welcome, reconnects }
    yield* copyLog(peer.messenger)
    yield* Room.run<Event, PyileError.JoinError>({
      screen: stage.screen,
      tell: stage.kind === "Json" ? Teller.programs() : Teller.people(stage.screen, render(view)),
      // Who got what is told as the answer to the command that sent it.
      events: Stream.filter(Stream.tap(peer.events, note), (event) => event._tag !== "Sent"),
      opening: Effect.map(SubscriptionRef.get(peer.peers), (peers) => {
        choices = { ...choices, peers }
        return [...opening, { _tag: "Peers", peers }]
      }),
      obey: obey({ role, peer, moderation: "ban" in peer ? peer : undefined, aliases }),
      over: peer.left
    })
  })
  return { stage, enter }
})
