import { assert, describe } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { Effect, Fiber, Stream } from "effect"
import * as ListFiles from "../../src/exchange/ListFiles.ts"
import { elapse, holderFrom, outcome, outcomeAfter, script, settle, simulated, song } from "./Scene.ts"

const asking = Effect.forkScoped(Effect.flatMap(holderFrom({ maxFileListBytes: 100 }), ListFiles.whole))

/** A peer that was asked, and the asking. */
const scene = Effect.gen(function*() {
  const holder = yield* script()
  const files = yield* asking
  return { files, asked: yield* holder.asked }
})

describe("a peer that asks for a list of files", () => {
  simulated("says so, ends its half, and reads up to the end", function*() {
    const { asked, files } = yield* scene
    assert.strictEqual(asked.text, "5:")
    assert.strictEqual(asked.end, "Fin")
    asked.write("song.txt\nfi", "lm.mkv\n")
    assert.strictEqual(yield* outcome(files), "Running")
    asked.pipe.close()
    assert.deepStrictEqual(yield* outcome(files), [song, FileName.FileName.make("film.mkv")])
  })

  simulated.each(
    [
      { what: "nothing and the end for no files", said: "", end: "close", result: [] },
      { what: "a reset alone for no answer", said: "", end: "reset", result: "Unanswered" },
      { what: "a reset behind a line for no list", said: "song.txt\n", end: "reset", result: "SocketError" },
      { what: "as many bytes as are allowed", said: `${"x".repeat(99)}\n`, end: "close", result: ["x".repeat(99)] }
    ] as const
  )("takes $what", function*({ end, result, said }) {
    const { asked, files } = yield* scene
    asked.write(said)
    yield* settle
    asked.pipe[end]()
    assert.deepStrictEqual<unknown>(yield* outcome(files), result)
  })

  simulated("takes names as they come, however many there are, cut anywhere, and each that is whole", function*() {
    const count = 30_000
    const { asked } = yield* script()
    const holder = yield* holderFrom({ maxFileListBytes: 100 })
    const names: Array<string> = []
    const listing = Stream.runForEach(ListFiles.initiate(holder), (name) => Effect.sync(() => names.push(name)))
    const running = yield* Effect.forkScoped(listing)
    const raw = yield* asked
    const wire = Array.from({ length: count }, (_, number) => `歌 ${number}\n`).join("")
    const bytes = new TextEncoder().encode(`${wire}cut of`)
    raw.write(bytes.subarray(0, 100_001))
    yield* settle
    assert.isAbove(names.length, 9000)
    raw.write(bytes.subarray(100_001))
    raw.pipe.close()
    assert.isUndefined(yield* outcome(running))
    assert.deepStrictEqual([names.length, names.at(-1)], [count, `歌 ${count - 1}`])
  })

  simulated.each([
    { of: "HTTP", said: "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n" },
    { of: "HTTP 0.9", said: "<!DOCTYPE HTML>\n<html lang=\"en\">\n    <head>\n" },
    { of: "SSH", said: "SSH-2.0-OpenSSH_9.6\r\n" },
    { of: "mail", said: "220 mail.example ESMTP\r\n" },
    { of: "TLS", said: "\x15\x03\x01\0\x02\x02\x0a" },
    { of: "TLS, without a newline", said: "\x15\x03\x01\0\x02\x02\x46" }
  ])("fails where a server of another protocol answers, of $of", function*({ said }) {
    const { asked, files } = yield* scene
    asked.write(said)
    asked.pipe.close()
    assert.strictEqual(yield* outcome(files), "OtherProtocol")
  })

  simulated("fails where a line never ends", function*() {
    const { asked } = yield* script()
    const running = yield* Effect.forkScoped(Stream.runDrain(ListFiles.initiate(yield* holderFrom())))
    const raw = yield* asked
    raw.write("x".repeat(70_000))
    assert.strictEqual(yield* outcome(running), "OtherProtocol")
  })

  simulated("goes on with a slow list for as long as something comes", function*() {
    const { asked, files } = yield* scene
    for (let line = 0; line < 9; line++) {
      yield* elapse("9 seconds")
      asked.write(`${line}\n`)
    }
    asked.pipe.close()
    assert.strictEqual((yield* Fiber.join(files)).length, 9)
  })

  simulated("stops reading an endless list", function*() {
    const { asked, files } = yield* scene
    asked.write("x".repeat(60), "x".repeat(41))
    assert.strictEqual(yield* outcome(files), "FrameTooLarge")
    yield* settle
    asked.write("more")
    yield* settle
    assert.isDefined(asked.pipe.broken())
  })

  simulated.each([{ came: "nothing", lines: [] }, { came: "a part of the list", lines: ["song.txt\n"] }])(
    "gives up after exactly 10 seconds when $came came",
    function*({ lines }) {
      const { asked, files } = yield* scene
      asked.write(...lines)
      assert.strictEqual(yield* outcomeAfter(files, 10_000), "PeerUnresponsive")
    }
  )

  simulated("takes as long as it takes, while something comes", function*() {
    const { asked, files } = yield* scene
    for (const letter of "song.txt\n") {
      yield* elapse("9 seconds")
      asked.write(letter)
    }
    assert.strictEqual(yield* outcome(files), "Running")
    asked.pipe.close()
    assert.deepStrictEqual(yield* outcome(files), [song])
  })

  simulated("says Unreachable where nobody listens", function*() {
    yield* script("10.0.0.9:5005")
    assert.strictEqual(yield* outcomeAfter(yield* asking, 4000), "Unreachable")
  })
})
