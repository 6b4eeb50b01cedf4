/**
 * What is done when a page asks: of a peer by its panel, of a simulation by its stage. What goes wrong inside is logged here,
 * and the page is told no more than that: neither a stack nor a path.
 */
import { Effect, Stream, Struct } from "effect"
import type { About } from "./api/About.ts"
import { Api, type Done, Refused, type Values } from "./api/Api.ts"
import type * as Frames from "./Frames.ts"
import type { Asking, Panel } from "./Panel.ts"
import type { Stage } from "./Stage.ts"

/** What tells this process from others. */
export interface Process {
  /** Differs for every process. */
  readonly run: string
  readonly version: string
}

const refused = (message: string) => new Refused({ message })

const failed = "Something went wrong inside the peer; its log says what."

/** Logs a defect, and refuses instead. */
const guarded = <A>(asked: Effect.Effect<A, Refused>): Effect.Effect<A, Refused> =>
  Effect.catchDefect(asked, (defect) => Effect.andThen(Effect.logError("console", defect), refused(failed)))

/** Logs a defect, and ends. */
const guardedStream = <A, E>(stream: Stream.Stream<A, E>): Stream.Stream<A, E> =>
  Stream.catchCause(stream, (cause) => Stream.unwrap(Effect.as(Effect.logError("console", cause), Stream.die(failed))))

const isOnly = "Only a simulation can do this."
const noStage = {
  Play: () => Stream.fail(refused(isOnly)),
  Pace: () => refused(isOnly),
  Fault: () => refused(isOnly),
  Branch: () => refused(isOnly),
  Score: () => refused(isOnly)
}

const perform = (abilities: ReadonlyArray<Asking>, name: string, values: Values): Effect.Effect<Done, Refused> => {
  const ofPeer = values["target"] === undefined
  const ability = abilities.find((ability) => ability.name === name && (ability.on === "panel") === ofPeer)
  if (ability === undefined) return refused("This peer cannot do that. Reload the page.")
  const missing = ability.fields.find(({ name, optional }) => !optional && (values[name] ?? "") === "")
  return missing === undefined ? ability.run(values) : refused(`${missing.label} is missing.`)
}

const described = (asking: Asking): About["abilities"][number] => Struct.omit(asking, ["run"])

/** The handlers for a peer. */
export const ofPanel = (panel: Panel, { history, watch }: Frames.Frames, process: Process) =>
  Api.toLayer(Api.of({
    ...noStage,
    About: () =>
      Effect.map(panel.about, (about): About => ({
        ...about,
        ...process,
        kind: "peer",
        abilities: panel.abilities.map(described)
      })),
    Watch: (watching) => guardedStream(watch(watching)),
    History: ({ before, conversation }) => guarded(history(conversation, before)),
    Ask: ({ ability, values }) => guarded(perform(panel.abilities, ability, values))
  }))

/** The handlers for a simulation. */
export const ofStage = (stage: Stage, process: Process) =>
  Api.toLayer(Api.of({
    About: () =>
      Effect.map(stage.about, (about): About => ({
        ...about,
        ...process,
        kind: "simulation",
        members: "Hosts",
        everybody: false,
        log: false,
        tables: [],
        abilities: []
      })),
    Watch: () => Stream.never,
    History: () => refused("A simulation has no conversations of its own."),
    Ask: () => refused("A simulation is asked with its own controls."),
    Play: ({ hidden }) => guardedStream(stage.play(hidden)),
    Pace: (pace) => guarded(stage.pace(pace)),
    Fault: ({ fault }) => guarded(stage.fault(fault)),
    Branch: ({ at }) => guarded(stage.branch(at)),
    Score: () => guarded(stage.score)
  }))
