import { assert, describe } from "@effect/vitest"
import { Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Ref, Stream } from "effect"
import type { Offered } from "../../src/exchange/Download.ts"
import { FileTrouble } from "../../src/PyrateError.ts"
import {
  bytes,
  elapse,
  holderAt,
  holding,
  inet,
  offered,
  outcome,
  requesterIp,
  script,
  settle,
  simulated
} from "./Scene.ts"

const port = 4000

/** An original has asked from a port and hung up. It listens there when it is told to. */
const original = Effect.gen(function*() {
  const transport = (yield* MemoryNetwork.MemoryNetwork).transport(requesterIp)
  const asking = new Stranger(yield* transport.connect(inet(holderAt), { from: { port } }))
  asking.write("4:song.txt")
  asking.pipe.close()
  yield* settle
  return { listen: script(`0.0.0.0:${port}`, requesterIp) }
})

/** An original that listens, and the connection back to it. */
const dialedBack = Effect.gen(function*() {
  const { asked } = yield* (yield* original).listen
  yield* elapse("10 millis")
  return yield* asked
})

describe("a holder of a file that an original asks for", () => {
  simulated("dials back, sends the file and nothing else, and hangs up", function*() {
    const sent = yield* holding(offered("la ", "la"))
    const back = yield* dialedBack
    assert.strictEqual(back.text, "la la")
    assert.strictEqual(back.end, "Fin")
    assert.strictEqual(yield* outcome(sent), 5)
  })

  simulated("tries again for 2 seconds while it does not listen yet", function*() {
    yield* holding(offered("la la"))
    const { listen } = yield* original
    yield* elapse("1985 millis")
    const { asked } = yield* listen
    yield* elapse("10 millis")
    assert.strictEqual((yield* asked).text, "la la")
  })

  simulated("gives up where it does not listen then, and where it hung up too", function*() {
    const sent = yield* holding(offered("la la", "la la"))
    yield* original
    yield* elapse("1980 millis")
    assert.strictEqual(yield* outcome(sent), "Running")
    yield* elapse("100 millis")
    assert.strictEqual(yield* outcome(sent), "SocketError")
  })

  simulated("dials back and hangs up where it has no such file, as the original waits for that", function*() {
    const sent = yield* holding(undefined)
    const back = yield* dialedBack
    assert.strictEqual(back.text, "")
    assert.strictEqual(back.end, "Fin")
    assert.strictEqual(yield* outcome(sent), "NoSuchFile")
  })

  simulated("gives up after 10 seconds on one that reads nothing", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const read = yield* Ref.make(0)
    const piece = Effect.as(Ref.update(read, (count) => count + 1), new Uint8Array(65_536))
    const sent = yield* holding({ size: 1e12, bytes: Stream.fromEffectRepeat(piece) })
    const { asked } = yield* (yield* original).listen
    yield* network.clog(requesterIp)
    yield* elapse("10 millis")
    yield* asked
    yield* elapse("9 seconds")
    assert.strictEqual(yield* outcome(sent), "Running")
    assert.isAtMost(yield* Ref.get(read), 4)
    yield* elapse("1 second")
    assert.strictEqual(yield* outcome(sent), "PeerUnresponsive")
    assert.isAtMost(yield* Ref.get(read), 4)
  })

  simulated("keeps on with one that reads something now and then", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const piece = "x".repeat(65_536)
    const sent = yield* holding(offered(...Array.from({ length: 8 }, () => piece)))
    const { asked } = yield* (yield* original).listen
    yield* network.clog(requesterIp)
    yield* elapse("10 millis")
    const back = yield* asked
    for (let count = 0; count < 10; count++) {
      yield* elapse("9 seconds")
      yield* network.unclog(requesterIp)
      yield* settle
      yield* network.clog(requesterIp)
    }
    yield* network.unclog(requesterIp)
    assert.strictEqual(yield* outcome(sent), 8 * piece.length)
    assert.strictEqual(back.text.length, 8 * piece.length)
  })

  simulated("stops when the disk does, and frees the connection", function*() {
    const broken: Offered = {
      size: 10,
      bytes: Stream.concat(
        Stream.make(bytes("hello")),
        Stream.fail(new FileTrouble({ path: "/song.txt", problem: "the disk does not work" }))
      )
    }
    const sent = yield* holding(broken)
    const back = yield* dialedBack
    assert.strictEqual(yield* outcome(sent), "FileTrouble")
    assert.strictEqual(back.text, "hello")
    assert.strictEqual(back.end, "Fin")
  })
})
