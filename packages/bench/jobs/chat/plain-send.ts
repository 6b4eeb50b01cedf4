/** Sends text over one connection, on plain sockets. Through a hub, only as far ahead as the receiver has confirmed. */
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Frames from "./Frames.ts"
import * as Line from "./Line.ts"
import { atOnce, receiverId, senderId, text, window } from "./Values.ts"
import { Window } from "./Window.ts"

plain(async (given) => {
  const line = await Line.dial(of(given, "port"), Line.manner(given))
  const ahead = new Window(given["hub"] === undefined ? Infinity : window)
  await new Promise<void>((resolve) => {
    line.hear((frames) => {
      for (const frame of frames) {
        const message = Frames.read(frame)
        if (message.content.case === "handshakeResponse") resolve()
        else ahead.confirm(Number(Frames.textIn(message).msg))
      }
    })
    line.say(Frames.start(senderId))
  })
  let number = 0
  return {
    round: async ({ count = 0 }) => {
      const end = number + count
      while (number < end) {
        const until = Math.min(end, number + atOnce)
        for (; number < until; number++) line.say(Frames.chat(senderId, receiverId, text(number)))
        await line.ready()
        await ahead.room(number)
      }
    }
  }
})
