/** A hundred hosts of a protocol, and what is to be true of them when nothing has gone wrong for ten seconds. */
import { AuthPeer, JoinPeer } from "@peerage/pyile"
import { Host } from "@peerage/simulate"
import { Array, Effect, Layer, Redacted, Schedule, SubscriptionRef } from "effect"

const password = Redacted.make("sesame")

const host = AuthPeer.layer({ password })
const member = Layer.effect(
  JoinPeer.JoinPeer,
  JoinPeer.persistently({ host: "10.0.0.1", password, rejoin: Schedule.spaced("1 second") })
)

/** Whom each of the hosts knows, the host first, ten seconds after the first ten minutes. */
export const lists = Effect.gen(function*() {
  const first = yield* Host.make("1", host)
  const others = yield* Effect.forEach(Array.range(2, 100), (index) => Host.make(`${index}`, member), {
    concurrency: 10
  })
  yield* Effect.sleep("10 minutes")
  yield* Effect.sleep("10 seconds")
  const atFirst = yield* first.run(Effect.flatMap(AuthPeer.AuthPeer, ({ peers }) => SubscriptionRef.get(peers)))
  const atOthers = yield* Effect.forEach(
    others,
    (other) => other.run(Effect.flatMap(JoinPeer.JoinPeer, ({ peers }) => SubscriptionRef.get(peers)))
  )
  return [atFirst, ...atOthers]
})

/** Ten minutes in which much goes wrong. */
export const chaos = {
  cut: 0.5,
  kill: 2,
  pause: 2,
  reset: 3,
  lossy: 1,
  slow: 1,
  from: "30 seconds",
  until: "10 minutes"
} as const
