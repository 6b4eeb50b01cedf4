/**
 * A panel whose peer is played by a test: members, messages, tables, routes and transfers are what the test says. What a page
 * asks is noted, and answered.
 */
import { Context, Effect, Exit, Layer, PubSub, Redacted, Ref, Scope, Stream } from "effect"
import type { Ability, About } from "../../src/api/About.ts"
import { Refused, type Values } from "../../src/api/Api.ts"
import type { Graph, Line, Member, Meter, Row, Status, Transfer } from "../../src/api/Frame.ts"
import * as Console from "../../src/Console.ts"
import * as NodeConsole from "../../src/node/NodeConsole.ts"
import type { Message, Panel, Tagged } from "../../src/Panel.ts"

/** All that is told of the peer. */
export interface Scene {
  readonly status: Status
  readonly members: ReadonlyArray<Member>
  readonly said: ReadonlyArray<Message>
  readonly lines: ReadonlyArray<Line>
  readonly rows: Readonly<Record<string, ReadonlyArray<Row>>>
  readonly graph: Graph
  readonly transfers: ReadonlyArray<Transfer>
}

const empty: Scene = {
  status: { tone: "good", word: "joined" },
  members: [],
  said: [],
  lines: [],
  rows: {},
  graph: { nodes: [], more: 0 },
  transfers: []
}

/** What a page is told of the peer itself. */
export type Told = Omit<About, "kind" | "run" | "version" | "abilities">

const host: Told = {
  protocol: "Pyile",
  role: "host",
  self: "127.0.0.1:4702",
  members: "Members",
  talk: "Chat",
  everybody: true,
  log: true,
  tables: []
}

/** How a peer is played. */
export interface Play {
  readonly about?: Partial<Told>
  readonly abilities?: ReadonlyArray<Ability>
  readonly scene?: Partial<Scene>
  /** Why an ability is refused, by its name. */
  readonly refuses?: Readonly<Record<string, string>>
}

/** What was asked by a page. */
export interface Asked {
  readonly ability: string
  readonly values: Values
}

/** A peer that is played. */
export interface Played {
  readonly panel: Panel
  /** Changes the scene, and tells of it. */
  readonly change: (change: (scene: Scene) => Partial<Scene>) => Effect.Effect<void>
  /** Has so many events happen at once. */
  readonly happen: (many: number) => Effect.Effect<void>
  readonly asked: Effect.Effect<ReadonlyArray<Asked>>
}

const meters = (events: number): ReadonlyArray<Meter> => [
  { name: "events", label: "Events", unit: "events", total: events },
  { name: "received", label: "Received", unit: "bytes", total: events * 100 },
  { name: "sent", label: "Sent", unit: "bytes", total: events * 60 }
]

/** Plays a peer. */
export const play = Effect.fnUntraced(function*({ about, abilities = [], refuses = {}, scene: start }: Play = {}) {
  const scene = yield* Ref.make<Scene>({ ...empty, ...start })
  const asked = yield* Ref.make<ReadonlyArray<Asked>>([])
  const count = yield* Ref.make(0)
  const events = yield* PubSub.unbounded<Tagged>()
  const happen = (many: number) =>
    Effect.andThen(
      Ref.update(count, (events) => events + many),
      PubSub.publishAll(events, Array.from({ length: many }, (_, index) => ({ _tag: "Happened", index })))
    )
  const read = <A>(part: (scene: Scene) => A) => Effect.map(Ref.get(scene), part)
  const run = (ability: string) => (values: Values) =>
    Ref.update(asked, (before) => [...before, { ability, values }]).pipe(
      Effect.andThen(
        refuses[ability] === undefined
          ? Effect.succeed({ sentence: `${ability}: done` })
          : new Refused({ message: refuses[ability] })
      )
    )
  const panel: Panel = {
    about: Effect.succeed({ ...host, ...about }),
    status: read(({ status }) => status),
    events: Stream.fromPubSub(events),
    encode: ({ _tag, ...fields }) => ({ event: _tag, ...fields }),
    touches: () => [
      "members",
      "graph",
      "transfers",
      ...Object.keys(start?.rows ?? {}).map((name) => `table:${name}` as const)
    ],
    members: read(({ members }) => members),
    talk: {
      history: (conversation) => read(({ said }) => said.filter((message) => message.conversation === conversation)),
      since: (n, most) => read(({ said }) => said.filter((message) => message.n > n).slice(-most))
    },
    log: { since: (n) => read(({ lines }) => lines.filter((line) => line.n > n)) },
    tables: Object.fromEntries(
      (about?.tables ?? []).map(({ name }) => [name, read(({ rows }) => rows[name] ?? [])])
    ),
    graph: read(({ graph }) => graph),
    transfers: read(({ transfers }) => transfers),
    meters: Effect.map(Ref.get(count), meters),
    abilities: abilities.map((ability) => ({ ...ability, run: run(ability.name) }))
  }
  const change: Played["change"] = (change) =>
    Effect.andThen(Ref.update(scene, (before) => ({ ...before, ...change(before) })), happen(1))
  return { panel, change, happen, asked: Ref.get(asked) } satisfies Played
})

const noon = Date.parse("2026-03-01T12:00:00Z")

/** Somebody who is here. */
export const member = (name: string, more: Partial<Member> = {}): Member => ({
  id: `${name}:4000`,
  name,
  detail: `${name}:4000`,
  marks: [],
  since: noon,
  state: "here",
  ...more
})

/** A message of somebody. */
export const message = (n: number, name: string, data: unknown, more: Partial<Message> = {}): Message => ({
  n,
  conversation: "",
  at: noon + n * 1000,
  from: `${name}:4000`,
  name,
  own: false,
  data,
  ...more
})

/** A console of a peer, which can be closed before its scope is. */
export interface Served {
  /** A new link. */
  readonly link: Effect.Effect<string>
  readonly close: Effect.Effect<void>
}

/** Serves a page for a panel, at a free port where none is named. */
export const serve = Effect.fnUntraced(function*(panel: Panel, { port = 0, root }: NodeConsole.Options) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const layer = NodeConsole.layer(panel, { port, root })
  const context = yield* Layer.buildWithScope(layer, scope)
  const { link } = Context.get(context, Console.Console)
  return { link: Effect.map(link, Redacted.value), close: Scope.close(scope, Exit.void) } satisfies Served
})
