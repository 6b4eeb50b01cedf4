import { assert, describe, it } from "@effect/vitest"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Fiber, Result } from "effect"
import * as Introduction from "../../src/exchange/Introduction.ts"
import { failsAfter, hostIp, joinerIp, settle, simulated, toHost, toJoiner } from "./Pair.ts"

const step = "4 seconds"
const self = PeerAddress.at(joinerIp, 49317)

describe("a joiner that introduces itself", () => {
  it.effect("claims its address in the original's very bytes and learns who is there, in the host's order", () =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      const joining = yield* Effect.forkChild(Introduction.initiate(link, self, step))
      yield* settle
      assert.deepStrictEqual(host.texts, [`{"peer_address": ["10.0.0.2", 49317]}`])
      host.write(`{"distro": [["10.0.0.1", 49265], ["10.0.0.9", 49400], ["10.0.0.2", 49317]]}`)
      assert.strictEqual((yield* Fiber.join(joining)).join(), "10.0.0.1:49265,10.0.0.9:49400,10.0.0.2:49317")
    }).pipe(simulated))

  it.effect("gives up on a silent host after exactly 4 seconds", () =>
    Effect.gen(function*() {
      const { link } = yield* toHost
      const reason = yield* failsAfter(Introduction.initiate(link, self, step), 4000)
      assert.strictEqual(reason._tag, "PeerUnresponsive")
    }).pipe(simulated))

  it.effect.each([
    { said: `{"distro": "everybody"}`, reason: "UnexpectedMessage" },
    { said: `{"distro": [["10.0.0.1"]]}`, reason: "UnexpectedMessage" },
    { said: `{"distro": [["10.0.0.1", 65536]]}`, reason: "UnexpectedMessage" },
    { said: `{"dist_addr": ["10.0.0.1", 50211]}`, reason: "UnexpectedMessage" },
    { said: "distro", reason: "MalformedFrame" }
  ])("refuses to understand $said", ({ reason, said }) =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      host.write(said)
      assert.strictEqual((yield* Effect.flip(Introduction.initiate(link, self, step)))._tag, reason)
    }).pipe(simulated))

  it.effect("says PeerClosed when the host ends instead of listing", () =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      host.pipe.end()
      assert.strictEqual((yield* Effect.flip(Introduction.initiate(link, self, step)))._tag, "PeerClosed")
    }).pipe(simulated))
})

describe("a list from the wire", () => {
  const read = (...entries: ReadonlyArray<readonly [string, number]>): ReadonlyArray<string> =>
    Introduction.fromWire(entries.map(([host, port]) => ({ host, port })), hostIp)

  it.each([
    { name: "a wildcard", host: "0.0.0.0" },
    { name: "a name", host: "localhost" },
    { name: "nothing", host: "" },
    { name: "an IPv6 address", host: "::1" }
  ])("has the host where it was reached when it calls itself $name", ({ host }) => {
    assert.deepStrictEqual(read([host, 49265], ["10.0.0.2", 49317]), ["10.0.0.1:49265", "10.0.0.2:49317"])
  })

  it("has everybody once, at the first place", () => {
    const list = read([hostIp, 1], [joinerIp, 2], [hostIp, 1], ["10.0.0.3", 3], [joinerIp, 2])
    assert.deepStrictEqual(list, ["10.0.0.1:1", "10.0.0.2:2", "10.0.0.3:3"])
  })

  it("leaves out who cannot be reached at port 0", () => {
    assert.deepStrictEqual(read([hostIp, 1], [joinerIp, 0]), ["10.0.0.1:1"])
  })
})

/** `known`: the name the host gives the joiner, `undefined` when it refuses. */
const claims = [
  { claim: "its own address", host: joinerIp, port: 49317, trusted: false, known: "10.0.0.2:49317" },
  { claim: "a wildcard", host: "0.0.0.0", port: 49317, trusted: false, known: "10.0.0.2:49317" },
  { claim: "a name", host: "my-laptop", port: 49317, trusted: false, known: "10.0.0.2:49317" },
  { claim: "an empty host", host: "", port: 49317, trusted: false, known: "10.0.0.2:49317" },
  { claim: "an IPv6 address", host: "fe80::1", port: 49317, trusted: false, known: "10.0.0.2:49317" },
  { claim: "somebody else's address", host: "10.0.0.9", port: 49317, trusted: false, known: undefined },
  { claim: "the loopback", host: "127.0.0.1", port: 49317, trusted: false, known: undefined },
  {
    claim: "somebody else's address, and is trusted",
    host: "10.0.0.9",
    port: 49317,
    trusted: true,
    known: "10.0.0.9:49317"
  },
  { claim: "a wildcard, and is trusted", host: "0.0.0.0", port: 49317, trusted: true, known: "10.0.0.2:49317" },
  { claim: "port 0", host: joinerIp, port: 0, trusted: false, known: undefined },
  { claim: "port 0, and is trusted", host: joinerIp, port: 0, trusted: true, known: undefined }
]

describe("a host that asks a joiner where it is", () => {
  it.effect.each(claims)(
    "knows one that claims $claim as $known",
    ({ host, known, port, trusted }) =>
      Effect.gen(function*() {
        const { joiner, link } = yield* toJoiner(2048)
        joiner.write(`{"peer_address": ["${host}", ${port}]}`)
        const peer = yield* Effect.result(Introduction.respond(link, trusted, step))
        if (Result.isSuccess(peer)) return assert.strictEqual<string | undefined>(peer.success, known)
        assert.isUndefined(known)
        assert.strictEqual(peer.failure._tag, "ForeignAddress")
        assert.include(peer.failure.message, `${host}:${port}`)
      }).pipe(simulated)
  )

  it.effect("says nothing by itself: the list is the caller's to send", () =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner(2048)
      joiner.write(`{"peer_address": ["10.0.0.2", 49317]}`)
      yield* Introduction.respond(link, false, step)
      yield* settle
      assert.strictEqual(joiner.text, "")
    }).pipe(simulated))

  it.effect("gives up on a silent joiner after exactly 4 seconds", () =>
    Effect.gen(function*() {
      const { link } = yield* toJoiner(2048)
      const reason = yield* failsAfter(Introduction.respond(link, false, step), 4000)
      assert.strictEqual(reason._tag, "PeerUnresponsive")
    }).pipe(simulated))

  it.effect.each([
    { said: `{"peer_address": ["10.0.0.2", "49317"]}`, reason: "UnexpectedMessage" },
    { said: `{"peer_address": ["10.0.0.2", 65536]}`, reason: "UnexpectedMessage" },
    { said: `{"peer_address": ["${"x".repeat(256)}", 49317]}`, reason: "UnexpectedMessage" },
    { said: `{"shadow": "sesame"}`, reason: "UnexpectedMessage" },
    { said: `{"peer_address": ["10.0.0.2", 49317}`, reason: "FrameTruncated" },
    { said: "", reason: "PeerClosed" }
  ])("does not take '$said'", ({ reason, said }) =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner(2048)
      joiner.write(said)
      joiner.pipe.end()
      assert.strictEqual((yield* Effect.flip(Introduction.respond(link, false, step)))._tag, reason)
    }).pipe(simulated))
})
