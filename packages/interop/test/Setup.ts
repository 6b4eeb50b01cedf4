/** Before all tests: makes the Python environment, or says in one line why there is none. */
import { Result } from "effect"
import type { TestProject } from "vitest/node"
import { prepare } from "../src/Environment.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** An interpreter that can import the originals. Empty where there is none. */
    readonly python: string
    /** Why there is none. Empty where there is one. */
    readonly missing: string
  }
}

export const setup = ({ provide }: TestProject): void => {
  const environment = prepare()
  const missing = Result.isFailure(environment) ? environment.failure.reason : ""
  if (missing !== "") console.log(`The originals are not run: ${missing}`)
  provide("missing", missing)
  provide("python", Result.getOrElse(environment, () => ""))
}
