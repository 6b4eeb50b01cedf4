/** A listener of a simulated network, and the other end of its connections in the hand of a test. */
import { assert } from "@effect/vitest"
import { Stranger } from "@peerage/testing"
import { MemoryNetwork, type Options } from "@peerage/transport"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { Requests } from "../src/index.ts"
import { format } from "./JsonLines.ts"

/** A listener at 10.0.0.1. */
export const listen = Effect.fnUntraced(function*(options: Options.ListenOptions = {}) {
  const network = yield* MemoryNetwork.MemoryNetwork
  return yield* network.transport("10.0.0.1").listen(NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4702"), options)
})

/** Dials the listener from an address. */
export const dial = (from = "10.0.0.2") => Stranger.dial(from, "10.0.0.1:4702")

/** Requests to 10.0.0.1, in lines of at most 100 bytes. */
export const serve = Effect.fnUntraced(function*(
  options: Partial<Requests.Options<typeof format.framing.initial>> = {}
) {
  return yield* Requests.serve(yield* listen(), { format, within: "4 seconds", ...options })
})

/** The next arrival, which must be a request. */
export const next = Effect.fnUntraced(function*(arrivals: Queue.Dequeue<Requests.Arrival>) {
  const arrival = yield* Queue.take(arrivals)
  return arrival._tag === "Request" ? arrival : assert.fail(arrival._tag)
})

/** A new connection that carries text, each in a segment of its own. */
export const dialWith = (...texts: ReadonlyArray<string>) =>
  Effect.tap(dial(), (raw) => Effect.sync(() => raw.write(...texts)))
