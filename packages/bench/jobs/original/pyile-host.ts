/** An original host of Pyile, which hears chat and lets joiners in. */
import { plain } from "../../src/Program.ts"
import { password } from "../pyile/Member.ts"
import * as Python from "./Python.ts"

plain(async (given) => {
  const { ask, ready: [auth = 0, chat = 0] } = await Python.start("pyile_host.py", [password])
  // Where joins are measured no chat is waited for.
  return {
    ready: { auth, chat },
    round: async ({ count = 0 }) => void await ask(`more ${given["joins"] === 1 ? 0 : count}`)
  }
})
