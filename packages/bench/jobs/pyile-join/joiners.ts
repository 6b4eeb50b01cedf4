/** Joins in crowds of 100 from as many addresses at once, tells how long it took until the last was in, and leaves. */
import { plain } from "../../src/Program.ts"
import * as Crowd from "../pyile/Crowd.ts"

const atOnce = 100

plain(async (given) => ({
  round: async ({ count = 0 }) => {
    const crowds = Math.ceil(count / atOnce)
    let millis = 0
    for (let crowd = 0; crowd < crowds; crowd++) {
      const first = crowd * atOnce
      const begun = performance.now()
      // Other addresses than those of the crowd before, which is still leaving.
      const members = await Crowd.join(given, Math.min(atOnce, count - first), first)
      millis += performance.now() - begun
      for (const { leave } of members) leave()
    }
    return { millis: millis / crowds }
  }
}))
