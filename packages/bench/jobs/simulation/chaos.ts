/**
 * The chaos test of hyperswarm with our peers: ten of them find each other for 5 seconds, then connections are reset at
 * random in 10 seconds, and at 45 seconds everybody must know everybody again.
 */
import { ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Host, Simulation, Theatre } from "@peerage/simulate"
import { Array, Effect, Layer, Random, Schedule, SubscriptionRef } from "effect"
import { plain } from "../../src/Program.ts"

const size = 10
const address = (index: number) => `10.0.0.${index}`

/** A peer that joins the one with half its number, again and again. */
const peer = (index: number) =>
  Layer.effect(
    ChatPeer.ChatPeer,
    ChatPeer.make({
      listen: `${address(index)}:5000`,
      id: PeerId.make(BigInt(index)),
      join: index === 1 ? undefined : `${address(Math.floor(index / 2))}:5000`,
      rejoin: Schedule.spaced("1 second")
    }).pipe(Effect.retry(Schedule.spaced("1 second")))
  )

/** Resets one connection, of all that are open now. */
const disconnect = Effect.gen(function*() {
  const { network } = yield* Theatre.Theatre
  const open = yield* network.connections(Array.range(1, size).map(address))
  const chosen = open[yield* Random.nextIntBetween(0, open.length, { halfOpen: true })]
  if (chosen === undefined) return yield* Effect.die(new Error("no connection is left to be reset"))
  yield* network.reset(chosen)
})

const scenario = Effect.fnUntraced(function*(disconnects: number) {
  const hosts = yield* Effect.forEach(
    Array.range(1, size),
    (index) => Host.make(`${index}`, peer(index), { address: address(index) }),
    { concurrency: "unbounded" }
  )
  yield* Effect.sleep("5 seconds")
  for (let count = 0; count < disconnects; count++) {
    yield* Effect.forkChild(Effect.delay(disconnect, 10_000 * (yield* Random.next)))
  }
  yield* Effect.sleep("40 seconds")
  for (const host of hosts) {
    const known = yield* host.run(Effect.flatMap(ChatPeer.ChatPeer, ({ peers }) => SubscriptionRef.get(peers)))
    if (known.length !== size - 1) {
      return yield* Effect.die(new Error(`the peer ${host.name} knows ${known.length} of ${size - 1}`))
    }
  }
})

let seed = 0

plain(async () => ({
  round: async ({ count = 0 }) => {
    const begun = performance.now()
    await Effect.runPromise(scenario(count).pipe(Simulation.run({ seed: seed++, link: { latency: "20 millis" } })))
    return { seconds: (performance.now() - begun) / 1000 }
  }
}))
