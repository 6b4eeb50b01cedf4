/** Honest peers on plain sockets. Each resolves when it got what it came for, and has left; else it rejects. */
import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"
import * as Frames from "../chat/Frames.ts"
import { header } from "../peerpy/Wire.ts"
import * as Member from "../pyile/Member.ts"
import { large, small } from "./Folder.ts"

/** Comes from an address to a port, and gives up with the signal. */
export type Honest = (port: number, from: string, signal: AbortSignal) => Promise<void>

const chatPort = 49_317

const open = (port: number, from: string, signal: AbortSignal): Socket => {
  const socket = connect({ host: "127.0.0.1", port, localAddress: from, signal })
  // Waiting for the answer fails with it.
  socket.on("error", () => {})
  return socket
}

const failed = () => new Error("turned away")

/** All that comes over a connection. */
const everything = async (socket: Socket): Promise<string> => {
  let text = ""
  for await (const chunk of socket.setEncoding("utf8")) text += chunk
  return text
}

/** Asks, ends its half, and expects something in the answer. */
const asking = (question: string, expected: string): Honest => async (port, from, signal) => {
  const socket = open(port, from, signal)
  socket.end(question)
  if (!(await everything(socket)).includes(expected)) throw failed()
}

/** Says something, and expects an answer that is right. */
const greeting =
  (says: () => string | Uint8Array, isRight: (answer: Buffer) => boolean): Honest => async (port, from, signal) => {
    const socket = open(port, from, signal)
    socket.write(says())
    const [answer] = await once(socket, "data", { signal })
    socket.destroy()
    if (!isRight(answer)) throw failed()
  }

/** Joins a Pyile network. */
export const pyile: Honest = async (port, from) => (await Member.join({ port, from, chatPort })).leave()

/** Asks a bootstrap for peers. */
export const bootstrap = asking("1:9", ",")

/** Asks a Pyrate peer for its list. */
export const list = asking("5:", large)

/** Fetches a small file: listens at the port that it asks from, where the holder dials back. */
export const download: Honest = async (port, from, signal) => {
  const socket = open(port, from, signal)
  await once(socket, "connect", { signal })
  const server = createServer().listen(socket.localPort, from)
  signal.addEventListener("abort", () => server.close())
  await once(server, "listening", { signal })
  socket.resume().end(`4:${small}`)
  const [back] = await once(server, "connection", { signal })
  const text = await everything(back)
  server.close()
  if (text !== small) throw failed()
}

/** Connects to a PeerPy peer. */
export const peerpy = greeting(
  () => header("HELLO|peer_name=127.0.0.1:1&data_type=json&strict=True"),
  (answer) => answer.toString("latin1").startsWith("ACCEPT")
)

let lastId = 1_000_000n

/** An id that nobody has had. */
export const freshId = (): bigint => ++lastId

/** Joins a p2p-chat network. */
export const chat = greeting(
  () => Frames.start(freshId()),
  (answer) => {
    // The peers that are there already may be announced in the same segment.
    const [response] = new Frames.Cutter().cut(answer)
    return response !== undefined && Frames.idIn(Frames.read(response)) !== 0n
  }
)
