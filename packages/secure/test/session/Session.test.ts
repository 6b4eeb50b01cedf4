/** What an admitted peer may say, what ends its session, and what it cannot make this end do. */
import { assert, describe, it } from "@effect/vitest"
import type { SecureTransport } from "@peerage/secure"
import { MemoryNetwork, type Pipe, SocketFailure } from "@peerage/transport"
import { Effect, Fiber, Queue, type Scope } from "effect"
import { CloseEvent } from "effect/socket/Socket"
import * as Frame from "../../src/session/Frame.ts"
import { ascii, at, ended, secure, seeded, settle, text } from "../Peers.ts"
import { data, frame, speak, told } from "../Speaker.ts"

const { types } = Frame

/** A listener, and a peer that it knows, admitted. */
const admitted = Effect.fnUntraced(function*(options: Partial<SecureTransport.SecureOptions> = {}) {
  const network = yield* MemoryNetwork.make({ seed: 1 })
  const host = yield* secure(network.transport("10.0.0.1"), "host", {
    keys: [seeded("member").identity.key],
    ...options
  })
  const listener = yield* host.transport.listen(at("10.0.0.1:80"))
  const speaking = yield* Effect.forkChild(speak(network.transport("10.0.0.2"), "10.0.0.1:80", "member"))
  yield* settle
  const speaker = yield* Fiber.join(speaking)
  const streams: Array<Pipe.Pipe> = []
  const accepted = Effect.map(Queue.clear(listener.accepted), (pipes) => streams.push(...pipes))
  return { network, host, speaker, streams, accepted }
})

type Scene = Effect.Success<ReturnType<typeof admitted>>

const test = (
  title: string,
  body: (scene: Scene) => Effect.fn.Return<void, unknown, Scope.Scope>,
  options?: Parameters<typeof admitted>[0]
) => it.effect(title, () => Effect.flatMap(admitted(options), Effect.fnUntraced(body)))

const open = (id: number) => frame(types.open, id, 4702)
const bytes = (length: number) => new Uint8Array(length)

/** How the speaker's carrier ended. */
const lost = ({ speaker }: Scene) =>
  Effect.map(Effect.flip(Effect.forever(speaker.reader.pull)), (error) => SocketFailure.errno(error) ?? "FIN")

const violations: ReadonlyArray<readonly [title: string, ...records: ReadonlyArray<Uint8Array>]> = [
  ["an empty record", bytes(0)],
  ["an unknown frame", Uint8Array.of(9, 0, 0, 0, 0)],
  ["a cut frame", open(1).subarray(0, 6)],
  ["a stream with a gap", open(2)],
  ["a stream twice", open(1), open(1)],
  ["data of no stream", data(1, bytes(1))],
  ["FIN of no stream", frame(types.fin, 1)],
  ["RESET of no stream", frame(types.reset, 1)],
  ["STOP of no stream", frame(types.stop, 1)],
  ["WINDOW of no stream", frame(types.window, 1, 1)],
  ["more data than its credit", open(1), data(1, bytes(8000)), data(1, bytes(193))],
  ["data after FIN", open(1), frame(types.fin, 1), data(1, bytes(1))],
  ["FIN twice", open(1), frame(types.fin, 1), frame(types.fin, 1)],
  ["too much credit", open(1), frame(types.window, 1, 2 ** 31)],
  ["CLOSE twice", open(1), frame(types.close, 0), frame(types.close, 0)],
  ["a stream after CLOSE", open(1), frame(types.close, 0), open(2)],
  ["a frame of the admission", Uint8Array.of(0x10, 1)]
]

