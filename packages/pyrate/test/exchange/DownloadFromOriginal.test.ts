import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import { asking, elapse, fetching, holderIp, outcome, outcomeAfter, script, settle, simulated } from "./Scene.ts"

describe("a download from an original", () => {
  simulated("is asked for in the original's words, and the half of the connection ends", function*() {
    const { asked } = yield* asking
    assert.strictEqual(asked.text, "4:song.txt")
    assert.strictEqual(asked.end, "Fin")
  })

  simulated("comes when the holder hangs up and dials back a while later", function*() {
    const { asked, back, file } = yield* asking
    asked.pipe.close()
    yield* elapse("9 seconds")
    const raw = yield* back
    raw.write("la ", "la")
    yield* elapse("9 seconds")
    raw.write(" la")
    raw.pipe.close()
    assert.deepStrictEqual(yield* outcome(file), { size: undefined, text: "la la la" })
  })

  simulated("comes when the holder dials back before it hangs up, or never does", function*() {
    const { back, file } = yield* asking
    const raw = yield* back
    raw.write("la la")
    raw.pipe.close()
    yield* elapse("1 second")
    assert.deepStrictEqual(yield* outcome(file), { size: undefined, text: "la la" })
  })

  simulated("may come on the connection of the request", function*() {
    const { asked, file } = yield* asking
    asked.write("la ", "la")
    asked.pipe.close()
    assert.deepStrictEqual(yield* outcome(file), { size: undefined, text: "la la" })
  })

  simulated.each([
    { text: "<html>\r\n<head><title>400 Bad Request</title></head>" },
    { text: "<!DOCTYPE HTML>\n<title>Error response</title>" },
    { text: "HTTP/1.1 400 Bad Request\r\n\r\n" },
    { text: "\0pyrate+ gibberish\nabc" }
  ])("comes whatever it begins with, whatever its name is, as only a holder dials back: $text", function*({ text }) {
    const { asked, back, file } = yield* asking
    asked.pipe.close()
    const raw = yield* back
    raw.write(text.slice(0, 1))
    yield* settle
    raw.write(text.slice(1))
    raw.pipe.close()
    assert.deepStrictEqual(yield* outcome(file), { size: undefined, text })
  })

  simulated.each([
    { said: "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>" },
    { said: "<!DOCTYPE HTML>\n<html lang=\"en\">\n<title>Error response</title>" },
    { said: "<html>\r\n<head><title>400 Bad Request</title></head>" },
    { said: "\0pyrate+ gibberish\nabc" },
    { said: "\0pyrate+ found -1\nabc" }
  ])("is no error page of a web server, and no signal that cannot be read, such as $said", function*({ said }) {
    const { asked, file } = yield* asking
    asked.write(said)
    asked.pipe.close()
    assert.strictEqual(yield* outcome(file), "OtherProtocol")
  })

  simulated("is Unanswered a second after the request was reset, unless the holder dials back", function*() {
    const { asked, file } = yield* asking
    asked.pipe.reset()
    assert.strictEqual(yield* outcomeAfter(file, 1000), "Unanswered")
  })

  simulated("comes where the holder resets the request and dials back", function*() {
    const { asked, back, file } = yield* asking
    asked.pipe.reset()
    const raw = yield* back
    raw.write("la la")
    raw.pipe.close()
    assert.deepStrictEqual(yield* outcome(file), { size: undefined, text: "la la" })
  })

  simulated.each([
    { where: "back", end: "reset", reason: "Incomplete" },
    { where: "here", end: "reset", reason: "Incomplete" },
    { where: "back", end: "silence", reason: "PeerUnresponsive" },
    { where: "here", end: "silence", reason: "PeerUnresponsive" }
  ])("is $reason when it comes $where and ends with $end", function*({ end, reason, where }) {
    const { asked, back, file } = yield* asking
    if (where === "back") asked.pipe.close()
    const way = where === "back" ? yield* back : asked
    way.write("la la")
    yield* settle
    if (end === "reset") way.pipe.reset()
    else yield* elapse("10 seconds")
    assert.strictEqual(yield* outcome(file), reason)
  })

  simulated("is an EmptyAnswer where a missing file cannot be told from an empty one", function*() {
    const { asked, back, file } = yield* asking
    asked.pipe.close()
    const raw = yield* back
    raw.pipe.close()
    assert.strictEqual(yield* outcome(file), "EmptyAnswer")
  })

  simulated.each([
    { what: "hangs up and never dials back", reason: "NoConnectionBack" },
    { what: "says nothing at all", reason: "PeerUnresponsive" }
  ])("is $reason after exactly 10 seconds when the holder $what", function*({ reason, what }) {
    const { asked, file } = yield* asking
    if (what.startsWith("hangs")) asked.pipe.close()
    assert.strictEqual(yield* outcomeAfter(file, 10_000), reason)
  })

  simulated("is Unreachable at once where nobody listens, and after 4 seconds where no machine is", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    network.transport(holderIp)
    assert.strictEqual(yield* outcome(yield* fetching), "Unreachable")
    yield* network.kill(holderIp)
    assert.strictEqual(yield* outcomeAfter(yield* fetching, 4000), "Unreachable")
  })

  simulated("leaves neither a connection nor its port open behind it", function*() {
    const holder = yield* script()
    const file = yield* fetching
    const asked = yield* holder.asked
    asked.pipe.close()
    const back = yield* holder.dial(asked.pipe.remote)
    back.write("la la")
    back.pipe.end()
    yield* outcome(file)
    yield* settle
    assert.strictEqual(back.end, "Fin")
    assert.strictEqual((yield* Effect.flip(holder.dial(asked.pipe.remote))).reason._tag, "SocketOpenError")
  })
})
