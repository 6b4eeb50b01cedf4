/** A Pyile host that broadcasts to its members, one message after the other. */
import { AuthPeer } from "@peerage/pyile"
import { Effect, Redacted, SubscriptionRef } from "effect"
import { effect } from "../../src/Program.ts"
import { password } from "../pyile/Member.ts"
import { members, text } from "./Broadcast.ts"

effect(() =>
  Effect.gen(function*() {
    const host = yield* AuthPeer.make({ password: Redacted.make(password), listen: "127.0.0.1:0" })
    return {
      ready: { auth: host.address.port },
      round: Effect.fnUntraced(function*({ count = 0 }) {
        for (let sent = 0; sent < count; sent += members.length) {
          const { acknowledged } = yield* host.broadcast(text)
          if (acknowledged.length !== members.length) {
            const there = yield* SubscriptionRef.get(host.peers)
            return yield* Effect.die(new Error(`${acknowledged.length} of ${there.length} members answered`))
          }
        }
      })
    }
  })
)
