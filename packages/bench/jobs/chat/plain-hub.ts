/** Passes text on between those who have joined, on plain sockets: each frame as it came, once it is known whose it is. */
import { plain } from "../../src/Program.ts"
import { Tally } from "../Tally.ts"
import * as Frames from "./Frames.ts"
import * as Line from "./Line.ts"
import { hubId } from "./Values.ts"

plain(async (given) => {
  const joined = new Map<bigint, Line.Line>()
  const rounds = new Tally()
  const pass = (frame: Uint8Array) => {
    const { to } = Frames.textIn(Frames.read(frame))
    if (to === hubId) rounds.add(1)
    else joined.get(to)?.say(frame)
  }
  const port = await Line.listen(Line.manner(given), (line) =>
    line.hear(([first]) => {
      if (first === undefined) return
      joined.set(Frames.idIn(Frames.read(first)), line)
      line.say(Frames.response(hubId))
      line.hear((frames) => frames.forEach(pass))
    }))
  return { ready: { port, hub: 1 }, round: () => rounds.more(1) }
})
