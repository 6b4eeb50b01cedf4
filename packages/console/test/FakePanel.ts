/** A panel whose every part a test sets, and that counts who listens and what is asked. */
import { Events } from "@peerage/wire"
import { Effect, type Scope, Stream } from "effect"
import type { Line, Member, Row, Status } from "../src/api/Frame.ts"
import type { Asking, Message, Panel, Tagged } from "../src/Panel.ts"

/** An event of the fake. */
export interface Fact extends Tagged {
  readonly [field: string]: unknown
}

/** What the fake is made of, for a test to change. */
export interface Stuff {
  status: Status
  members: ReadonlyArray<Member>
  rows: ReadonlyArray<Row>
  said: ReadonlyArray<Message>
  lines: ReadonlyArray<Line>
  abilities: ReadonlyArray<Asking>
}

/** A member that is here. */
export const member = (id: string): Member => ({ id, name: id, marks: [], state: "here" })

/** Something that was said to everybody. */
export const message = (n: number, data: unknown, conversation = ""): Message => ({
  n,
  conversation,
  at: 0,
  from: "ann",
  own: false,
  data
})

/** A fake for the scope's life. */
export const make = Effect.fnUntraced(function*(given: Partial<Stuff> = {}): Effect.fn.Return<
  {
    readonly stuff: Stuff
    readonly panel: Panel<Fact>
    readonly counts: { listening: number; asked: number; encoded: number }
    readonly publish: (...events: ReadonlyArray<Fact>) => Effect.Effect<void>
  },
  never,
  Scope.Scope
> {
  const stuff: Stuff = {
    status: { tone: "good", word: "joined" },
    members: [],
    rows: [],
    said: [],
    lines: [],
    abilities: [],
    ...given
  }
  const counts = { listening: 0, asked: 0, encoded: 0 }
  const asked = <A>(get: () => A) => Effect.sync(() => (counts.asked++, get()))
  const events = yield* Events.make<Fact>({ buffer: 100_000 })
  const listened = Effect.acquireRelease(
    Effect.sync(() => counts.listening++),
    () => Effect.sync(() => counts.listening--)
  )
  const panel: Panel<Fact> = {
    about: Effect.succeed({
      protocol: "Fake",
      role: "host",
      self: "10.0.0.1:1",
      members: "Members",
      talk: "Chat",
      everybody: true,
      log: true,
      tables: [{ name: "bans", title: "Bans", columns: ["Who"], empty: "Nobody.", place: "side" }]
    }),
    status: asked(() => stuff.status),
    events: Stream.unwrap(Effect.as(listened, events.stream)),
    encode: (event) => (counts.encoded++, event),
    touches: ({ _tag }) => _tag === "Joined" ? ["members"] : _tag === "Banned" ? ["table:bans"] : [],
    members: asked(() => stuff.members),
    talk: {
      history: (name) => asked(() => stuff.said.filter(({ conversation }) => conversation === name)),
      since: (n, most) => asked(() => stuff.said.filter((message) => message.n > n).slice(-most))
    },
    log: { since: (n) => asked(() => stuff.lines.filter((line) => line.n > n)) },
    tables: { bans: asked(() => stuff.rows) },
    meters: asked(() => [{ name: "sent", label: "Bytes out", unit: "bytes", total: 7 }]),
    get abilities() {
      return stuff.abilities
    }
  }
  return { stuff, panel, counts, publish: (...facts) => events.publish(facts) }
})