describe("an admitted peer", () => {
  for (const [title, ...records] of violations) {
    test(`loses its session by ${title}`, function*(scene) {
      for (const record of records) yield* scene.speaker.say(record)
      yield* settle
      assert.deepStrictEqual(scene.host.seen, ["Admitted Key", "Ended ProtocolViolation"])
      assert.strictEqual(yield* lost(scene), "ECONNRESET")
      yield* scene.accepted
      for (const stream of scene.streams) {
        const broken = stream.broken()
        assert.strictEqual(broken && SocketFailure.errno(broken), "ECONNRESET")
      }
    })
  }

  test("loses its session by a record that does not open, and nothing behind it is read", function*(scene) {
    yield* scene.speaker.say(open(1))
    yield* scene.speaker.writer.write(new Uint8Array(40).fill(1).with(0, 0).with(1, 38))
    yield* scene.speaker.say(data(1, ascii("late")))
    yield* settle
    assert.deepStrictEqual(scene.host.seen, ["Admitted Key", "Ended Tampered"])
    yield* scene.accepted
    assert.strictEqual(scene.streams[0]?.take(), undefined)
  })

  test("loses its session by a FIN without CLOSE", function*(scene) {
    yield* scene.speaker.say(open(1))
    yield* settle
    yield* scene.speaker.writer.write(new CloseEvent(1000))
    yield* settle
    yield* scene.accepted
    assert.deepStrictEqual(scene.streams.map(ended), ["ECONNRESET"])
    assert.deepStrictEqual(scene.host.seen, ["Admitted Key", "Ended Truncated"])
  })

  test("may say anything about a stream that is gone, but data is answered with STOP", function*({ host, speaker }) {
    yield* speaker.say(open(1), frame(types.reset, 1))
    yield* settle
    yield* speaker.say(frame(types.window, 1, 1), frame(types.fin, 1), frame(types.reset, 1), frame(types.stop, 1))
    yield* speaker.say(data(1, ascii("too late")))
    assert.deepStrictEqual(told(yield* speaker.listen), [[types.stop, 1, 0]])
    assert.deepStrictEqual(host.seen, ["Admitted Key"])
  })

  test("is answered once for as many PINGs as come together", function*({ speaker }) {
    yield* speaker.say(...Array.from({ length: 1000 }, () => frame(types.ping, 0)))
    assert.deepStrictEqual(told(yield* speaker.listen), [[types.pong, 0, 0]])
    yield* speaker.say(frame(types.ping, 0))
    assert.deepStrictEqual(told(yield* speaker.listen), [[types.pong, 0, 0]])
  })

  test("that reads nothing is reset when 64 KiB of answers wait for it", function*({ host, network, speaker }) {
    yield* speaker.say(open(1), frame(types.reset, 1))
    yield* network.clog("10.0.0.2")
    const flood = Array.from({ length: 8000 }, () => data(1, bytes(1)))
    for (let record = 0; record < 60 && host.seen.length === 1; record++) {
      yield* speaker.say(...flood)
      yield* settle
    }
    assert.deepStrictEqual(host.seen, ["Admitted Key", "Ended ProtocolViolation"])
  })

  test("is refused further streams, one by one, when it has as many as it may", function*({ host, speaker }) {
    yield* speaker.say(open(1), open(2), open(3), open(4))
    assert.deepStrictEqual(told(yield* speaker.listen), [[types.reset, 3, 0], [types.reset, 4, 0]])
    assert.deepStrictEqual(host.seen, ["Admitted Key"])
  }, { config: { maxStreams: 2 } })

  test("does not make this end hold a record for each byte it sends", function*(scene) {
    yield* scene.speaker.say(open(1))
    for (let byte = 0; byte < 4096; byte++) yield* scene.speaker.say(data(1, Uint8Array.of(byte % 251)))
    yield* settle
    yield* scene.accepted
    const chunks = scene.streams[0]?.take() ?? []
    assert.strictEqual(chunks.reduce((sum, { length }) => sum + length, 0), 4096)
    assert.isBelow(chunks.length, 200)
    assert.isBelow(chunks.reduce((sum, { buffer }) => sum + buffer.byteLength, 0), 20_000)
  })

  test("makes this end hold 8 MiB and no more, whatever its streams do", function*(scene) {
    const { accepted, host, speaker, streams } = scene
    const credits = new Map(Array.from({ length: 512 }, (_, index) => [index + 1, 8192]))
    yield* speaker.say(...[...credits.keys()].map(open))
    yield* settle
    yield* accepted
    assert.strictEqual(streams.length, 512)
    const fill = Effect.fnUntraced(function*(ids: Iterable<number>) {
      for (const id of ids) {
        for (let left = credits.get(id) ?? 0; left > 0; left -= 60_000) {
          yield* speaker.say(data(id, bytes(Math.min(left, 60_000))))
        }
        credits.set(id, 0)
      }
      yield* settle
    })
    // Some streams are read as fast as may be, so that they get all there is to get.
    for (let round = 0; round < 6; round++) {
      const read = streams.slice(0, 6)
      yield* fill([...credits.keys()].slice(0, read.length))
      for (const stream of read) stream.take()
      yield* settle
      for (const [type, id, credit] of told(yield* speaker.listen)) {
        if (type === types.window) credits.set(id, (credits.get(id) ?? 0) + Number(credit))
      }
    }
    // Then nobody reads any more.
    yield* fill(credits.keys())
    const unread = streams.flatMap((stream) => stream.take() ?? [])
    assert.strictEqual(unread.reduce((sum, { length }) => sum + length, 0), 8_388_608)
    const buffers = new Set(unread.map(({ buffer }) => buffer))
    assert.isAtMost([...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0), 4 * 8_388_608)
    assert.deepStrictEqual(host.seen, ["Admitted Key"])
  })

  test("holds the place of a stream until all of it was read, though both ends have said FIN", function*(scene) {
    yield* scene.speaker.say(open(1))
    yield* settle
    yield* scene.accepted
    scene.streams[0]?.end()
    yield* settle
    assert.deepStrictEqual(told(yield* scene.speaker.listen), [[types.fin, 1, 0]])
    yield* scene.speaker.say(data(1, ascii("unread")), frame(types.fin, 1))
    yield* scene.speaker.say(open(2))
    assert.deepStrictEqual(told(yield* scene.speaker.listen), [[types.reset, 2, 0]])
    assert.strictEqual(text(scene.streams[0]?.take()), "unread")
    yield* settle
    yield* scene.speaker.say(open(3))
    yield* settle
    yield* scene.accepted
    assert.strictEqual(scene.streams.length, 2)
  }, { config: { maxStreams: 1 } })

  test("is not waited for when it never leaves", function*({ host, speaker }) {
    yield* host.sessions.drop(speaker.key)
    yield* settle
    assert.deepStrictEqual(host.seen, ["Admitted Key", "Ended Dropped"])
  })

  test("leaves with CLOSE, and is answered with CLOSE and FIN", function*({ host, speaker }) {
    yield* speaker.say(frame(types.close, 0))
    assert.deepStrictEqual(told(yield* speaker.listen), [[types.close, 0, 0]])
    assert.isTrue(SocketFailure.isFin(yield* Effect.flip(speaker.reader.pull)))
    assert.deepStrictEqual(host.seen, ["Admitted Key", "Ended Closed"])
  })

  test("has streams take turns: a long one does not hold a short one up", function*(scene) {
    yield* scene.speaker.say(open(1), open(2), frame(types.window, 1, 2 ** 30))
    yield* settle
    yield* scene.accepted
    const [long, short] = scene.streams
    long?.write([bytes(1_000_000)])
    short?.write([ascii("short")])
    const order: Array<number> = []
    while (!order.includes(2)) {
      for (const [type, stream, value] of told(yield* scene.speaker.listen)) {
        if (type === types.data) order.push(stream === 1 ? String(value).length : 2)
      }
    }
    assert.isBelow(order.slice(0, -1).reduce((sum, length) => sum + length, 0), 600_000)
  })
})
