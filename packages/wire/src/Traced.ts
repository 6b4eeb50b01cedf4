/** Spans of what a peer does for thousands of others. */
import { Effect, Tracer } from "effect"

/**
 * `Effect.withSpan` where the program has a tracer. Effect's default tracer keeps no spans, and making one costs a tenth of
 * what a Pyile host does for a joiner.
 */
export const withSpan =
  (name: string, attributes: () => Readonly<Record<string, unknown>> = () => ({})) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.withFiber(({ context }) =>
      context.mapUnsafe.has(Tracer.Tracer.key)
        ? Effect.withSpan(effect, name, { attributes: attributes(), captureStackTrace: false })
        : effect
    )
