/** Takes text in on plain sockets: from a sender that dials, or through a hub, and then confirms what came. */
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import { Expected } from "./Expected.ts"
import * as Frames from "./Frames.ts"
import * as Line from "./Line.ts"
import { confirmEvery, hubId, receiverId, senderId } from "./Values.ts"

plain(async (given) => {
  const expected = new Expected()
  let received = 0

  const take = (frame: Uint8Array) => {
    const { fr, msg, to } = Frames.textIn(Frames.read(frame))
    if (to !== receiverId) throw new Error("a message is for somebody else")
    expected.check(fr, msg)
  }
  const hear = (line: Line.Line, confirms: boolean) =>
    line.hear((frames) => {
      for (const frame of frames) {
        take(frame)
        if (++received % confirmEvery === 0 && confirms) line.say(Frames.chat(receiverId, senderId, String(received)))
      }
      expected.count(frames.length)
    })
  const greet = (line: Line.Line) =>
    line.hear(([first]) => {
      if (first === undefined) return
      Frames.idIn(Frames.read(first))
      line.say(Frames.response(receiverId))
      hear(line, false)
    })

  if (given["hub"] === undefined) {
    const port = await Line.listen(Line.manner(given), greet)
    return { ready: { port }, round: ({ count = 0 }) => expected.tally.more(count) }
  }
  const line = await Line.dial(of(given, "port"), Line.manner(given))
  await new Promise<void>((resolve) => {
    line.hear(() => resolve())
    line.say(Frames.start(receiverId))
  })
  hear(line, true)
  return {
    round: async ({ count = 0 }) => {
      await expected.tally.more(count)
      line.say(Frames.chat(receiverId, hubId, "the round is over"))
    }
  }
})
