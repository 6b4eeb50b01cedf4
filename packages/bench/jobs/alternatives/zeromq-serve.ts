/** A socket of zeromq that pulls, or replies. */
import { load } from "../../alternatives/Installed.ts"
import { plain } from "../../src/Program.ts"
import * as Counting from "./Counting.ts"

plain(async (given) => {
  const { answers, dialed, heard, round } = await Counting.make(given)
  const { Pull, Reply, Router } = await load("zeromq")
  if (answers) {
    const reply = new Reply()
    await reply.bind("tcp://127.0.0.1:*")
    const serve = async () => {
      for await (const [message] of reply) {
        heard(message.length)
        await reply.send(message)
      }
    }
    void serve()
    return { ready: { port: Number(reply.lastEndpoint.split(":").at(-1)) }, round }
  }
  // Who is idle says once that it is there, as nothing else tells of it.
  const socket = given["idle"] === 1 ? new Router() : new Pull()
  await socket.bind("tcp://127.0.0.1:*")
  const serve = async () => {
    for await (const parts of socket) {
      dialed()
      heard(parts.at(-1).length)
    }
  }
  void serve()
  return { ready: { port: Number(socket.lastEndpoint.split(":").at(-1)) }, round }
})
