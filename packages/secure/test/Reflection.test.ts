/** Reflection: somebody in the middle sends a message back to whoever said it, in place of the other end's. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import { asked, at, echo, secure } from "./Peers.ts"
import * as Relay from "./Relay.ts"

/**
 * Each message until the session is open, and what is said in it: its first byte of its way, the byte behind it, and what the
 * client and the server see of the reflection at last. The server resets what it has admitted, which is the carrier's error
 * at a client that is not admitted yet.
 */
const messages = [
  ["the first message", "toServer", 0, 42, "Refused ProtocolViolation", "Refused Truncated"],
  ["the second message", "toClient", 0, 106, "Refused PlainPeer", "Refused Tampered"],
  ["the third message", "toServer", 42, 108, "Refused Tampered", "Refused Truncated"],
  ["INTRO", "toServer", 108, 160, "Refused Tampered", "Refused Truncated"],
  ["SHARE", "toClient", 106, 157, "Refused Truncated", "Refused Tampered"],
  ["the client's CONFIRM", "toServer", 160, 243, "Refused Tampered", "Refused Truncated"],
  ["the server's CONFIRM", "toClient", 157, 240, undefined, "Ended Tampered"],
  ["what the client says", "toServer", 243, 10_000, "Ended Tampered", "Ended ECONNRESET"],
  ["what the server says", "toClient", 240, 10_000, "Ended ECONNRESET", "Ended Tampered"]
] as const

/** Sends these bytes of one way back, and nothing behind them on. */
const reflecting = (way: Relay.Way, begin: number, end: number): Relay.Meddle => {
  let seen = 0
  return (from, bytes, pass, { client, server }) => {
    if (from !== way) return pass(bytes)
    const [first, last] = [begin - seen, end - seen].map((byte) => Math.max(0, Math.min(byte, bytes.length)))
    seen += bytes.length
    if (first !== 0) pass(bytes.subarray(0, first))
    if (first !== last) (way === "toServer" ? client : server).write([bytes.subarray(first, last)])
  }
}

describe("a message that is reflected to whoever said it", () => {
  it.effect.each(messages)("is refused: %s", ([, way, begin, end, ofClient, ofServer]) =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make({ seed: 1 })
      const server = yield* secure(network.transport("10.0.0.1"), "server")
      const client = yield* secure(network.transport("10.0.0.2"), "client")
      yield* echo(yield* server.transport.listen(at("10.0.0.1:80")))
      const middle = { here: "10.0.0.9:80", there: "10.0.0.1:80" }
      yield* Relay.relay(network.transport("10.0.0.9"), middle, reflecting(way, begin, end))
      const answer = yield* asked(client.transport, "10.0.0.9:80")
      assert.notStrictEqual(answer, "attack at dawn")
      assert.deepStrictEqual([client.seen.at(-1), server.seen.at(-1)], [ofClient, ofServer])
    }))
})
