/** Fifty members of a Pyile network that hear chat: each listens at an address of its own, answers, and closes. */
import { createServer, type Socket } from "node:net"
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Member from "../pyile/Member.ts"
import { Tally } from "../Tally.ts"
import { members } from "./Broadcast.ts"

const answer = (tally: Tally) => (socket: Socket) => {
  let text = ""
  socket.on("error", () => {})
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1")
    if (!text.endsWith("}")) return
    socket.end(`{"data": ${text}, "alias": "bob"}`)
    tally.add(1)
  })
}

plain(async (given) => {
  const { auth } = given
  const chatPort = of(given, "chatPort")
  const tally = new Tally()
  for (const from of members) {
    await new Promise<void>((resolve) => createServer(answer(tally)).listen(chatPort, from, resolve))
  }
  // The plain sender has no members to let in: it knows them.
  if (auth !== undefined) {
    await Promise.all(members.map((from) => Member.join({ port: auth, from, chatPort })))
  }
  return { round: ({ count = 0 }) => tally.more(count) }
})
