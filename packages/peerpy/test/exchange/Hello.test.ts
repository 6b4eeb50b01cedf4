import { assert, describe } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import type { ByteLink } from "@peerage/wire"
import { Effect, Fiber } from "effect"
import * as Hello from "../../src/exchange/Hello.ts"
import { elapse, failsAfter, pair, settle, test } from "./Pair.ts"
import { ascii, header, joined } from "./Raw.ts"

const within = "2 seconds"
const named = "peer_name=10.0.0.1:20000"
const wish = { peer: PeerAddress.at("10.0.0.1", 20_000), type: "json", strict: true, stream: false } as const
const asking = (link: ByteLink.ByteLink) => Hello.initiate(link, wish, { address: "10.0.0.66:20000", within })

type Row = readonly [outcome: string, ...said: ReadonlyArray<string | Uint8Array>]
type End = readonly [outcome: string, said: string | Uint8Array, end: "end" | "reset"]

/** What becomes of a hello that is answered like this. */
const answered = Effect.fnUntraced(function*(answer: string | Uint8Array, end?: "end" | "reset") {
  const { link, raw } = yield* pair
  const running = yield* Effect.forkChild(Effect.match(asking(link), {
    onSuccess: (extended) => extended ? "extended" : "an original",
    onFailure: ({ _tag }) => _tag
  }))
  yield* settle
  if (answer.length > 0) raw.write(answer)
  if (end !== undefined) raw.pipe[end]()
  yield* elapse(within)
  return yield* Fiber.join(running)
})

/** Who is heard when these bytes come. */
const heard = Effect.fnUntraced(function*(bytes: string | Uint8Array, end?: "end" | "reset") {
  const { link, raw } = yield* pair
  const running = yield* Effect.forkChild(Effect.match(Hello.respond(link, within), {
    onSuccess: ({ extension, peer, stream, strict, type }): unknown => ({ peer, type, strict, stream, extension }),
    onFailure: ({ _tag }) => _tag
  }))
  if (bytes.length > 0) raw.write(bytes)
  if (end !== undefined) raw.pipe[end]()
  yield* elapse(within)
  return yield* Fiber.join(running)
})

describe("who says hello", () => {
  test.each<Row>([
    ["an original", header("ACCEPT")],
    ["an original", "ACCEPT"],
    ["extended", header("ACCEPT|peerage=1"), header("ACCEPT|peerage=7&colour=blue")],
    ["Denied", header("DENY"), "DENY"],
    ["UnexpectedMessage", header("PING"), header("DATA|data_size=1&data_type=json")],
    ["MalformedHeader", header("HTTP/1.1 400 Bad Request"), header("ACCEPT|peerage=one"), header("\u00ff"), header("")],
    ["MalformedHeader", "ACC"],
    ["PeerUnresponsive", ""]
  ])("takes for %s: %s", function*([outcome, ...answers]) {
    for (const answer of answers) assert.strictEqual(yield* answered(answer), outcome)
  })

  test.each<End>([
    ["PeerClosed", "", "end"],
    ["SocketError", "", "reset"],
    ["FrameTruncated", "ACC", "end"],
    ["Denied", "DENY", "end"],
    ["Denied", header("DENY"), "end"]
  ])("takes for %s, where nothing follows: %s, and then %s", function*([outcome, answer, end]) {
    assert.strictEqual(yield* answered(answer, end), outcome)
  })

  test.each([1, 6, 7, 127])(
    "waits for the rest of an answer that is cut at byte %i",
    function*(cut) {
      const { link, raw } = yield* pair
      const running = yield* Effect.forkChild(asking(link))
      raw.write(header("ACCEPT").subarray(0, cut))
      yield* elapse("900 millis")
      raw.write(header("ACCEPT").subarray(cut))
      yield* settle
      assert.isFalse(yield* Fiber.join(running))
      assert.strictEqual(link.reader.available(), 0)
    }
  )

  test("gives up on silence after exactly 2 seconds", function*() {
    const { link } = yield* pair
    const reason = yield* failsAfter(asking(link), 2000)
    assert.deepInclude(reason, { _tag: "PeerUnresponsive", awaited: "Accept" })
  })

  test("leaves what comes right behind the answer where it is", function*() {
    const { link, raw } = yield* pair
    raw.write(joined([header("ACCEPT"), ascii("more")]))
    yield* settle
    yield* asking(link)
    assert.deepStrictEqual(yield* link.reader.take(4), ascii("more"))
  })
})

