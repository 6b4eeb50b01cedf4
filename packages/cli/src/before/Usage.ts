import { Effect, Result } from "effect"
import { printable } from "../Printable.ts"
import { BadUsage, type Given, type Reader } from "../Usage.ts"
/** Reads the values of one command, and notes every mistake before any of them stops it. */
export interface Reading {
  /** The value, or `undefined` where none was given or it is wrong. */
  readonly optional: <A>(given: Given | undefined, read: Reader<A>) => A | undefined
  readonly mistake: (sentence: string) => void
  /** Fails with all mistakes, if there were any. */
  readonly done: Effect.Effect<void, BadUsage>
}

/** Begins reading the values of a command. */
export const reading = (command: string): Reading => {
  const mistakes: Array<string> = []
  return {
    optional: (given, read) => {
      if (given === undefined) return undefined
      const value = read(given.text)
      if (Result.isSuccess(value)) return value.success
      mistakes.push(`${given.name} takes ${value.failure}, not "${printable(given.text)}"`)
      return undefined
    },
    mistake: (sentence) => void mistakes.push(sentence),
    done: Effect.suspend(() => {
      const [first, ...rest] = mistakes
      return first === undefined ? Effect.void : Effect.fail(new BadUsage({ command, mistakes: [first, ...rest] }))
    })
  }
}
