/** Dials with libp2p. A conversation is a stream of its own on one connection. */
import { load } from "../../alternatives/Installed.ts"
import * as Libp2p from "./Libp2p.ts"
import { check, drive, type Line, message as sent } from "./Library.ts"

drive(async ({ port }) => {
  const node = await Libp2p.start([])
  const { multiaddr } = await load("@multiformats/multiaddr")
  const address = multiaddr(`/ip4/127.0.0.1/tcp/${port}`)
  const dial = () => node.dial(address, { force: true })

  const over = (stream: Libp2p.Stream, close: () => Promise<unknown>): Line => {
    let missing = 0
    let answered = () => {}
    stream.addEventListener("message", ({ data }) => {
      missing -= data.byteLength
      check(missing)
      if (missing === 0) answered()
    })
    return {
      send: (message) => stream.send(message) ? undefined : stream.onDrain(),
      ask: (message) =>
        new Promise<void>((resolve) => {
          answered = resolve
          missing = sent.length
          stream.send(message)
        }),
      close
    }
  }

  // A connection is made and a stream on it opened with the first message; a mere dial has none.
  const open = async (): Promise<Line> => {
    const connection = await dial()
    let line: Promise<Line> | undefined
    const talk = () =>
      line ??= connection.newStream(Libp2p.protocol, Libp2p.manners).then((stream: Libp2p.Stream): Line =>
        over(stream, () => stream.close())
      )
    let ready: Line | undefined
    return {
      send: (message) =>
        ready === undefined
          ? talk().then((opened: Line) => {
            ready = opened
            return opened.send(message)
          })
          : ready.send(message),
      ask: async (message) => (await talk()).ask(message),
      close: () => connection.close()
    }
  }

  let shared: ReturnType<typeof dial> | undefined
  const share = async (): Promise<Line> => {
    const stream = await (await (shared ??= dial())).newStream(Libp2p.protocol, Libp2p.manners)
    return over(stream, () => stream.close())
  }
  const converse = async (message: Uint8Array) => {
    const line = await share()
    await line.ask(message)
    await line.close()
  }
  return { open, share, converse }
})
