/** A Pyile host whose members come and go. */
import { AuthPeer } from "@peerage/pyile"
import { Effect, Redacted, Stream } from "effect"
import { effect } from "../../src/Program.ts"
import { Tally } from "../Tally.ts"
import { password } from "./Member.ts"
import { round } from "./Round.ts"

effect(() =>
  Effect.gen(function*() {
    const host = yield* AuthPeer.make({ password: Redacted.make(password), listen: "127.0.0.1:0" })
    const left = new Tally()
    yield* Effect.forkScoped(Stream.runForEachArray(host.events, (events) =>
      Effect.sync(() =>
        left.add(events.filter(({ _tag }) => _tag === "Left").length)
      )))
    const play = round(left)
    return {
      ready: { auth: host.address.port },
      round: (facts) =>
        Effect.promise(() => play(facts))
    }
  })
)
