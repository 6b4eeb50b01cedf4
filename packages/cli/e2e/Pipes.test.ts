/** What goes through pipes and real sockets: plain lines where standard input is no terminal, and bursts. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { folder } from "../test/Folder.ts"
import { processes, run } from "../test/Process.ts"
import { live } from "../test/Test.ts"

const { chatting, hosting, joining, open, plainly } = processes

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

live("takes lists from nobody but the host, and from those that --dist-host names", function*() {
  // Nobody listens for lists where this host says.
  const host = yield* hosting("--advertise", "127.0.0.2")
  yield* joining(host.address)
  const told = yield* run(["pyile", "join", host.address, "--password", "secret", "--dist-host", "127.0.0.3,127.0.0.2"])
  assert.strictEqual(told.code, 4)
  assert.match(told.stderr, /127\.0\.0\.2:\d+/)
})

live("takes no password from a file that is not UTF-8", function*() {
  const file = join(yield* folder(), "password")
  writeFileSync(file, "caf\u00E9\n", "latin1")
  const { code, stderr } = yield* run(["pyile", "host", "--listen", "127.0.0.1:0", "--password-file", file])
  assert.strictEqual(code, 2)
  assert.match(stderr, /is not UTF-8/)
})

const frame = (...body: ReadonlyArray<Uint8Array>) => {
  const whole = Buffer.concat(body)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(whole.length)
  return Buffer.concat([length, whole])
}

/** A protobuf integer. */
const varint = (value: number): ReadonlyArray<number> =>
  value < 0x80 ? [value] : [value % 0x80 + 0x80, ...varint(Math.floor(value / 0x80))]

/** A MESSAGE of peer 12, as the protocol writes it. */
const message = (text: string, to = 10) => {
  const bytes = Buffer.from(text)
  const inner = Buffer.concat([Buffer.from([0x08, 12, 0x10, to, 0x1a, ...varint(bytes.length)]), bytes])
  return frame(Buffer.from([0x08, 1, 0x12, ...varint(inner.length)]), inner)
}

/** Connects as peer 12, and sends these bytes when it is let in. */
const connectAs12 = (address: string, bytes: () => Uint8Array) => {
  const [host, port] = address.split(":")
  return Effect.acquireRelease(
    Effect.sync(() => {
      const socket = connect(Number(port), host)
      socket.write(frame(Buffer.from([0x08, 3, 0x22, 2, 0x08, 12])))
      socket.once("data", () => socket.write(bytes()))
      return socket
    }),
    (socket) => Effect.sync(() => void socket.destroy())
  )
}

live("misses no message of a burst, however many come with one read", function*() {
  const a = yield* chatting("10")
  const sent = Array.from({ length: 20_000 }, (_, index) => `message ${index}`)
  yield* connectAs12(a.address, () => Buffer.concat([...sent, "That was all"].map((text) => message(text))))
  yield* a.prints(/That was all/)
  const told = [...a.stdout().matchAll(/"data":"(message \d+)"/g)].map(([, text]) => text)
  assert.deepStrictEqual(told, sent)
})

const mebi = 1_048_576

/** The memory of a process, in MiB; 0 where the kernel does not say so. */
const memoryOf = (pid: number | undefined): number => {
  const status = `/proc/${pid}/status`
  const [, kibi] = existsSync(status) ? /^VmRSS:\s*(\d+)/m.exec(readFileSync(status, "utf8")) ?? [] : []
  return Number(kibi ?? 0) / 1024
}

// The first part is there to be measured against: how much of the memory after it is garbage is the runtime's affair.
live("does not grow without bound while nobody reads its output, and says what is missing", function*() {
  const a = yield* chatting("10")
  const witness = yield* chatting("13", { join: a.address })
  yield* a.tells("Joined", { peer: "13" })
  const { stdout } = a.process
  yield* Effect.sync(() => void stdout?.pause())

  const [first, second, text] = [2000, 5000, "x".repeat(60_000)]
  const part = (count: number, end: string) =>
    Buffer.concat([...Array.from({ length: count }, () => message(text)), message(end, 13)])
  const socket = yield* connectAs12(a.address, () => part(first, "That was a part"))
  yield* witness.tells("Message", { from: "12", data: "That was a part" })
  const before = memoryOf(a.process.pid)
  yield* Effect.sync(() => void socket.write(part(second, "That was all")))
  yield* witness.tells("Message", { from: "12", data: "That was all" })
  assert.isBelow(memoryOf(a.process.pid) - before, second * text.length / mebi)

  yield* a.type("/peers", "/exit")
  yield* Effect.sync(() => void stdout?.resume())
  assert.strictEqual(yield* a.ends, 0)
  const told = a.events()
  const missed = told.filter(({ event }) => event === "Missed").map(({ events }) => Number(events))
  const messages = told.filter(({ event }) => event === "Message").length
  assert.isAbove(messages, 100)
  assert.strictEqual(messages + missed.reduce((sum, events) => sum + events, 0), first + second)
})
