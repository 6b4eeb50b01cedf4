import { assert, describe } from "@effect/vitest"
import { Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import { asking, outcome, settle, simulated, strangerIp } from "./Scene.ts"

/** A stranger dials the port of the requester, sends something, and shows how that ends. */
const intrude = Effect.fnUntraced(function*(at: NetAddress.InetAddress) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const intruder = new Stranger(yield* network.transport(strangerIp).connect(at))
  intruder.write("something else")
  yield* settle
  return intruder.end
})

describe("a requester whose port somebody else finds", () => {
  simulated("resets strangers, and takes the file from the holder all the same", function*() {
    const { asked, back, file } = yield* asking
    const port = asked.pipe.remote
    asked.pipe.close()
    // More than the port holds at once.
    for (let count = 0; count < 40; count++) assert.strictEqual(yield* intrude(port), "ECONNRESET")
    const raw = yield* back
    raw.write("la ")
    yield* settle
    assert.strictEqual(yield* intrude(port), "ECONNRESET")
    raw.write("la")
    raw.pipe.close()
    assert.deepStrictEqual(yield* outcome(file), { size: undefined, text: "la la" })
  })

  simulated("resets strangers also while the holder has not hung up", function*() {
    const { asked } = yield* asking
    assert.strictEqual(yield* intrude(asked.pipe.remote), "ECONNRESET")
  })

  simulated("takes the first connection back only", function*() {
    const { asked, back, file } = yield* asking
    asked.pipe.close()
    const [first, second] = [yield* back, yield* back]
    second.write("not this")
    first.write("la la")
    yield* settle
    assert.strictEqual(second.end, "ECONNRESET")
    first.pipe.close()
    assert.deepStrictEqual(yield* outcome(file), { size: undefined, text: "la la" })
  })
})
