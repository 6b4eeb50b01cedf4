/** Dials: by `request` for one message and its answer, by the ordinary door for a connection. */
import { type Pipe, Transport } from "@peerage/transport"
import { Effect, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { of } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import { check, inFlight, lasts, message, messageOf, tasks } from "./Library.ts"
import * as Secured from "./Secured.ts"

effect((given) =>
  Effect.gen(function*() {
    const transport = yield* Transport.Transport
    const scope = yield* Effect.scope
    const held: Array<Pipe.Pipe> = []
    const task = of(given, "task")
    const sent = messageOf(task)
    const address = NetAddress.inetAddressFromStringUnsafe(`127.0.0.1:${of(given, "port")}`)

    const line = Effect.gen(function*() {
      const connection = transport.dial(address)
      const { pull } = yield* connection.reader
      const { write } = yield* connection.writer
      const answer = Effect.gen(function*() {
        for (let missing = sent.length; missing > 0;) {
          for (const { length } of yield* pull) missing -= length
        }
      })
      return { write, ask: Effect.andThen(write(sent), answer) }
    })
    const converse = Effect.map(
      transport.request(address, message, { answered: ({ length }) => length >= message.length }),
      ({ bytes }) => check(bytes.length)
    )
    const dial = Effect.suspend(() => transport.dial(address).reader)
    const once = task === tasks.dials
      ? Effect.scoped(dial)
      : task === tasks.idle || task === tasks.streams
      ? given["bare"] === 1
        ? Effect.map(transport.connect(address), (pipe) => void held.push(pipe))
        : Effect.provideService(dial, Scope.Scope, scope)
      : converse
    const concurrency = task === tasks.meeting || task === tasks.turns ? 1 : inFlight
    const { ask, write } = lasts(task) ? yield* line : { ask: Effect.void, write: () => Effect.void }
    const talk = Effect.fnUntraced(function*(count: number) {
      for (let times = 0; times < count; times++) yield* task === tasks.pingpong ? ask : write(sent)
    })
    return {
      round: ({ count = 0 }) =>
        Effect.gen(function*() {
          const begun = performance.now()
          if (lasts(task)) yield* talk(count)
          else yield* Effect.forEach(Array.from({ length: count }), () => once, { concurrency, discard: true })
          return { roundTrip: (performance.now() - begun) / count * 1000 }
        })
    }
  }).pipe(Secured.over(given, "drive"))
)
