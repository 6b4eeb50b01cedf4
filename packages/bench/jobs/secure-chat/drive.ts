/** A member that sends its host chat. */
import { JoinPeer } from "@peerage/pyile"
import { Effect, Redacted, SubscriptionRef } from "effect"
import { of } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import { inFlight } from "../alternatives/Library.ts"
import * as Secured from "../alternatives/Secured.ts"
import { text } from "../pyile-sent/Broadcast.ts"
import { password } from "../pyile/Member.ts"

effect((given) =>
  Effect.gen(function*() {
    const member = yield* JoinPeer.make({
      password: Redacted.make(password),
      host: `127.0.0.1:${of(given, "port")}`
    })
    const say = Effect.gen(function*() {
      const [host] = yield* SubscriptionRef.get(member.peers)
      if (host === undefined) return yield* Effect.die(new Error("the host is not in the list"))
      const { acknowledged } = yield* member.send(host, text)
      if (acknowledged.length === 0) return yield* Effect.die(new Error("a message was not answered"))
    })
    return {
      round: ({ count = 0 }) =>
        Effect.forEach(Array.from({ length: count }), () => say, { concurrency: inFlight, discard: true })
    }
  }).pipe(Secured.over(given, "drive"))
)
