/** Numbers with names: all that programs and whoever measures them tell each other. */
import { Schema } from "effect"

/** Ports, counts, bytes, milliseconds; whatever the name says. */
export const Facts = Schema.Record(Schema.String, Schema.Finite)
export type Facts = typeof Facts.Type

/** What a program answers to a round: what it has to tell, and what it has cost this process. */
export const Answer = Schema.Struct({
  facts: Facts,
  /** Microseconds of CPU, user and system, that the round took this process. */
  cpuMicros: Schema.Finite,
  /** Largest resident memory so far, in bytes. */
  peakBytes: Schema.Finite
})
export type Answer = typeof Answer.Type

/** What a program says: once that it is ready, and then an answer to each round. */
export const Saying = Schema.Union([
  Schema.Struct({ ready: Facts }),
  Schema.Struct({ answer: Answer }),
  Schema.Struct({ trouble: Schema.String })
])

/** A fact that must be there. Dies without it: the two programs of a job do not fit. */
export const of = (facts: Facts, name: string): number => {
  const fact = facts[name]
  if (fact === undefined) throw new Error(`no fact is called ${name}`)
  return fact
}
