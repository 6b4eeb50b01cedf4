/** Publishes ten thousand events a second, as a busy peer does, with as much of a console as it is told. */
import type { Panel, Tagged } from "@peerage/console/Panel"
import { Events } from "@peerage/wire"
import { Clock, Effect } from "effect"
import { effect } from "../../src/Program.ts"
import { attach } from "./Attach.ts"

/** Events in a millisecond. */
const rate = 10

interface Message extends Tagged {
  readonly from: string
  readonly data: string
}

const panelOf = (events: Events.Events<Message>): Panel<Message> => ({
  about: Effect.succeed({
    protocol: "Busy",
    role: "peer",
    self: "10.0.0.1:1",
    members: "Members",
    everybody: false,
    log: false,
    tables: []
  }),
  status: Effect.succeed({ tone: "good", word: "joined" }),
  events: events.stream,
  encode: (event) => event,
  touches: () => [],
  members: Effect.succeed([{ id: "ann", name: "ann", marks: [], state: "here" }]),
  tables: {},
  meters: Effect.succeed([]),
  abilities: []
})

effect(({ console }) =>
  Effect.gen(function*() {
    const events = yield* Events.make<Message>({ buffer: 65_536 })
    yield* attach(panelOf(events), console)
    const message = (number: number): Message => ({ _tag: "Message", from: "ann", data: `${number} ${"x".repeat(90)}` })
    const round = Effect.fnUntraced(function*(count: number) {
      const begun = yield* Clock.currentTimeMillis
      let sent = 0
      while (sent < count) {
        yield* Effect.sleep("10 millis")
        const due = Math.min(count, ((yield* Clock.currentTimeMillis) - begun) * rate)
        yield* events.publish(Array.from({ length: due - sent }, (_, index) => message(sent + index)))
        sent = due
      }
    })
    return { round: ({ count = 0 }) => round(count) }
  })
)
