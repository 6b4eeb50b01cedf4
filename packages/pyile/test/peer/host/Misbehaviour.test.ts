import { assert, describe } from "@effect/vitest"
import type { AuthPeer } from "@peerage/pyile"
import type { Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Fiber, type Scope } from "effect"
import type { SocketError } from "effect/socket/Socket"
import { elapse, host, join, joiner, pair, settle, simulation } from "../Network.ts"
import { distPortOf, scripted, stranger } from "../Strangers.ts"
import { peersOf, watch } from "../Watching.ts"

const ip = "10.0.0.66"

/** What an offender does, how its connection has ended 6 seconds later, and why the host says it was turned away. */
type Offence = readonly [
  name: string,
  act: (
    hosting: AuthPeer.AuthPeerService
  ) => Effect.Effect<Stranger, SocketError, MemoryNetwork.MemoryNetwork | Scope.Scope>,
  end: string,
  rejected: ReadonlyArray<string>
]

const steps = ["Password", "Address", "List", "Invitation"] as const
type Step = typeof steps[number]

const saying = (until: Step, ...texts: ReadonlyArray<string>) => () =>
  Effect.tap(scripted(ip, until), (raw) => Effect.sync(() => raw.write(...texts)))

const thenEnd = (until: Step, text: string, end: (raw: Stranger) => void) => () =>
  Effect.tap(saying(until, text)(), (raw) => Effect.sync(() => end(raw)))

const dripping = (port?: number) =>
  Effect.tap(stranger(ip, port), (raw) => {
    const drip = Effect.andThen(Effect.sync(() => raw.write(raw.end === "Open" ? " " : "")), Effect.sleep("500 millis"))
    raw.write("{")
    return Effect.forkScoped(Effect.forever(drip))
  })

const chatPortOf = (hosting: AuthPeer.AuthPeerService) => PeerAddress.port(hosting.self)

/** A member's chat connection. */
const chatting = (...texts: ReadonlyArray<string>) => (hosting: AuthPeer.AuthPeerService) =>
  Effect.tap(
    Effect.andThen(Effect.orDie(join(ip)), stranger(ip, chatPortOf(hosting))),
    (raw) => Effect.sync(() => raw.write(...texts))
  )

const fin = (raw: Stranger) => raw.pipe.end()
const reset = (raw: Stranger) => raw.pipe.reset()
const claim = `{"peer_address": ["${ip}", 49317]}`
const foreign = (host: string) => saying("Address", `{"peer_address": ["${host}", 1]}`)
const crowded = Effect.forEach(Array.from({ length: 40 }), () => stranger(ip)).pipe(
  Effect.flatMap((raws) => Effect.fromNullishOr(raws[39])),
  Effect.orDie
)
const times = (count: number, reason: string) => Array.from({ length: count }, () => reason)

