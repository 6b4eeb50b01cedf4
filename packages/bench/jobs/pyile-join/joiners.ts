/** Joins from as many addresses at once, tells how long it took until the last was in, and leaves. */
import { plain } from "../../src/Program.ts"
import * as Crowd from "../pyile/Crowd.ts"

plain(async (given) => ({
  round: async ({ count = 0 }) => {
    const begun = performance.now()
    const members = await Crowd.join(given, count)
    const millis = performance.now() - begun
    for (const { leave } of members) leave()
    return { millis }
  }
}))
