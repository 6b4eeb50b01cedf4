/** A Pyile network on simulated hosts, each with a clock and chance of its own: members that join, beat and talk. */
import { AuthPeer, JoinPeer } from "@peerage/pyile"
import { Host, Simulation } from "@peerage/simulate"
import { Effect, Random, Redacted, SubscriptionRef } from "effect"
import { plain } from "../../src/Program.ts"
import { password } from "../pyile/Member.ts"

const simulated = 600
const between = 40_000

/** A member that takes part, and where it talks, tells all others something about each 40 seconds. */
const member = Effect.fnUntraced(function*(talks: boolean) {
  const { broadcast } = yield* JoinPeer.make({ host: "10.0.0.1", password: Redacted.make(password) })
  while (true) {
    yield* Effect.sleep(2 * between * (yield* Random.next))
    if (talks) yield* broadcast("hello, all of you")
  }
})

const network = Effect.fnUntraced(function*(size: number, talks: boolean) {
  const host = yield* Host.make("1", AuthPeer.layer({ password: Redacted.make(password) }))
  for (let index = 2; index <= size; index++) {
    yield* Host.make(`${index}`, member(talks))
    yield* Effect.sleep("20 millis")
  }
  yield* Effect.sleep(simulated * 1000)
  const peers = yield* host.run(Effect.flatMap(AuthPeer.AuthPeer, ({ peers }) => SubscriptionRef.get(peers)))
  if (peers.length !== size - 1) return yield* Effect.die(new Error(`${peers.length} of ${size - 1} members are left`))
})

plain(async ({ jitter = 0, talks = 0 }) => ({
  round: async ({ count = 0 }) => {
    const begun = performance.now()
    await Effect.runPromise(
      network(count, talks > 0).pipe(Simulation.run({ link: { latency: "20 millis", jitter: `${jitter} millis` } }))
    )
    return { simulated, seconds: (performance.now() - begun) / 1000 }
  }
}))
