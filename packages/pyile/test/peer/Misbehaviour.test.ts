import { assert, describe, it } from "@effect/vitest"
import type { AuthPeer } from "@peerage/pyile"
import type { Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Fiber, type Scope } from "effect"
import type { SocketError } from "effect/socket/Socket"
import { distPortOf, elapse, host, join, joiner, peersOf, scripted, simulated, stranger, watch } from "./Network.ts"

const ip = "10.0.0.66"

interface Offence {
  readonly name: string
  readonly act: (
    hosting: AuthPeer.AuthPeerService
  ) => Effect.Effect<Stranger, SocketError, MemoryNetwork.MemoryNetwork | Scope.Scope>
  /** How the offender's connection has ended 6 seconds later. */
  readonly end: string
  /** What the host tells about it: nothing about one that just went away. */
  readonly rejected: ReadonlyArray<string>
}

const saying = (until: "Password" | "Address" | "List" | "Invitation", ...texts: ReadonlyArray<string>) => () =>
  Effect.tap(scripted(ip, until), (raw) => Effect.sync(() => raw.write(...texts)))

const thenEnd =
  (until: "Password" | "Address" | "List" | "Invitation", text: string, end: (raw: Stranger) => void) => () =>
    Effect.tap(saying(until, text)(), (raw) => Effect.sync(() => end(raw)))

const dripping = (port?: number) =>
  Effect.tap(stranger(ip, port), (raw) => {
    const drip = Effect.andThen(Effect.sync(() => raw.write(raw.end === "Open" ? " " : "")), Effect.sleep("500 millis"))
    raw.write("{")
    return Effect.forkScoped(Effect.forever(drip))
  })

const chatPortOf = (hosting: AuthPeer.AuthPeerService) => PeerAddress.port(hosting.self)
const fin = (raw: Stranger) => raw.pipe.end()
const reset = (raw: Stranger) => raw.pipe.reset()
const claim = `{"peer_address": ["${ip}", 49317]}`

