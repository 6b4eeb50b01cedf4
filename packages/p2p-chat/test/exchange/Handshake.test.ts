import { assert, describe } from "@effect/vitest"
import { Machines } from "@peerage/testing"
import type { Link } from "@peerage/wire"
import { Effect, Fiber } from "effect"
import { DuplicateId } from "../../src/ChatError.ts"
import * as Handshake from "../../src/exchange/Handshake.ts"
import { id, settle, simulate } from "../peer/Network.ts"
import { chat, response, start } from "../peer/Raw.ts"
import { pair } from "./Pair.ts"

const initiate = (link: Link.Link) => Handshake.initiate(link, id(11), "4 seconds")

const respond = (link: Link.Link) =>
  Handshake.respond(link, id(10), {
    within: "4 seconds",
    admit: (joiner) => joiner.id === 99n ? Effect.fail(new DuplicateId({ id: joiner.id })) : Effect.succeed(joiner)
  })

const [taken, invalid] = [{ _tag: "DuplicateId" }, { _tag: "InvalidId" }] as const

describe("a joiner", () => {
  simulate("asks for its id, and that it is one of ours goes along in a field that originals pass over", function*() {
    const { link, other } = yield* pair("Joiner")
    const joining = yield* Effect.forkChild(initiate(link))
    yield* settle
    assert.strictEqual(other.hex, "00000009" + "0803" + "2205" + "080b" + "c03e01")
    other.writeHex("00000006" + "0804" + "2a02" + "080a")
    yield* settle
    assert.deepStrictEqual(yield* Fiber.join(joining), { id: id(10), extended: false })
  })

  simulate("knows one of ours by its answer", function*() {
    const { link, other } = yield* pair("Joiner")
    other.say(response(10, { extension: 1 }))
    assert.deepStrictEqual(yield* initiate(link), { id: id(10), extended: true })
  })

  simulate.each([
    { what: "that its id is taken", answer: "00000006 0804 2a021001", ...taken, subject: 11 },
    {
      what: "that its id is taken, by an answer with an id",
      answer: "00000008 0804 2a0408051001",
      ...taken,
      subject: 11
    },
    { what: "that the server has no id", answer: "00000002 0804", ...invalid, subject: 0 },
    { what: "that the server's id is 0", answer: "00000004 0804 2a00", ...invalid, subject: 0 },
    { what: "that the server's id is -3", answer: "0000000f 0804 2a0b 08fdffffffffffffffff01", ...invalid, subject: -3 }
  ])("learns $what", function*({ _tag, answer, subject }) {
    const { link, other } = yield* pair("Joiner")
    other.writeHex(answer)
    assert.deepInclude(yield* Effect.flip(initiate(link)), { _tag, id: id(subject) })
  })

  simulate("gives a silent server up after the time it was given", function*() {
    const { link } = yield* pair("Joiner")
    const failure = yield* Machines.failsAfter(initiate(link), 4000)
    assert.deepInclude(failure, { _tag: "PeerUnresponsive", awaited: "HandshakeResponse" })
  })
})

describe("a server", () => {
  simulate("tells an original its id and nothing more", function*() {
    const { link, other } = yield* pair("Server")
    other.writeHex("00000006" + "0803" + "2202" + "080b")
    assert.deepStrictEqual(yield* respond(link), { id: id(11), extended: false })
    yield* settle
    assert.strictEqual(other.hex, "00000006" + "0804" + "2a02" + "080a")
  })

  simulate("tells one of ours that it is one as well", function*() {
    const { link, other } = yield* pair("Server")
    other.say(start(11, 1))
    assert.deepStrictEqual(yield* respond(link), { id: id(11), extended: true })
    yield* settle
    assert.deepStrictEqual(other.heard, [response(10, { extension: 1 })])
  })

  simulate.each([{ number: 99, ...taken }, { number: 0, ...invalid }, { number: -5, ...invalid }])(
    "answers id $number with an error, and no more: $_tag",
    function*({ _tag, number }) {
      const { link, other } = yield* pair("Server")
      other.say(start(number, 1))
      assert.deepInclude(yield* Effect.flip(respond(link)), { _tag, id: id(number) })
      yield* settle
      assert.strictEqual(other.hex, "0000000608042a021001")
    }
  )

  simulate("says nothing to a stranger that begins with something else, or with nothing", function*() {
    const { link, other } = yield* pair("Server")
    other.say(chat(1, 10, "no handshake at all"))
    assert.strictEqual((yield* Effect.flip(respond(link)))._tag, "UnexpectedMessage")
    const failure = yield* Machines.failsAfter(respond(link), 4000)
    assert.deepInclude(failure, { _tag: "PeerUnresponsive", awaited: "HandshakeStart" })
    assert.strictEqual(other.hex, "")
  })
})
