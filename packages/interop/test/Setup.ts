/** Before all tests: makes the Python environment and the peer on snow, or says in one line why there is none. */
import { Result } from "effect"
import type { TestProject } from "vitest/node"
import { prepare } from "../src/Environment.ts"
import { prepareSnow } from "../src/Noise.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** An interpreter that can import the originals. Empty where there is none. */
    readonly python: string
    /** Why there is none. Empty where there is one. */
    readonly missing: string
    /** A program that is a Noise peer on snow. Empty where there is none. */
    readonly snow: string
    /** Why there is none. Empty where there is one. */
    readonly missingSnow: string
  }
}

export const setup = ({ provide }: TestProject): void => {
  const environment = prepare()
  const missing = Result.isFailure(environment) ? environment.failure.reason : ""
  if (missing !== "") console.log(`The originals are not run: ${missing}`)
  provide("missing", missing)
  provide("python", Result.getOrElse(environment, () => ""))

  const snow = prepareSnow()
  const missingSnow = Result.isFailure(snow) ? snow.failure.reason : ""
  if (missingSnow !== "") console.log(`The Noise peer in Rust is not run: ${missingSnow}`)
  provide("missingSnow", missingSnow)
  provide("snow", Result.getOrElse(snow, () => ""))
}