describe("who is said hello to", () => {
  const plain = { peer: wish.peer, type: "json", strict: true, stream: false, extension: undefined }

  test.each([
    { name: "an original", text: `HELLO|${named}&data_type=json&strict=True`, found: plain },
    {
      name: "an extended peer",
      text: `HELLO|${named}&data_type=json&strict=True&peerage=1`,
      found: { ...plain, extension: 1 }
    },
    { name: "a lenient one", text: `HELLO|${named}&data_type=json&strict=False`, found: { ...plain, strict: false } },
    {
      name: "one of a stream, in any order",
      text: `HELLO|stream=True&strict=True&data_type=raw&${named}`,
      found: { ...plain, type: "raw", stream: true }
    },
    { name: "one in the manual's form", text: "HELLO|address_name=10.0.0.1:20000&data_type=json", found: plain }
  ])("understands $name, padded", function*({ found, text }) {
    assert.deepStrictEqual(yield* heard(header(text)), found)
  })

  test.each([
    { name: "without padding", text: `HELLO|${named}&data_type=json&strict=True` },
    { name: "in the manual's form", text: "HELLO|address_name=10.0.0.1:20000&data_type=json" }
  ])("understands one $name, long before the other end gives up", function*({ text }) {
    const { link, raw } = yield* pair
    raw.write(text)
    const running = yield* Effect.forkChild(Hello.respond(link, within))
    yield* elapse("1 second")
    assert.isDefined(running.pollUnsafe())
    assert.strictEqual((yield* Fiber.join(running)).peer, wish.peer)
  })

  test.each<Row>([
    ["MalformedHeader", header("HELLO"), header(`HELLO|${named}&data_type=json&strict=True&strict`)],
    ["MalformedHeader", header(`HELLO|${named}&data_type=picture&strict=True`)],
    ["MalformedHeader", header("HELLO|peer_name=me&data_type=json&strict=True")],
    ["MalformedHeader", header(`HELLO|${named}&data_type=json&strict=True&data_size=many`)],
    ["MalformedHeader", header("\u0016\u0003\u0001\u0002\u0000\u0001"), "x".repeat(10_000)],
    ["UnexpectedMessage", header("ACCEPT"), header("PING")],
    ["MalformedHeader", "GET / HTTP/1.1\r\n\r\n", "HELLO"],
    ["PeerUnresponsive", ""]
  ])("does not understand, and fails with %s: %s", function*([outcome, ...texts]) {
    for (const text of texts) assert.strictEqual(yield* heard(text), outcome)
  })

  test.each<End>([
    ["PeerClosed", "", "end"],
    ["FrameTruncated", "HEL", "end"],
    ["SocketError", "HEL", "reset"]
  ])("notices with %s that the other one goes after saying '%s', with %s", function*([outcome, bytes, end]) {
    assert.strictEqual(yield* heard(bytes, end), outcome)
  })

  test("gives up on a byte now and then after exactly 2 seconds", function*() {
    const { link, raw } = yield* pair
    const drip = Effect.andThen(Effect.sync(() => raw.write("H")), Effect.sleep("300 millis"))
    yield* Effect.forkScoped(Effect.forever(drip))
    assert.strictEqual((yield* failsAfter(Hello.respond(link, within), 2000))._tag, "MalformedHeader")
  })
})
