/**
 * Makes the Noise fixture of `@peerage/secure` anew, from both peers, which must agree:
 *
 *     node --conditions=@peerage/source packages/interop/src/fixture.ts
 */
import { Result } from "effect"
import { writeFileSync } from "node:fs"
import { prepare } from "./Environment.ts"
import * as Noise from "./Noise.ts"

const made = Noise.fixture([Result.getOrThrow(Noise.prepareSnow())])
if (made !== Noise.fixture(Noise.onPython(Result.getOrThrow(prepare())))) {
  throw new Error("snow and noiseprotocol do not agree")
}
writeFileSync(Noise.fixturePath, made)
console.log(Noise.fixturePath)
