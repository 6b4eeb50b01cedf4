/**
 * A long-running command: reports what happens and executes what is typed, one line after another, until somebody leaves
 * or the session ends for good. Knows no protocol.
 *
 *     events ---------------------------------------> reporter ---> backlog ---> screen
 *     screen ---> typed line ---> execute ---> answer ---> reporter
 */
import { type Failed, failed } from "@peerage/console/Failed"
import type { Panel } from "@peerage/console/Panel"
import type { PeerKey } from "@peerage/transport/PeerKey"
import { DateTime, Effect, Latch, Result, type Scope, Stream } from "effect"
import { attach } from "../console/Attached.ts"
import { Encryption } from "../secure/Encryption.ts"
import { secure } from "../secure/SecureRoom.ts"
import * as Backlog from "./Backlog.ts"
import { leave, type Tagged } from "./Command.ts"
import { type CommandTable, complete, execute, leaves, shown } from "./CommandTable.ts"
import { type Narrate, render as rendering, type View } from "./Narrate.ts"
import * as Reporter from "./Reporter.ts"
import type { Line, Screen } from "./Screen.ts"
import { counted, timeOfDay } from "./Style.ts"

/** The parts of a room. `Room` is what its commands work on. */
export interface Parts<Room, V extends View, Event extends Tagged, E, Over> {
  readonly screen: Screen
  readonly table: CommandTable<Room, V, Event>
  readonly room: NoInfer<Room>
  readonly narrate: Narrate<NoInfer<Event> | Failed, NoInfer<V>>
  readonly view: NoInfer<V>
  /** Remembers an event before it is reported. `asked`: it is an answer to a command, or of the opening. */
  readonly note: (event: NoInfer<Event> | Failed, asked: boolean) => Effect.Effect<void>
  /** Everything that happens from now on, each source in its order. */
  readonly events: ReadonlyArray<Stream.Stream<NoInfer<Event>>>
  /** Reported first. A failure of it ends the room. */
  readonly opening: Effect.Effect<ReadonlyArray<NoInfer<Event>>, E>
  /** Never succeeds: fails when the session is over. */
  readonly over: Effect.Effect<never, Over>
  /** Ends when no further line is to be read; the room ends with it. */
  readonly closing?: Effect.Effect<void> | undefined
  /** Done when the room ends, whatever the cause. Events that it brings about are still reported. */
  readonly finish?: Effect.Effect<void> | undefined
  /** What a console shows. Made only where one was asked for. */
  readonly panel?: Effect.Effect<Panel, never, Scope.Scope> | undefined
  /** Done once the opening was reported. */
  readonly opened?: Effect.Effect<void> | undefined
  /** The key of the peer that an event says has come, in a room whose connections are encrypted. */
  readonly keyOf?: ((event: NoInfer<Event> | Failed) => Effect.Effect<PeerKey | undefined>) | undefined
  /** Where others join this peer, as `host:port`, for invitations; `undefined` where nobody can. */
  readonly reached?: string | undefined
}

// An event passes a handful of fibers before it is reported: turns of the scheduler in which it does.
const turns = 16
const settle = Effect.repeat(Effect.yieldNow, { times: turns })

/** Gives the function that reports events, in their order. `asked`: they are the answer to a command. */
const reporter = Effect.fnUntraced(function*<Room, V extends View, Event extends Tagged>(
  { narrate, note, screen, table: { commands }, view }: Omit<
    Parts<Room, V, Event, unknown, unknown>,
    "opening" | "over"
  >
) {
  const render = rendering({ commands, narrate }, view)
  const forPrograms = screen.kind === "Json"
  const linesAt = (asked: boolean) =>
    Effect.map(DateTime.now, (now) => {
      if (forPrograms) return Reporter.lineAt(now)
      const clock = timeOfDay(DateTime.toEpochMillis(now))
      return (event: Event | Failed) => render(event, clock, asked)
    })
  const { answer, happened } = yield* Backlog.make({
    ...screen,
    missing: (count) =>
      forPrograms
        ? Reporter.lines([{ _tag: "Missed", events: count }])
        : Effect.succeed([`! ${counted(count, "event")} left out here: nobody read in time.`])
  })
  return (events: ReadonlyArray<Event | Failed>, asked: boolean): Effect.Effect<void> =>
    Effect.forEach(events, (event) => note(event, asked), { discard: true }).pipe(
      Effect.andThen(linesAt(asked)),
      Effect.flatMap((linesOf) => asked ? answer(events.flatMap(linesOf)) : happened(events, linesOf))
    )
})

// Lines that are read while an earlier one is being done, so that leaving is noticed.
const readAhead = 16

// What each line that was typed before has from the moment of leaving on, or from its own turn.
const patience = "1 second"

const unfinished = {
  reason: "GivenUp",
  message: "This was not finished when you left, and is given up. Wait for its answer before you leave."
}

/** Lasts until somebody leaves, then succeeds, or until the session is over, then fails with its error. */
export const run = Effect.fnUntraced(function*<Room, V extends View, Event extends Tagged, E, Over>(
  parts: Parts<Room, V, Event, E, Over>
) {
  const secured = yield* Encryption
  const attached = yield* attach(parts)
  if (secured === undefined) return yield* open(attached)
  yield* parts.screen.mark?.("[encrypted]") ?? Effect.void
  yield* open(secure(attached, secured))
})

const open = Effect.fnUntraced(function*<Room, V extends View, Event extends Tagged, E, Over>(
  parts: Parts<Room, V, Event, E, Over>
): Effect.fn.Return<void, E | Over, Scope.Scope> {
  const { closing = Effect.never, events, finish = Effect.void, opening, over, room, screen, table } = parts
  const report = yield* reporter(parts)
  const opened = yield* Latch.make()
  for (const source of events) {
    const reported = Stream.runForEachArray(source, (batch) => Latch.whenOpen(opened, report(batch, false)))
    // Immediately, so that no event between the opening and the first of the stream is missed.
    yield* Effect.forkScoped(reported, { startImmediately: true })
  }
  yield* report(yield* opening, true)
  yield* parts.opened ?? Effect.void
  yield* Latch.open(opened)

  const leaving = yield* Latch.make()
  const givenUp = Effect.andThen(leaving.await, Effect.sleep(patience))
  const done = execute(table, room)
  const isLeaving = leaves(table)
  const run = (line: Line): ReturnType<typeof done> =>
    Result.isSuccess(line)
      ? Effect.raceFirst(done(line.success), Effect.as(givenUp, [failed(shown(table)(line.success), unfinished)]))
      : Effect.succeed([failed(line.failure.command, line.failure)])
  // An answer waits for its reader, but not beyond leaving.
  const tell = (answer: ReadonlyArray<Event | Failed>) =>
    Effect.raceFirst(report(answer, true), Effect.andThen(givenUp, report(answer, false)))
  const typed = Stream.interruptWhen(screen.typed(complete(table, room)), closing).pipe(
    Stream.tap((line) => Result.isSuccess(line) && isLeaving(line.success) ? leaving.open : Effect.void),
    Stream.concat(Stream.fromEffectDrain(leaving.open)),
    Stream.buffer({ capacity: readAhead }),
    Stream.runForEachWhile((line) =>
      Effect.flatMap(
        run(line),
        (answer) => answer === leave ? Effect.succeed(false) : Effect.as(tell(answer), true)
      )
    )
  )
  yield* Effect.ensuring(Effect.raceFirst(typed, over), Effect.andThen(finish, settle))
})
