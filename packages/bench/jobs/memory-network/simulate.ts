/** A whole Pyile network in one process, under a clock of its own: members that join, and then ten minutes of heartbeats. */
import { AuthPeer, JoinPeer } from "@peerage/pyile"
import { MemoryNetwork, MemoryTransport, Transport } from "@peerage/transport"
import { Effect, Layer, Redacted, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { plain } from "../../src/Program.ts"
import { password } from "../pyile/Member.ts"

const minutes = 10
const hostAddress = "10.0.0.1"
const address = (index: number) => `10.1.${index >> 8}.${index & 255}`

const network = Effect.fnUntraced(function*(size: number) {
  const at = (host: string) => Effect.provideServiceEffect(Transport.Transport, MemoryTransport.make(host))
  const host = yield* AuthPeer.make({ password: Redacted.make(password), listen: `${hostAddress}:4702` }).pipe(
    at(hostAddress)
  )
  const join = (index: number) =>
    Effect.andThen(
      Effect.sleep(index * 20),
      JoinPeer.make({ host: `${hostAddress}:4702`, password: Redacted.make(password) }).pipe(at(address(index)))
    )
  for (let index = 0; index < size; index++) yield* Effect.forkScoped(join(index))
  yield* TestClock.withLive(Effect.sleep(100))
  for (let second = 0; second < minutes * 60; second++) yield* TestClock.adjust("1 second")
  const members = yield* SubscriptionRef.get(host.peers)
  if (members.length !== size) return yield* Effect.die(new Error(`${members.length} of ${size} members are left`))
  return yield* Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) => network.events)
})

const world = MemoryNetwork.layer({ link: { latency: "20 millis" } }).pipe(Layer.provideMerge(TestClock.layer()))

plain(async () => ({
  round: async ({ count = 0 }) => {
    const begun = performance.now()
    const events = await Effect.runPromise(network(count).pipe(Effect.scoped, Effect.provide(world)))
    const seconds = (performance.now() - begun) / 1000
    return { seconds, rate: events / seconds }
  }
}))
