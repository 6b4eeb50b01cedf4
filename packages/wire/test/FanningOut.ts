/** A fanout over a simulated network, and receivers that a test plays. */
import type { Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, MutableRef, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { Fanout } from "../src/index.ts"
import { dial, listen } from "./Listening.ts"
import { bytes, textOf } from "./Testers.ts"

/** Versions to receivers that the test plays; `set` makes a newer one. */
export const fanningOutAt = Effect.fnUntraced(function*(rate: number, maxUnread?: number) {
  const version = MutableRef.make("version 0")
  const fanout = yield* Fanout.make<string>({
    newest: (receiver) => bytes(`${MutableRef.get(version)} for ${receiver}`.padEnd(100)),
    interval: "150 millis",
    timeout: "4 seconds",
    rate,
    maxUnread
  })
  yield* Effect.forkScoped(fanout.run)
  const listener = yield* listen()
  const set = (newer: string) => Effect.andThen(Effect.sync(() => MutableRef.set(version, newer)), fanout.update)
  /** A connection from an address, whose other end receives for the life of a scope of its own. */
  const receiver = Effect.fnUntraced(function*(name: string, from: string) {
    const raw = yield* dial(from)
    const pipe = yield* Queue.take(listener.accepted)
    return { raw, join: fanout.add(name, pipe), leave: fanout.remove(name) }
  })
  const joined = Effect.fnUntraced(function*(name: string, from: string) {
    const added = yield* receiver(name, from)
    yield* added.join
    return added
  })
  const losses = Effect.map(
    Queue.clear(fanout.losses),
    (losses) => losses.map(({ reason, receiver }) => `${receiver} ${reason}`)
  )
  return { fanout, set, receiver, joined, losses }
})

export const fanningOut = fanningOutAt(10_000_000)

/** When and what arrived at the other end, as the network's trace says. */
export const versionsTo = Effect.fnUntraced(function*({ pipe }: Stranger) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const to = NetAddress.formatInet(pipe.local)
  return (yield* network.trace)
    .filter((entry) => entry.kind === "DATA" && entry.to === to)
    .map((entry) => [entry.at, textOf(entry.bytes).trim().split(" for ")[0]] as const)
})
