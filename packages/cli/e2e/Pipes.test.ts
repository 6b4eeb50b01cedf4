/** What goes through pipes and real sockets: plain lines where standard input is no terminal, and bursts. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { connect } from "node:net"
import { processes } from "../test/Process.ts"
import { live } from "../test/Test.ts"

const { chatting, plainly } = processes

live("speaks in plain lines where standard input is no terminal", function*() {
  yield* plainly
})

const frame = (body: ReadonlyArray<number>) => Buffer.from([0, 0, 0, body.length, ...body])

/** A MESSAGE of peer 12 to peer 10, as the protocol writes it. */
const message = (text: string) => {
  const inner = [0x08, 12, 0x10, 10, 0x1a, text.length, ...Buffer.from(text)]
  return frame([0x08, 1, 0x12, inner.length, ...inner])
}

live("misses no message of a burst, however many come with one read", function*() {
  const a = yield* chatting("10")
  const sent = Array.from({ length: 20_000 }, (_, index) => `message ${index}`)
  const [host, port] = a.address.split(":")
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      const socket = connect(Number(port), host)
      socket.write(frame([0x08, 3, 0x22, 2, 0x08, 12]))
      socket.once("data", () => socket.write(Buffer.concat([...sent, "That was all"].map(message))))
      return socket
    }),
    (socket) => Effect.sync(() => void socket.destroy())
  )
  yield* a.prints(/That was all/)
  const told = [...a.stdout().matchAll(/"data":"(message \d+)"/g)].map(([, text]) => text)
  assert.deepStrictEqual(told, sent)
})
