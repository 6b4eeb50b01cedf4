/** Sends text and waits until it is back, on plain sockets; tells how long that takes. */
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Frames from "../chat/Frames.ts"
import * as Line from "../chat/Line.ts"
import { receiverId, senderId } from "../chat/Values.ts"
import { Rally } from "./Rally.ts"

plain(async (given) => {
  const line = await Line.dial(of(given, "port"), "each")
  await new Promise<void>((resolve) => {
    line.hear(() => resolve())
    line.say(Frames.start(senderId))
  })
  const rally = new Rally()
  const serve = () => line.say(Frames.chat(senderId, receiverId, rally.text))
  line.hear((frames) => {
    for (const frame of frames) {
      const { fr, msg } = Frames.textIn(Frames.read(frame))
      if (rally.isBack(fr, msg)) serve()
    }
  })
  return {
    round: ({ count = 0 }) => {
      const over = rally.begin(count)
      serve()
      return over
    }
  }
})