const offences: ReadonlyArray<Offence> = [
  ["a client that says nothing", saying("Password"), "Fin", ["PeerUnresponsive"]],
  ["a client that drips a byte at a time", () => dripping(), "Fin", ["PeerUnresponsive"]],
  ["garbage", saying("Password", "\u0000\u0016\u0003\u0001"), "Fin", ["MalformedFrame"]],
  ["a request of the web", saying("Password", "GET / HTTP/1.1\r\n\r\n"), "Fin", ["MalformedFrame"]],
  ["half a message and FIN", thenEnd("Password", `{"shad`, fin), "Fin", ["FrameTruncated"]],
  ["a message that is no JSON", saying("Password", `{"shadow": ses}`), "Fin", ["MalformedMessage"]],
  ["endless open braces", saying("Password", "{".repeat(5000)), "Fin", ["MalformedFrame"]],
  ["an endless text", saying("Password", `{"${"x".repeat(9000)}`), "Fin", ["FrameTooLarge"]],
  ["an oversized password", saying("Password", `{"shadow": "${"x".repeat(2048)}"}`), "Fin", ["FrameTooLarge"]],
  ["an address for the password", saying("Password", claim), "Fin", ["UnexpectedMessage"]],
  ["a password for the address", saying("Address", `{"shadow": "sesame"}`), "Fin", ["UnexpectedMessage"]],
  ["heartbeats for a dist connection", saying("Invitation", `{"<3": true}`), "Fin", ["NoDistConnection"]],
  ["garbage for a dist connection", saying("Invitation", "<3"), "Fin", ["MalformedFrame"]],
  ["two steps in one", saying("Password", `{"shadow": "sesame"}${claim}`), "Fin", ["NoDistConnection"]],
  ["no dist connection", saying("Invitation"), "Fin", ["NoDistConnection"]],
  ["a claim of somebody else's address", foreign("10.0.0.2"), "Fin", ["ForeignAddress"]],
  ["a claim of the host's address", foreign("10.0.0.1"), "Fin", ["ForeignAddress"]],
  [
    "a client that dies half-way",
    () => Effect.tap(scripted(ip, "Address"), killed),
    "ECONNABORTED",
    ["PeerUnresponsive"]
  ],
  ...steps.flatMap((until): ReadonlyArray<Offence> => [
    [`RST at ${until}`, thenEnd(until, "", reset), "Closed", []],
    [`FIN at ${until}`, thenEnd(until, "", fin), "Fin", []]
  ]),
  ["40 connections from one address", () => crowded, "Fin", [...times(8, "TooMany"), ...times(32, "PeerUnresponsive")]],
  [
    "a stranger on the dist port",
    () => Effect.flatMap(scripted("10.0.0.67", "Invitation"), (raw) => stranger(ip, distPortOf(raw))),
    "Fin",
    []
  ],
  ["a stranger on the chat port", (hosting) => stranger(ip, chatPortOf(hosting)), "Fin", ["NotAMember"]],
  ["a member that chats garbage", chatting("hello"), "Fin", ["MalformedMessage"]],
  ["a member that chats no message", chatting(`{"data": 1}`), "Fin", ["MalformedMessage"]],
  [
    "a member that drips its chat message",
    (hosting) => Effect.andThen(Effect.orDie(join(ip)), dripping(chatPortOf(hosting))),
    "ECONNRESET",
    []
  ],
  ["a member with an idle chat connection", chatting(), "ECONNRESET", []]
]

const killed = () => Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) => network.kill(ip))

describe("a host that meets", () => {
  simulation.each(offences)("%s says so, ends it, and delays nobody", function*([, act, end, rejected]) {
    const { ann: before, hosting } = yield* pair()
    const events = yield* watch(hosting)
    const offender = yield* act(hosting)
    const joining = yield* Effect.forkChild(joiner("10.0.0.3"))
    yield* elapse(100)
    assert.isDefined(joining.pollUnsafe(), "the honest joiner is in after the 100 ms that it takes")
    const ann = yield* Fiber.join(joining)
    assert.deepStrictEqual((yield* before.send(hosting.self, "still here")).acknowledged, [hosting.self])
    assert.deepStrictEqual((yield* ann.send(hosting.self, "me too")).acknowledged, [hosting.self])
    yield* elapse("6 seconds")
    const reasons = events.flatMap((event) => event._tag === "Rejected" && event.host === ip ? [event.reason] : [])
    assert.deepStrictEqual([offender.end, reasons], [end, rejected])
    assert.includeMembers([...(yield* peersOf(hosting))], [before.self, ann.self])
  })

  simulation("one that just goes away notes that only, and a warning for what was wrong", function*() {
    const { history } = yield* host()
    yield* thenEnd("Address", "", fin)()
    yield* settle
    yield* thenEnd("Address", "?", fin)()
    yield* settle
    assert.deepStrictEqual((yield* history.entries()).slice(1).map(({ level, text }) => `${level} ${text}`), [
      `INFO ${ip} did not join: PeerClosed`,
      `WARNING ${ip} did not join: MalformedFrame`
    ])
  })
})
