/** A server of requests in a simulated network. */
import { assert } from "@effect/vitest"
import { Effect, Queue } from "effect"
import { Requests } from "../src/index.ts"
import { format } from "./JsonLines.ts"
import { listen } from "./Listening.ts"

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
