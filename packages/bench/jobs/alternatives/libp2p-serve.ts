/** A node of libp2p that is dialed. */
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Counting from "./Counting.ts"
import * as Libp2p from "./Libp2p.ts"
import { tasks } from "./Library.ts"

plain(async (given) => {
  const { answers, dialed, heard, round } = await Counting.make(given)
  const node = await Libp2p.start(["/ip4/127.0.0.1/tcp/0"])
  if (of(given, "task") !== tasks.streams) node.addEventListener("connection:open", dialed)
  await node.handle(Libp2p.protocol, (stream: Libp2p.Stream & { readonly send: (bytes: object) => boolean }) => {
    if (of(given, "task") === tasks.streams) dialed()
    stream.addEventListener("message", ({ data }) => {
      heard(data.byteLength)
      if (answers) stream.send(data)
    })
    stream.addEventListener("remoteCloseWrite", () => void stream.close().catch(() => {}))
  }, Libp2p.manners)
  return { ready: { port: Number(/tcp\/(\d+)/.exec(node.getMultiaddrs()[0].toString())?.[1]) }, round }
})
