/** One in the middle who flips each bit, or splits the stream at each byte, of all that is said before a session is open. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { ask, at, echo, elapse, secure } from "../test/Peers.ts"
import * as Relay from "../test/Relay.ts"

const ways: ReadonlyArray<Relay.Way> = ["toServer", "toClient"]

/** What is said each way until the session is open, by the last byte of each message: the magic first. */
const messages = {
  toServer: { magic: 8, first: 42, third: 108, intro: 160, confirm: 243 },
  toClient: { magic: 8, second: 106, share: 157, confirm: 240 }
}

/** What the client and the server see of a bit that was changed in a message. */
const reasons: {
  readonly [way in Relay.Way]: { readonly [message: string]: readonly [client: RegExp, server: RegExp] }
} = {
  toServer: {
    magic: [/^Refused PlainPeer$/, /^Refused (PlainPeer|OtherVersion)$/],
    first: [/^Refused Tampered$/, /^Refused Truncated$/],
    third: [/^Refused Truncated$/, /^Refused Tampered$/],
    intro: [/^Refused Truncated$/, /^Refused Tampered$/],
    confirm: [/^Refused Truncated$/, /^Refused Tampered$/]
  },
  toClient: {
    magic: [/^Refused (PlainPeer|OtherVersion)$/, /^Refused Truncated$/],
    second: [/^Refused Tampered$/, /^Refused Truncated$/],
    share: [/^Refused Tampered$/, /^Refused Truncated$/],
    confirm: [/^Refused Tampered$/, /^Admitted Passphrase$/]
  }
}

/** With another length the message is cut elsewhere, or waited for in vain. */
const otherLength = /^(Refused (PlainPeer|Tampered|Truncated|HandshakeTimeout|ProtocolViolation)|Admitted Passphrase)$/
const lengthBits = 16

/** Asks a server through one in the middle, who does something else each time. */
const scene = Effect.gen(function*() {
  const network = yield* MemoryNetwork.make({ seed: 1, traceEntries: 0 })
  const quick = { config: { handshakeTimeout: "1 second" } } as const
  const server = yield* secure(network.transport("10.0.0.1"), "server", quick)
  yield* echo(yield* server.transport.listen(at("10.0.0.1:80")))
  let current = Relay.honest
  const middle = { here: "10.0.0.9:80", there: "10.0.0.1:80" }
  yield* Relay.relay(network.transport("10.0.0.9"), middle, (...all) => current(...all))
  let times = 0
  const attempt = Effect.fnUntraced(function*(meddle: Relay.Meddle) {
    // The end of the session before is not of interest.
    server.seen.length = 0
    const client = yield* secure(network.transport("10.0.0.2"), `client ${times++}`, quick)
    current = meddle
    const asking = yield* Effect.forkChild(ask(client.transport, "10.0.0.9:80"), { startImmediately: true })
    yield* elapse("2 seconds")
    const answer = yield* Fiber.join(asking)
    return {
      answer,
      client: client.seen[0] ?? "",
      server: server.seen.find((event) => !event.startsWith("Ended")) ?? ""
    }
  }, Effect.scoped)
  return { attempt }
})

/** Splits what goes one way behind a byte. */
const splitting = (way: Relay.Way, byte: number): Relay.Meddle => {
  let seen = 0
  return (from, bytes, pass) => {
    const at = byte - seen
    if (from === way) seen += bytes.length
    if (from !== way || at <= 0 || at >= bytes.length) return pass(bytes)
    pass(bytes.subarray(0, at))
    pass(bytes.subarray(at))
  }
}

for (const way of ways) {
  let begin = 0
  for (const [message, end] of Object.entries(messages[way])) {
    const from = begin
    begin = end
    describe(`${message} ${way}`, () => {
      it.effect("is refused with a reason at each end, whichever of its bits is flipped", () =>
        Effect.gen(function*() {
          const { attempt } = yield* scene
          const [ofClient, ofServer] = reasons[way][message] ?? [/^$/, /^$/]
          for (let bit = from * 8; bit < end * 8; bit++) {
            const seen = yield* attempt(Relay.flipping(way, bit >> 3, bit & 7))
            const ofLength = message !== "magic" && bit < from * 8 + lengthBits
            assert.notStrictEqual(seen.answer, "attack at dawn")
            assert.match(seen.client, ofLength ? otherLength : ofClient, `bit ${bit}`)
            assert.match(seen.server, ofLength ? otherLength : ofServer, `bit ${bit}`)
          }
        }))

      it.effect("is understood wherever it is split", () =>
        Effect.gen(function*() {
          const { attempt } = yield* scene
          for (let byte = from + 1; byte <= end; byte++) {
            assert.deepStrictEqual(yield* attempt(splitting(way, byte)), {
              answer: "attack at dawn",
              client: "Admitted Passphrase",
              server: "Admitted Passphrase"
            })
          }
        }))
    })
  }
}

describe("an ephemeral key of low order", () => {
  /** Zeros in the place of the key. */
  const zeroing = (way: Relay.Way): Relay.Meddle => {
    let seen = 0
    return (from, bytes, pass) => {
      const begin = 10 - seen
      if (from === way) seen += bytes.length
      pass(from === way ? bytes.map((byte, at) => at >= begin && at < begin + 32 ? 0 : byte) : bytes)
    }
  }

  it.effect.each(
    [
      ["toServer", "Refused PlainPeer", "Refused ProtocolViolation"],
      ["toClient", "Refused ProtocolViolation", "Refused Truncated"]
    ] as const
  )("%s breaks the protocol", ([way, client, server]) =>
    Effect.gen(function*() {
      const { attempt } = yield* scene
      const { answer, ...seen } = yield* attempt(zeroing(way))
      assert.deepStrictEqual(seen, { client, server })
      assert.notStrictEqual(answer, "attack at dawn")
    }))
})
