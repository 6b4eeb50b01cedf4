/** Pyrate rooms, of a bootstrap and of a peer that shares: events, the language of lines, and how both are shown. */
import type { BootstrapNode, FilePeer, Neighbourhood } from "@peerage/pyrate"
import { Deferred, Duration, Effect, Stream, SubscriptionRef } from "effect"
import * as Room from "../before/Room.ts"
import * as Stage from "../before/Stage.ts"
import * as Teller from "../before/Teller.ts"
import type { Event } from "./Answer.ts"
import * as Bars from "./Bars.ts"
import { complete } from "./Complete.ts"
import * as Jobs from "./Jobs.ts"
import * as Journal from "./Journal.ts"
import type { Role } from "./Line.ts"
import * as LogFile from "./LogFile.ts"
import { jobOf, obey } from "./Obey.ts"
import { obey as obeyAtBootstrap } from "./ObeyBootstrap.ts"
import { render } from "./Render.ts"

/** How a peer enters. */
export interface Entry {
  /** The bootstrap's address. */
  readonly bootstrap: string
  /** For people, in place of `Listening`. */
  readonly welcome: ReadonlyArray<string>
}

const searchFor = Duration.seconds(5)

/** Sets the stage before there is a peer. */
const open = Effect.fnUntraced(function*(json: boolean, role: Role, { copying } = LogFile.none) {
  let peers: ReadonlyArray<string> = []
  const stage = yield* Stage.set(json, complete(role, () => peers))
  const [bars, journal] = [Bars.make(stage.screen), copying(Journal.make())]
  const note = (event: Event): Effect.Effect<void> => {
    if (event._tag === "Peers") peers = event.peers
    return event._tag === "Progress" ? bars.advance(event) : journal.note(event)
  }
  /** Remembers what is told, a batch at a time. */
  const telling = (welcome: ReadonlyArray<string>): Teller.Teller<Event> => {
    const tell: Teller.Teller<Event> = stage.kind === "Json"
      ? Teller.programs()
      : Teller.people(stage.screen, render({ style: stage.screen.style, role, welcome }))
    return (events, asked) => Effect.andThen(Effect.forEach(events, note, { discard: true }), tell(events, asked))
  }
  return { stage, bars, journal, telling }
})

/** Sets the stage for a bootstrap; `enter` brings it there. */
export const openBootstrap = Effect.fnUntraced(function*(json: boolean) {
  const { journal, stage, telling } = yield* open(json, "Bootstrap")
  const enter = (node: BootstrapNode.BootstrapService, address: string, welcome: ReadonlyArray<string>) =>
    Room.run<Event, never>({
      screen: stage.screen,
      tell: telling(welcome),
      events: node.events,
      opening: Effect.map(node.peers, (peers) => [{ _tag: "Listening", address }, { _tag: "Peers", peers }]),
      obey: obeyAtBootstrap({ node, journal }),
      over: Effect.never
    })
  return { stage, enter }
})

const standing = (status: Neighbourhood.Status, bootstrap: string): ReadonlyArray<Event> => {
  switch (status._tag) {
    case "Joined":
      return [{ _tag: "Connected", peer: bootstrap }]
    case "Reconnecting":
      return [{ _tag: "Closed", peer: bootstrap, reason: status.reason }]
    case "Left":
      return []
  }
}

/** Sets the stage for a peer that shares; `enter` brings it there. */
export const openSharer = Effect.fnUntraced(function*(json: boolean, log: LogFile.LogFile) {
  const { bars, journal, stage, telling } = yield* open(json, "Sharer", log)
  const enter = Effect.fnUntraced(function*(peer: FilePeer.FilePeerService, { bootstrap, welcome }: Entry) {
    const tell = telling(welcome)
    const jobs = yield* Jobs.make((events) => tell(events, false))
    const done = yield* Deferred.make<void>()
    const scope = yield* Effect.scope
    // The same again is no change.
    const changes = SubscriptionRef.changes(peer.status).pipe(
      Stream.changesWith((one, other) => one._tag === other._tag),
      Stream.drop(1),
      Stream.runForEach((status) => tell(standing(status, bootstrap), false))
    )
    yield* Room.run<Event, never>({
      screen: { ...stage.screen, typed: Stream.interruptWhen(stage.screen.typed, Deferred.await(done)) },
      tell,
      // That a file is there is told when nothing more is done about it, and then there is no more progress.
      events: Stream.filter(
        peer.events,
        (event) => event._tag !== "Saved" && (event._tag !== "Progress" || jobs.has(jobOf(event.name)))
      ),
      opening: Effect.gen(function*() {
        const files = yield* SubscriptionRef.get(peer.files)
        yield* Effect.forkIn(changes, scope, { startImmediately: true })
        return [
          { _tag: "Listening", address: peer.self },
          { _tag: "Connected", peer: bootstrap },
          { _tag: "Peers", peers: yield* SubscriptionRef.get(peer.peers) },
          // People were told how many.
          ...(stage.kind === "Json" ? [{ _tag: "Shared", files } as const] : [])
        ]
      }),
      obey: obey({
        peer,
        journal,
        jobs,
        bars,
        searchFor,
        leave: Effect.asVoid(Effect.forkIn(Effect.andThen(jobs.idle, Deferred.succeed(done, undefined)), scope))
      }),
      over: Effect.never
    })
  })
  return { stage, enter }
})
