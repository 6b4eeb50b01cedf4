/** Sends back what it is sent, on plain sockets. */
import { plain } from "../../src/Program.ts"
import * as Frames from "../chat/Frames.ts"
import * as Line from "../chat/Line.ts"
import { receiverId } from "../chat/Values.ts"
import { Tally } from "../Tally.ts"

plain(async () => {
  const answered = new Tally()
  const port = await Line.listen("each", (line) =>
    line.hear(([first]) => {
      if (first === undefined) return
      Frames.idIn(Frames.read(first))
      line.say(Frames.response(receiverId))
      line.hear((frames) => {
        for (const frame of frames) {
          const { fr, msg, to } = Frames.textIn(Frames.read(frame))
          if (to !== receiverId) throw new Error("a message is for somebody else")
          line.say(Frames.chat(receiverId, fr, msg))
        }
        answered.add(frames.length)
      })
    }))
  return { ready: { port }, round: ({ count = 0 }) => answered.more(count) }
})
