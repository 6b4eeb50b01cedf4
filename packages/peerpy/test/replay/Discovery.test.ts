/** The recorded discovery, with our peer in the place of everybody who answered and of everybody who asked. */
import { assert, describe, it } from "@effect/vitest"
import { Peer } from "@peerage/peerpy"
import { MemoryNetwork, MemoryTransport, Transport } from "@peerage/transport"
import { Effect, Fiber, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { bytesOf, type Datagram, vector } from "../fixtures/Vectors.ts"
import { elapse, settle, simulated } from "../peer/Network.ts"

const recorded = vector("discovery")
const datagrams = recorded.udp ?? []
const inet = NetAddress.inetAddressFromStringUnsafe
const hostOf = (address: string) => address.slice(0, address.indexOf(":"))
const textOf = (hex: string) => Buffer.from(bytesOf(hex)).toString("latin1").replace(/\|+$/, "")
const isQuestion = ({ hex }: Datagram) => textOf(hex).startsWith("PING|")

/** The questions, each with the answers to it. */
const rounds = datagrams.filter(isQuestion).map((question, index, questions) => ({
  question,
  answers: datagrams.filter((datagram) =>
    !isQuestion(datagram) && datagram.ms > question.ms && datagram.ms < (questions[index + 1]?.ms ?? Infinity)
  )
}))

const answerers = Object.entries(recorded.roles).map(([address, name]) => ({ address, name }))

/** How an original answers, in hexadecimal digits. */
const pongOf = (address: string) => Buffer.from(`PONG|ponger=${address}`.padEnd(128, "|")).toString("hex")

/** Our peer at an address. */
const enter = Effect.fnUntraced(function*(address: string, invisible: boolean) {
  const transport = yield* MemoryTransport.make(hostOf(address))
  return yield* Effect.provideService(Peer.make({ listen: address, invisible }), Transport.Transport, transport)
})

/** An original's socket, which shares its port with others of its machine. */
const socketAt = Effect.fnUntraced(function*(address: string) {
  const transport = yield* MemoryTransport.make(hostOf(address))
  const socket = yield* transport.datagram({ bind: inet(address), shared: true, broadcast: true })
  return { reader: yield* socket.reader, writer: yield* socket.writer }
})

/** The datagrams that went to a recorded address, in hexadecimal digits. */
const sent = Effect.fnUntraced(function*(to: string) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const trace = yield* network.trace
  return trace.filter((entry) => entry.kind === "DATAGRAM" && entry.to === to && !entry.again)
    .map(({ bytes, from }) => ({ src: from, hex: Buffer.from(bytes).toString("hex") }))
})

describe("a recorded discovery", () => {
  it.effect.each(answerers)(
    "is answered by us as by $name, to the byte",
    ({ address, name }) =>
      Effect.gen(function*() {
        const ours = yield* enter(address, true)
        for (const { answers, question } of rounds) {
          // It showed itself before the last question.
          const isHidden = name === "invisible" && question !== rounds.at(-1)?.question
          yield* SubscriptionRef.set(ours.invisible, isHidden)
          yield* settle
          const asker = yield* socketAt(question.src)
          const before = (yield* sent(question.src)).length
          yield* asker.writer.write({ payload: bytesOf(question.hex), address: inet(question.dst) })
          yield* settle
          const answered = (yield* sent(question.src)).slice(before)
          // What passed between two of one machine was not recorded.
          const expected = hostOf(question.src) === hostOf(address) && !isHidden
            ? [{ src: `${hostOf(address)}:1024`, hex: pongOf(address) }]
            : answers.filter(({ hex }) => hex === pongOf(address)).map(({ hex, src }) => ({ src, hex }))
          assert.deepStrictEqual(answered, expected)
        }
      }).pipe(Effect.scoped, simulated)
  )

  it.effect.each(rounds)(
    "is begun by us as by the original, but for the port",
    ({ answers, question }) =>
      Effect.gen(function*() {
        const role = answerers.find(({ address }) => hostOf(address) === hostOf(question.src))
        const ours = yield* enter(role?.address ?? "", false)
        yield* settle
        const others = yield* socketAt(`${hostOf(answers[0]?.src ?? "")}:1024`)
        const asking = yield* Effect.forkChild(ours.discover)
        yield* settle
        const [asked] = yield* sent(question.dst)
        assert.strictEqual(asked?.hex.length, question.hex.length)
        const own = asked?.src ?? ""
        assert.strictEqual(textOf(asked?.hex ?? ""), `PING|pinger=${own}`)
        assert.strictEqual(textOf(question.hex), `PING|pinger=${hostOf(own)}:1024`)
        for (const { hex } of answers) yield* others.writer.write({ payload: bytesOf(hex), address: inet(own) })
        yield* elapse(500)
        assert.deepStrictEqual<ReadonlyArray<string>>(
          yield* Fiber.join(asking),
          answers.map(({ hex }) => textOf(hex).slice("PONG|ponger=".length))
        )
      }).pipe(Effect.scoped, simulated)
  )
})
