/** What each half of each exchange makes of another end that says something else, ends, or says nothing. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryTransport } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Redacted } from "effect"
import * as BanCheck from "../../src/exchange/BanCheck.ts"
import * as Distribution from "../../src/exchange/Distribution.ts"
import * as Heartbeat from "../../src/exchange/Heartbeat.ts"
import * as Introduction from "../../src/exchange/Introduction.ts"
import * as PasswordAuth from "../../src/exchange/PasswordAuth.ts"
import { elapse, failsAfter, joinerIp, settle, simulated, toHost, toJoiner } from "./Pair.ts"

const step = "4 seconds"
const joining = Effect.map(toHost, ({ host, link }) => ({ link, other: host }))
const hosting = Effect.map(toJoiner, ({ joiner, link }) => ({ link, other: joiner }))
const beat = `{"<3": true}`

/** One half: at which end it is, what it says by itself, how long it waits, and messages that are not the awaited one. */
const halves = [
  {
    half: "BanCheck.initiate",
    end: Effect.map(joining, (pair) => ({ ...pair, run: BanCheck.initiate(pair.link, step) })),
    says: "",
    awaited: "BanStatus",
    within: 4000,
    others: [`{"banned": "no"}`, `{"authenticated": true}`]
  },
  {
    half: "PasswordAuth.initiate",
    end: Effect.map(joining, (pair) => ({
      ...pair,
      run: PasswordAuth.initiate(pair.link, Redacted.make("open"), step)
    })),
    says: `{"shadow": "open"}`,
    awaited: "Authenticated",
    within: 4000,
    others: [`{"authenticated": 1}`, `{"banned": false}`]
  },
  {
    half: "PasswordAuth.respond",
    end: Effect.map(hosting, (pair) => ({
      ...pair,
      run: PasswordAuth.respond(pair.link, () => Effect.die("nothing is to be judged"), step)
    })),
    says: "",
    awaited: "Password",
    within: 4000,
    others: [`{"password": "sesame"}`]
  },
  {
    half: "Introduction.initiate",
    end: Effect.map(joining, (pair) => ({
      ...pair,
      run: Introduction.initiate(pair.link, PeerAddress.at(joinerIp, 49317), step)
    })),
    says: `{"peer_address": ["10.0.0.2", 49317]}`,
    awaited: "PeerList",
    within: 4000,
    others: [
      `{"distro": "everybody"}`,
      `{"distro": [["10.0.0.1"]]}`,
      `{"distro": [["10.0.0.1", 65536]]}`,
      `{"dist_addr": ["10.0.0.1", 50211]}`
    ]
  },
  {
    half: "Introduction.respond",
    end: Effect.map(hosting, (pair) => ({ ...pair, run: Introduction.respond(pair.link, false, step) })),
    says: "",
    awaited: "AddressClaim",
    within: 4000,
    others: [
      `{"peer_address": ["10.0.0.2", "49317"]}`,
      `{"peer_address": ["10.0.0.2", 65536]}`,
      `{"peer_address": ["${"x".repeat(256)}", 49317]}`,
      `{"shadow": "sesame"}`
    ]
  },
  {
    half: "Distribution.initiate",
    end: Effect.zipWith(joining, MemoryTransport.make(joinerIp), (pair, transport) => ({
      ...pair,
      run: Effect.scoped(Distribution.initiate(pair.link, transport, { dial: {}, within: step, maxListBytes: 1024 }))
    })),
    says: "",
    awaited: "DistAddress",
    within: 4000,
    others: [`{"dist_addr": "10.0.0.1:50211"}`, `{"distro": []}`]
  },
  {
    half: "Distribution.receive",
    end: Effect.map(joining, (pair) => ({ ...pair, run: Distribution.receive(pair.link, () => Effect.void) })),
    says: "",
    others: [`{"dist_addr": ["10.0.0.1", 1]}`]
  },
  {
    half: "Heartbeat.initiate",
    end: Effect.map(hosting, (pair) => ({
      ...pair,
      run: Heartbeat.initiate(pair.link, { interval: "2 seconds", timeout: step })
    })),
    says: beat,
    awaited: "Heartbeat",
    within: 4000,
    others: []
  },
  {
    half: "Heartbeat.respond",
    end: Effect.map(joining, (pair) => ({ ...pair, run: Heartbeat.respond(pair.link, "6 seconds") })),
    says: "",
    awaited: "Heartbeat",
    within: 6000,
    others: []
  }
]

const wrong = [
  { said: "none", reason: "MalformedFrame" },
  { said: "{none}", reason: "MalformedMessage" },
  { said: `{"half`, reason: "FrameTruncated" },
  { said: "", reason: "PeerClosed" }
]

describe("half of an exchange", () => {
  it.effect.each(
    halves.flatMap((half) =>
      [...wrong, ...half.others.map((said) => ({ said, reason: "UnexpectedMessage" }))].map((row) => ({
        ...half,
        ...row
      }))
    )
  )(
    "$half fails with $reason at '$said' and FIN, and answers nothing",
    ({ end, reason, said, says }) =>
      Effect.gen(function*() {
        const { other, run } = yield* end
        other.write(said)
        other.pipe.end()
        const error = yield* Effect.flip(run)
        yield* settle
        assert.deepStrictEqual([error._tag, other.text], [reason, says])
        assert.notInclude(JSON.stringify(error), "sesame")
      }).pipe(simulated)
  )

  it.effect.each(halves)("$half fails with SocketError at RST", ({ end }) =>
    Effect.gen(function*() {
      const { other, run } = yield* end
      other.pipe.reset()
      assert.strictEqual((yield* Effect.flip(run))._tag, "SocketError")
    }).pipe(simulated))

  it.effect.each(halves.filter(({ within }) => within !== undefined))(
    "$half gives up on another end that says nothing after exactly $within ms, and says nothing more",
    ({ awaited, end, says, within }) =>
      Effect.gen(function*() {
        const { other, run } = yield* end
        assert.deepInclude(yield* failsAfter(run, within ?? 0), { _tag: "PeerUnresponsive", awaited })
        yield* elapse("1 minute")
        assert.strictEqual(other.text, says)
      }).pipe(simulated)
  )
})
