/** A plain host whose members come and go. */
import { plain } from "../../src/Program.ts"
import { Tally } from "../Tally.ts"
import * as PlainHost from "./PlainHost.ts"
import { round } from "./Round.ts"

plain(async () => {
  const left = new Tally()
  const auth = await PlainHost.host({ joined: () => {}, left: () => left.add(1) })
  return { ready: { auth }, round: round(left) }
})
