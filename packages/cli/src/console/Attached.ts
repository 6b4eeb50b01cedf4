/**
 * The console of a room: opened with the room where one was asked for, and loaded only then. The link is shown on a line of
 * its own, on standard error, as it is a secret.
 */
import type { Console as Opened } from "@peerage/console/Console"
import type { Panel } from "@peerage/console/Panel"
import type { Stage } from "@peerage/console/Stage"
import { Console, Effect, Redacted, type Scope } from "effect"
import { nothing, roomCommand, type Tagged } from "../room/Command.ts"
import { withMore } from "../room/CommandTable.ts"
import type { View } from "../room/Narrate.ts"
import type { Parts } from "../room/Room.ts"
import { Wanted } from "./Flag.ts"

const load = Effect.map(Effect.promise(() => import("@peerage/console/node")), ({ NodeConsole }) => NodeConsole)

/** Opens a console for the scope's life. */
const open = Effect.fnUntraced(function*(port: number, panel: Effect.Effect<Panel, never, Scope.Scope>) {
  const NodeConsole = yield* load
  return yield* NodeConsole.make(yield* panel, { port })
})

/** Opens a console for a simulation, for the scope's life. */
export const openStage = Effect.fnUntraced(function*(port: number, stage: Stage) {
  const NodeConsole = yield* load
  return yield* NodeConsole.makeStage(stage, { port })
})

/** Shows a new link, alone on its line. */
export const showing = ({ link }: Opened["Service"]): Effect.Effect<void> =>
  Effect.flatMap(
    link,
    (link) =>
      Console.error(
        `See this in a browser on this machine. The link is good once, for ten minutes:\n${Redacted.value(link)}`
      )
  )

const command = (show: Effect.Effect<void>) =>
  roomCommand<unknown, View, never>()({
    usage: "/console",
    does: "a new link to the page in a browser",
    parse: nothing,
    run: () => Effect.as(show, [])
  })

/** The parts of a room with a console, where one was asked for. Fails where it cannot be opened. */
export const attach = Effect.fnUntraced(function*<Room, V extends View, Event extends Tagged, E, Over>(
  parts: Parts<Room, V, Event, E, Over>
) {
  const port = yield* Wanted
  if (port === undefined || parts.panel === undefined) return parts
  const show = showing(yield* open(port, parts.panel))
  return { ...parts, table: withMore(parts.table, [command(show)]), opened: show }
})
