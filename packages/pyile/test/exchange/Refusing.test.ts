/** What each half of each exchange makes of another end that says something else, ends, or says nothing. */
import { assert, describe } from "@effect/vitest"
import { type MemoryNetwork, MemoryTransport } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import type { Link } from "@peerage/wire"
import { Effect, Redacted } from "effect"
import * as BanCheck from "../../src/exchange/BanCheck.ts"
import * as Distribution from "../../src/exchange/Distribution.ts"
import * as Heartbeat from "../../src/exchange/Heartbeat.ts"
import * as Introduction from "../../src/exchange/Introduction.ts"
import * as PasswordAuth from "../../src/exchange/PasswordAuth.ts"
import { elapse, failsAfter, joinerIp, settle, simulation, toHost, toJoiner } from "./Pair.ts"

const step = "4 seconds"
const beat = `{"<3": true}`

type Running = Effect.Effect<
  unknown,
  { readonly _tag: string; readonly awaited?: unknown },
  MemoryNetwork.MemoryNetwork
>

const joining = (run: (link: Link.Link) => Running) =>
  Effect.map(toHost, ({ host, link }) => ({ other: host, run: run(link) }))
const hosting = (run: (link: Link.Link) => Running) =>
  Effect.map(toJoiner, ({ joiner, link }) => ({ other: joiner, run: run(link) }))

interface Half {
  readonly half: string
  readonly end: ReturnType<typeof joining>
  /** What it says by itself. */
  readonly says?: string
  /** What it waits for, and for how long. */
  readonly awaited: string
  readonly within?: number
  /** Messages that are not the awaited one. */
  readonly others: ReadonlyArray<string>
}

const halves: ReadonlyArray<Half> = [
  {
    half: "BanCheck.initiate",
    end: joining((link) => BanCheck.initiate(link, step)),
    awaited: "BanStatus",
    others: [`{"banned": "no"}`, `{"authenticated": true}`]
  },
  {
    half: "PasswordAuth.initiate",
    end: joining((link) => PasswordAuth.initiate(link, Redacted.make("open"), step)),
    says: `{"shadow": "open"}`,
    awaited: "Authenticated",
    others: [`{"authenticated": 1}`, `{"banned": false}`]
  },
  {
    half: "PasswordAuth.respond",
    end: hosting((link) => PasswordAuth.respond(link, () => Effect.die("nothing is to be judged"), step)),
    awaited: "Password",
    others: [`{"password": "sesame"}`]
  },
  {
    half: "Introduction.initiate",
    end: joining((link) => Introduction.initiate(link, PeerAddress.at(joinerIp, 49317), step)),
    says: `{"peer_address": ["10.0.0.2", 49317]}`,
    awaited: "PeerList",
    others: ["everybody", ["10.0.0.1"], [["10.0.0.1", 65536]]].map((distro) => JSON.stringify({ distro }))
  },
  {
    half: "Introduction.respond",
    end: hosting((link) => Introduction.respond(link, false, step)),
    awaited: "AddressClaim",
    others: [
      `{"peer_address": ["10.0.0.2", "49317"]}`,
      `{"peer_address": ["10.0.0.2", 65536]}`,
      `{"peer_address": ["${"x".repeat(256)}", 49317]}`,
      `{"shadow": "sesame"}`
    ]
  },
  {
    half: "Distribution.initiate",
    end: joining((link) =>
      Effect.flatMap(
        MemoryTransport.make(joinerIp),
        (transport) => Effect.scoped(Distribution.initiate(link, transport, { within: step, maxListBytes: 1024 }))
      )
    ),
    awaited: "DistAddress",
    others: [`{"dist_addr": "10.0.0.1:50211"}`, `{"distro": []}`]
  },
  {
    half: "Distribution.receive",
    end: joining((link) => Distribution.receive(link, () => Effect.void)),
    awaited: "PeerList",
    within: Number.POSITIVE_INFINITY,
    others: [`{"dist_addr": ["10.0.0.1", 1]}`]
  },
  {
    half: "Heartbeat.initiate",
    end: hosting((link) => Heartbeat.initiate(link, { interval: "2 seconds", timeout: step })),
    says: beat,
    awaited: "Heartbeat",
    others: []
  },
  {
    half: "Heartbeat.respond",
    end: joining((link) => Heartbeat.respond(link, "6 seconds")),
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
  simulation.each(
    halves.flatMap((half) =>
      [...wrong, ...half.others.map((said) => ({ said, reason: "UnexpectedMessage" }))].map((row) => ({
        ...half,
        ...row
      }))
    )
  )(
    "$half fails with $reason at '$said' and FIN, and answers nothing",
    function*({ end, reason, said, says = "" }) {
      const { other, run } = yield* end
      other.write(said)
      other.pipe.end()
      const error = yield* Effect.flip(run)
      yield* settle
      assert.deepStrictEqual([error._tag, other.text], [reason, says])
      assert.notInclude(JSON.stringify(error), "sesame")
    }
  )

  simulation.each(halves)("$half fails with SocketError at RST", function*({ end }) {
    const { other, run } = yield* end
    other.pipe.reset()
    assert.strictEqual((yield* Effect.flip(run))._tag, "SocketError")
  })

  simulation.each(halves.filter(({ within }) => within !== Number.POSITIVE_INFINITY))(
    "$half gives up on another end that says nothing exactly when it should, and says nothing more",
    function*({ awaited, end, says = "", within = 4000 }) {
      const { other, run } = yield* end
      assert.deepInclude(yield* failsAfter(run, within), { _tag: "PeerUnresponsive", awaited })
      yield* elapse("1 minute")
      assert.strictEqual(other.text, says)
    }
  )
})
