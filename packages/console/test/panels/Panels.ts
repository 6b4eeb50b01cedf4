/** What tests of panels ask and look at. */
import { assert } from "@effect/vitest"
import { type MemoryNetwork, Simulation } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import type { Panel, Tagged } from "../../src/Panel.ts"

const { settle } = Simulation

/** What was answered, or why it was refused: a sentence. Gives the network time. */
export const ask = Effect.fnUntraced(function*<Event extends Tagged>(
  { abilities }: Pick<Panel<Event>, "abilities">,
  name: string,
  values: Readonly<Record<string, string>> = {}
): Effect.fn.Return<string, never, MemoryNetwork.MemoryNetwork> {
  const ofPeer = values["target"] === undefined
  const named = abilities.filter((ability) => ability.name === name)
  const ability = named.find(({ on }) => (on === "panel") === ofPeer) ?? named[0]
  if (ability === undefined) return assert.fail(`there is no ${name}`)
  const asking = yield* Effect.forkChild(
    Effect.match(ability.run(values), {
      onSuccess: ({ sentence }) => sentence,
      onFailure: ({ message }) => `! ${message}`
    })
  )
  yield* settle
  return yield* Fiber.join(asking)
})

/** The rows of a table, as cells. */
export const cells = <Event extends Tagged>({ tables }: Pick<Panel<Event>, "tables">, name: string) =>
  Effect.map(tables[name] ?? Effect.succeed([]), (rows) => rows.map(({ cells }) => cells))

/** Members as `name: marks`, with the state of one that is not here. */
export const membersOf = <Event extends Tagged>({ members }: Pick<Panel<Event>, "members">) =>
  Effect.map(
    members,
    (all) => all.map(({ marks, name, state }) => `${name}: ${marks.join(", ")}${state === "here" ? "" : ` (${state})`}`)
  )

/** A conversation as `from: data`, own messages with `you`. */
export const said = <Event extends Tagged>({ talk }: Pick<Panel<Event>, "talk">, conversation: string) =>
  Effect.map(
    talk?.history(conversation) ?? Effect.succeed([]),
    (all) =>
      all.map(({ data, doubt, from, own }) =>
        `${own ? "you" : from}: ${typeof data === "string" ? data : JSON.stringify(data)}${
          doubt === undefined ? "" : ` (${doubt})`
        }`
      )
  )

/** What an effect comes to, with time for the network to go its way. */
export const settled = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const running = yield* Effect.forkChild(effect)
  yield* settle
  return yield* Fiber.join(running)
})

/** Each event of a library is decided on: the parts that it changes are parts that the panel has. */
export const decided = <Event extends Tagged>(
  { graph, tables, transfers }: Panel<Event>,
  touched: Readonly<Record<string, ReadonlyArray<string>>>,
  cases: object
): void => {
  assert.deepStrictEqual(Object.keys(touched).sort(), Object.keys(cases).sort())
  const parts = new Set([
    "members",
    ...(graph === undefined ? [] : ["graph"]),
    ...(transfers === undefined ? [] : ["transfers"]),
    ...Object.keys(tables).map((name) => `table:${name}`)
  ])
  assert.deepStrictEqual(Object.values(touched).flat().filter((part) => !parts.has(part)), [])
}
