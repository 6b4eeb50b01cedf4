/** What goes through pipes and real sockets: plain lines where standard input is no terminal, and bursts. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { folder } from "../test/Folder.ts"
import { processes, run } from "../test/Process.ts"
import { live } from "../test/Test.ts"

const { chatting, open, plainly } = processes

live("speaks in plain lines where standard input is no terminal", function*() {
  yield* plainly
})

for (
  const [first, second, said, told] of [
    ["pyile host --listen 127.0.0.1:0 --password x", "pyile join ADDRESS --password x", "", "Message"],
    ["chat 127.0.0.1:0 --desired-id 10", "chat 127.0.0.1:0 ADDRESS --desired-id 11", "10 ", "Message"],
    ["peerpy listen --listen 127.0.0.1:0", "peerpy connect ADDRESS", "", "Data"]
  ] as const
) {
  live(`says what a pipe has as it is, and nothing of what is not UTF-8: ${second}`, function*() {
    const a = yield* open(...first.split(" "))
    const b = yield* open(...second.replace("ADDRESS", a.address).split(" "))
    yield* b.tells("Connected")
    const write = (text: string, encoding: BufferEncoding = "utf8") =>
      Effect.sync(() => void b.process.stdin?.write(text, encoding))
    yield* write(`\uFEFF${said}  three spaces \r\n`)
    // Three bytes of four, and the last one later.
    const letter = Buffer.from("👍").toString("latin1")
    yield* write(`${said}\ta ${letter.slice(0, 3)}`, "latin1")
    yield* a.tells(told, { data: "  three spaces " })
    yield* write(`${letter.slice(3)}\n${said}caf\u00E9 1\n`, "latin1")
    yield* b.tells("Failed", { command: `${said}caf\uFFFD 1`, reason: "NotUtf8" })
    yield* write(`${said}The end`)
    yield* b.hangUp
    yield* a.tells(told, { data: "The end" })
    const heard = a.events().filter(({ event }) => event === told).map(({ data }) => data)
    assert.deepStrictEqual(heard, ["  three spaces ", "\ta 👍", "The end"])
  })
}

live("takes no password from a file that is not UTF-8", function*() {
  const file = join(yield* folder(), "password")
  writeFileSync(file, "caf\u00E9\n", "latin1")
  const { code, stderr } = yield* run(["pyile", "host", "--listen", "127.0.0.1:0", "--password-file", file])
  assert.strictEqual(code, 2)
  assert.match(stderr, /is not UTF-8/)
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