const offences: ReadonlyArray<Offence> = [
  { name: "a client that says nothing", act: saying("Password"), end: "Fin", rejected: ["PeerUnresponsive"] },
  { name: "a client that drips a byte at a time", act: () => dripping(), end: "Fin", rejected: ["PeerUnresponsive"] },
  { name: "garbage", act: saying("Password", "\u0000\u0016\u0003\u0001"), end: "Fin", rejected: ["MalformedFrame"] },
  {
    name: "a request of the web",
    act: saying("Password", "GET / HTTP/1.1\r\n\r\n"),
    end: "Fin",
    rejected: ["MalformedFrame"]
  },
  { name: "half a message and FIN", act: thenEnd("Password", `{"shad`, fin), end: "Fin", rejected: ["FrameTruncated"] },
  {
    name: "a message that is no JSON",
    act: saying("Password", `{"shadow": ses}`),
    end: "Fin",
    rejected: ["MalformedMessage"]
  },
  { name: "endless open braces", act: saying("Password", "{".repeat(5000)), end: "Fin", rejected: ["MalformedFrame"] },
  {
    name: "an endless text",
    act: saying("Password", `{"${"x".repeat(9000)}`),
    end: "Fin",
    rejected: ["FrameTooLarge"]
  },
  {
    name: "an oversized password",
    act: saying("Password", `{"shadow": "${"x".repeat(2048)}"}`),
    end: "Fin",
    rejected: ["FrameTooLarge"]
  },
  { name: "an address for the password", act: saying("Password", claim), end: "Fin", rejected: ["UnexpectedMessage"] },
  {
    name: "a password for the address",
    act: saying("Address", `{"shadow": "sesame"}`),
    end: "Fin",
    rejected: ["UnexpectedMessage"]
  },
  {
    name: "heartbeats for a dist connection",
    act: saying("Invitation", `{"<3": true}`),
    end: "Fin",
    rejected: ["NoDistConnection"]
  },
  { name: "garbage for a dist connection", act: saying("Invitation", "<3"), end: "Fin", rejected: ["MalformedFrame"] },
  {
    name: "a password and an address in one, and no dist connection",
    act: saying("Password", `{"shadow": "sesame"}${claim}`),
    end: "Fin",
    rejected: ["NoDistConnection"]
  },
  { name: "no dist connection", act: saying("Invitation"), end: "Fin", rejected: ["NoDistConnection"] },
  {
    name: "a claim of somebody else's address",
    act: saying("Address", `{"peer_address": ["10.0.0.2", 1]}`),
    end: "Fin",
    rejected: ["ForeignAddress"]
  },
  {
    name: "a claim of the host's address",
    act: saying("Address", `{"peer_address": ["10.0.0.1", 1]}`),
    end: "Fin",
    rejected: ["ForeignAddress"]
  },
  {
    name: "a client that dies half-way",
    act: () => Effect.tap(scripted(ip, "Address"), killed),
    end: "ECONNABORTED",
    rejected: ["PeerUnresponsive"]
  },
  ...(["Password", "Address", "List", "Invitation"] as const).flatMap((until): ReadonlyArray<Offence> => [
    { name: `RST at ${until}`, act: thenEnd(until, "", reset), end: "Closed", rejected: [] },
    { name: `FIN at ${until}`, act: thenEnd(until, "", fin), end: "Fin", rejected: [] }
  ]),
  {
    name: "40 connections from one address",
    act: () =>
      Effect.map(Effect.forEach(Array.from({ length: 40 }), () => stranger(ip)), (raws) => raws[39] ?? raws[0]).pipe(
        Effect.flatMap(Effect.fromNullishOr),
        Effect.orDie
      ),
    end: "Fin",
    rejected: [...Array.from({ length: 8 }, () => "TooMany"), ...Array.from({ length: 32 }, () => "PeerUnresponsive")]
  },
  {
    name: "a stranger on the dist port",
    act: () => Effect.flatMap(scripted("10.0.0.67", "Invitation"), (raw) => stranger(ip, distPortOf(raw))),
    end: "Fin",
    rejected: []
  },
  {
    name: "a stranger on the chat port",
    act: (hosting) => stranger(ip, chatPortOf(hosting)),
    end: "Fin",
    rejected: ["NotAMember"]
  },
  {
    name: "a member that chats garbage",
    act: (hosting) =>
      Effect.tap(
        Effect.andThen(Effect.orDie(join(ip)), stranger(ip, chatPortOf(hosting))),
        (raw) => Effect.sync(() => raw.write("hello"))
      ),
    end: "Fin",
    rejected: ["MalformedMessage"]
  },
  {
    name: "a member that chats no message",
    act: (hosting) =>
      Effect.tap(
        Effect.andThen(Effect.orDie(join(ip)), stranger(ip, chatPortOf(hosting))),
        (raw) => Effect.sync(() => raw.write(`{"data": 1}`))
      ),
    end: "Fin",
    rejected: ["MalformedMessage"]
  },
  {
    name: "a member that drips its chat message",
    act: (hosting) => Effect.andThen(Effect.orDie(join(ip)), dripping(chatPortOf(hosting))),
    end: "ECONNRESET",
    rejected: []
  },
  {
    name: "a member with an idle chat connection",
    act: (hosting) => Effect.andThen(Effect.orDie(join(ip)), stranger(ip, chatPortOf(hosting))),
    end: "ECONNRESET",
    rejected: []
  }
]

const killed = () => Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) => network.kill(ip))

describe("a host that meets", () => {
  it.effect.each(offences)(
    "$name says so, ends it, and delays nobody",
    ({ act, end, rejected }) =>
      Effect.gen(function*() {
        const hosting = yield* host()
        const before = yield* join("10.0.0.2")
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
        const peers = yield* peersOf(hosting)
        assert.includeMembers([...peers], [before.self, ann.self])
      }).pipe(simulated)
  )
})
