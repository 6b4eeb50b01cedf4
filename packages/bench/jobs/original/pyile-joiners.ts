/** Joins on plain sockets, one after the other, each from an address of its own. All stay: an original host is lost when some leave. */
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Member from "../pyile/Member.ts"

plain(async (given) => {
  const port = of(given, "auth")
  let joined = 0
  return {
    round: async ({ count = 0 }) => {
      for (let joins = 0; joins < count; joins++) {
        await Member.join({ port, from: Member.address(joined++), chatPort: 49_317 })
      }
    }
  }
})
