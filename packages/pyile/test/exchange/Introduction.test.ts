import { assert, describe, it } from "@effect/vitest"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Fiber, Result } from "effect"
import * as Introduction from "../../src/exchange/Introduction.ts"
import { elapse, hostIp, joinerIp, settle, simulation, toHost, toJoiner } from "./Pair.ts"

const step = "4 seconds"

describe("a joiner that introduces itself", () => {
  simulation("claims its address in the original's very bytes and learns who is there, in order", function*() {
    const { host, link } = yield* toHost
    const joining = yield* Effect.forkChild(Introduction.initiate(link, PeerAddress.at(joinerIp, 49317), step))
    yield* settle
    assert.deepStrictEqual(host.texts, [`{"peer_address": ["10.0.0.2", 49317]}`])
    host.write(`{"distro": [["10.0.0.1", 49265], ["10.0.0.9", 49400], ["10.0.0.2", 49317]]}`)
    assert.strictEqual([...(yield* Fiber.join(joining)).peers].join(), "10.0.0.1:49265,10.0.0.9:49400,10.0.0.2:49317")
  })

  simulation.each([
    {
      answer: `{"refused": "ForeignAddress", "remote": ["203.0.113.9\\u001b", 40112]}`,
      reason: { _tag: "ForeignAddress", claimed: "10.0.0.2:49317", remote: "203.0.113.9" }
    },
    { answer: `{"refused": "TooMany", "limit": 7}`, reason: { _tag: "TooMany", of: "members", limit: 7 } },
    { answer: `{"refused": "Whim"}`, reason: { _tag: "UnexpectedMessage" } }
  ])("learns from $answer why it is not admitted", function*({ answer, reason }) {
    const { host, link } = yield* toHost
    const joining = yield* Effect.forkChild(
      Effect.flip(Introduction.initiate(link, PeerAddress.at(joinerIp, 49317), step))
    )
    yield* settle
    host.write(answer)
    const failure: object = yield* Fiber.join(joining)
    assert.deepInclude(failure, reason)
  })

  simulation("takes a list that comes slowly, and gives up on one that stops", function*() {
    const { host, link } = yield* toHost
    const introducing = Introduction.initiate(link, PeerAddress.at(joinerIp, 49317), step)
    const joining = yield* Effect.forkChild(introducing)
    const list = `{"distro": [["10.0.0.1", 49265], ["10.0.0.2", 49317]]}`
    for (let at = 0; at < list.length; at += 5) {
      yield* elapse("3 seconds")
      host.write(list.slice(at, at + 5))
    }
    assert.strictEqual([...(yield* Fiber.join(joining)).peers].join(), "10.0.0.1:49265,10.0.0.2:49317")
    const stopped = yield* Effect.forkChild(Effect.flip(introducing))
    yield* settle
    host.write(list.slice(0, 20))
    yield* elapse("8 seconds")
    assert.strictEqual((yield* Fiber.join(stopped))._tag, "PeerUnresponsive")
  })
})

describe("a list from the wire", () => {
  it.each([
    ["the host where it was reached, not at a wildcard", ["0.0.0.0 1", "10.0.0.2 2"], "10.0.0.1:1,10.0.0.2:2"],
    ["the host where it was reached, not at a name", ["localhost 1", "10.0.0.2 2"], "10.0.0.1:1,10.0.0.2:2"],
    ["the host where it was reached, not nowhere", [" 1", "10.0.0.2 2"], "10.0.0.1:1,10.0.0.2:2"],
    ["the host where it was reached, not at an IPv6 address", ["::1 1", "10.0.0.2 2"], "10.0.0.1:1,10.0.0.2:2"],
    [
      "everybody once, at the first place",
      ["10.0.0.1 1", "10.0.0.2 2", "10.0.0.1 1", "10.0.0.3 3", "10.0.0.2 2"],
      [
        "10.0.0.1:1",
        "10.0.0.2:2",
        "10.0.0.3:3"
      ].join()
    ],
    ["nobody who cannot be reached, at port 0", ["10.0.0.1 1", "10.0.0.2 0"], "10.0.0.1:1"]
  ])("has %s", (_, entries, list) => {
    const distro = entries.map((entry) => entry.split(" ")).map(([host = "", port]) => ({ host, port: Number(port) }))
    assert.strictEqual(Introduction.fromWire(distro, hostIp).join(), list)
  })

  it("means the host that it came from, also where peers of one process share it", () => {
    const list = { distro: [{ host: "0.0.0.0", port: 49_265 }, { host: "10.0.0.9", port: 49_400 }] }
    const from = (host: string) =>
      Introduction.rosterOf(list, { remote: PeerAddress.toInet(PeerAddress.at(host, 1)), identity: undefined })
    assert.deepStrictEqual(
      [hostIp, "10.0.0.7", hostIp].map((host) => [...from(host).peers][0]),
      [hostIp, "10.0.0.7", hostIp].map((host) => PeerAddress.at(host, 49_265))
    )
    assert.strictEqual(from(hostIp), from(hostIp))
  })
})

describe("a host that asks a joiner where it is", () => {
  simulation.each([
    { claim: "its own address", host: joinerIp, known: "10.0.0.2:49317" },
    { claim: "a wildcard", host: "0.0.0.0", known: "10.0.0.2:49317" },
    { claim: "a name", host: "my-laptop", known: "10.0.0.2:49317" },
    { claim: "an empty host", host: "", known: "10.0.0.2:49317" },
    { claim: "an IPv6 address", host: "fe80::1", known: "10.0.0.2:49317" },
    { claim: "somebody else's address", host: "10.0.0.9", known: undefined },
    { claim: "the loopback", host: "127.0.0.1", known: undefined },
    { claim: "somebody else's address, and is trusted", host: "10.0.0.9", trusted: true, known: "10.0.0.9:49317" },
    { claim: "a wildcard, and is trusted", host: "0.0.0.0", trusted: true, known: "10.0.0.2:49317" },
    { claim: "port 0", host: joinerIp, port: 0, known: undefined },
    { claim: "port 0, and is trusted", host: joinerIp, port: 0, trusted: true, known: undefined }
  ])(
    "knows one that claims $claim as $known, and says nothing but why not",
    function*({ host, known, port = 49317, trusted = false }) {
      const { joiner, link } = yield* toJoiner
      joiner.write(`{"peer_address": ["${host}", ${port}]}`)
      const peer = yield* Effect.result(Introduction.respond(link, trusted, step))
      yield* settle
      const foreign = `{"refused": "ForeignAddress", "remote": ["${joinerIp}", ${joiner.pipe.local.port}]}`
      assert.strictEqual(joiner.text, known === undefined ? foreign : "")
      if (Result.isSuccess(peer)) return assert.strictEqual<string | undefined>(peer.success, known)
      assert.isUndefined(known)
      assert.strictEqual(peer.failure._tag, "ForeignAddress")
      assert.include(peer.failure.message, `${host}:${port}`)
    }
  )
})
