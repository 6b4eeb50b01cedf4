import { assert, describe, it } from "@effect/vitest"
import { Link } from "@peerage/wire"
import { Effect, Redacted, Result, Schema } from "effect"
import { format } from "../../src/codec/Frame.ts"
import * as Message from "../../src/codec/Message.ts"
import { segmentsOf, vectors } from "../fixtures/Vectors.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (frame: Uint8Array) => new TextDecoder().decode(frame)

const decode = <A>(message: Link.Message<A>, wire: string) =>
  Effect.fromResult(Link.decode(format, message, bytes(wire)))
const encode = <A>(message: Link.Message<A>, value: NoInfer<A>) =>
  Effect.map(Effect.fromResult(Link.encode(format, message, value)), text)

/** Decodes, and encodes what came out. */
const roundTrip = <A>(message: Link.Message<A>) => (wire: string) =>
  Effect.flatMap(decode(message, wire), (value) => encode(message, value))

const kinds: ReadonlyArray<{
  readonly name: string
  readonly key: RegExp
  readonly recorded: number
  readonly roundTrip: (wire: string) => Effect.Effect<string, unknown>
}> = [
  { name: "BanStatus", key: /^\{"banned":/, recorded: 29, roundTrip: roundTrip(Message.BanStatus) },
  { name: "Password", key: /^\{"shadow":/, recorded: 22, roundTrip: roundTrip(Message.Password) },
  { name: "Authenticated", key: /^\{"authenticated":/, recorded: 22, roundTrip: roundTrip(Message.Authenticated) },
  { name: "AddressClaim", key: /^\{"peer_address":/, recorded: 11, roundTrip: roundTrip(Message.AddressClaim) },
  { name: "PeerList", key: /^\{"distro":/, recorded: 26, roundTrip: roundTrip(Message.PeerList) },
  { name: "DistAddress", key: /^\{"dist_addr":/, recorded: 11, roundTrip: roundTrip(Message.DistAddress) },
  { name: "Heartbeat", key: /^\{"<3":/, recorded: 65, roundTrip: roundTrip(Message.Heartbeat) },
  { name: "Chat", key: /^\{"data": (?!\{"data").*"to":/, recorded: 12, roundTrip: roundTrip(Message.Chat) },
  { name: "ChatReply", key: /^\{"data": \{"data"/, recorded: 11, roundTrip: roundTrip(Message.ChatReply) }
]

describe("recorded messages", () => {
  const recorded = segmentsOf(vectors).map(text)

  it.effect.each(kinds)(
    "of kind $name are encoded as the original wrote them",
    ({ key, recorded: count, roundTrip }) =>
      Effect.gen(function*() {
        const messages = recorded.filter((message) => key.test(message))
        assert.strictEqual(messages.length, count)
        for (const message of messages) assert.strictEqual(yield* roundTrip(message), message)
      })
  )

  it("are all of a known kind", () => {
    assert.deepStrictEqual(recorded.filter((message) => !kinds.some(({ key }) => key.test(message))), [])
  })

  it("are answered as the original answered them", () => {
    const replies = recorded.filter((message) => message.startsWith("{\"data\": {\"data\""))
    for (const reply of replies) {
      const [, message = "", alias = ""] = /^\{"data": (.*), "alias": "(.*)"\}$/.exec(reply) ?? []
      assert.strictEqual(text(Message.replyTo(bytes(message), alias)), reply)
    }
  })
})

describe("WireAddress", () => {
  it.effect("is a named pair here and a list on the wire", () =>
    Effect.gen(function*() {
      const address = yield* decode(Message.WireAddress, "[\"localhost\", 0]")
      assert.deepStrictEqual(address, { host: "localhost", port: 0 })
      assert.strictEqual(yield* encode(Message.WireAddress, address), "[\"localhost\", 0]")
    }))

  it.effect.each([
    "[\"127.0.0.1\", 65536]",
    "[\"127.0.0.1\", -1]",
    "[\"127.0.0.1\", 1.5]",
    "[\"127.0.0.1\", \"4702\"]",
    "[\"127.0.0.1\"]",
    "[\"127.0.0.1\", 4702, 0]",
    "[null, 4702]",
    "\"127.0.0.1:4702\"",
    "{\"0\": \"127.0.0.1\", \"1\": 4702}",
    `["${"a".repeat(256)}", 1]`
  ])("is not %s", (address) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(decode(Message.WireAddress, address))
      assert.deepInclude(error, { _tag: "UnexpectedMessage", expected: "WireAddress" })
    }))
})

describe("Password", () => {
  it.effect("is redacted as soon as it is decoded", () =>
    Effect.gen(function*() {
      const password = yield* decode(Message.Password, "{\"shadow\": \"secret\"}")
      assert.notInclude(`${JSON.stringify(password)} ${String(password.shadow)}`, "secret")
      assert.strictEqual(Redacted.value(password.shadow), "secret")
    }))

  it.effect.each(["42", "null", "[\"a\", {\"b\": 1.5}]"])(
    "need not be a string: %s",
    (shadow) =>
      Effect.gen(function*() {
        const wire = `{"shadow": ${shadow}}`
        assert.strictEqual(yield* roundTrip(Message.Password)(wire), wire)
      })
  )

  it.effect("is not in the error when something else was expected, nor when it does not fit", () =>
    Effect.gen(function*() {
      const unexpected = yield* Effect.flip(decode(Message.BanStatus, "{\"shadow\": \"secret\"}"))
      const malformed = yield* Effect.flip(decode(Message.Password, "{\"shadow\": \"secret\""))
      const unfit = yield* Effect.flip(encode(Message.Password, { shadow: Redacted.make(Number.NaN) }))
      for (const error of [unexpected, malformed, unfit]) {
        assert.notInclude(`${error} ${JSON.stringify(error)}`, "secret")
      }
      assert.strictEqual(unfit._tag, "MalformedMessage")
    }))
})

describe("Heartbeat", () => {
  it.effect.each(["{}", "{\"<3\": true}", "{\"<3\": null, \"more\": [1]}", "{\"banned\": false}"])(
    "is any object: %s",
    (wire) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* decode(Message.Heartbeat, wire), { "<3": true })
      })
  )
})

describe("Chat", () => {
  const chat = (to: string, alias = "\"bob\"") =>
    `{"data": [1], "alias": ${alias}, "to": ${to}, "from": ["10.0.0.1", 4]}`

  const receivers: ReadonlyArray<{ readonly to: string; readonly receiver: Message.Receiver }> = [
    { to: "\"Broadcast\"", receiver: "Broadcast" },
    { to: "[\"10.0.0.2\", 5]", receiver: { host: "10.0.0.2", port: 5 } },
    { to: "\"broadcast\"", receiver: { other: "broadcast" } },
    { to: "{\"host\": \"10.0.0.2\", \"port\": 5}", receiver: { other: { host: "10.0.0.2", port: 5 } } },
    { to: "{\"other\": null}", receiver: { other: { other: null } } },
    { to: "null", receiver: { other: null } }
  ]

  it.effect.each(receivers)("is for $to", ({ receiver, to }) =>
    Effect.gen(function*() {
      const message = yield* decode(Message.Chat, chat(to))
      assert.deepStrictEqual(message.to, receiver)
      assert.strictEqual(yield* encode(Message.Chat, message), chat(to))
    }))

  it.effect.each([["null", "null"], ["42", "42"], ["[\"a\"]", "[\"a\"]"], ["\"\"", ""]])(
    "reads the alias %s as text",
    ([alias, expected]) =>
      Effect.gen(function*() {
        assert.strictEqual((yield* decode(Message.Chat, chat("\"Broadcast\"", alias))).alias, expected)
      })
  )

  it.effect("ignores keys that it does not know, a self and a __proto__ among them", () =>
    Effect.gen(function*() {
      const wire = chat("\"Broadcast\"").replace("}", ", \"self\": true, \"__proto__\": {\"banned\": true}}")
      const message = yield* decode(Message.Chat, wire)
      assert.deepStrictEqual(Object.keys(message), ["data", "alias", "to", "from"])
      assert.strictEqual(Object.getPrototypeOf(message), Object.prototype)
      assert.isFalse("banned" in message)
    }))

  it.effect("keeps a __proto__ key inside data as data", () =>
    Effect.gen(function*() {
      const wire = chat("\"Broadcast\"").replace("[1]", "{\"__proto__\": {\"banned\": true}}")
      assert.strictEqual(yield* roundTrip(Message.Chat)(wire), wire)
    }))

  it.effect.each(["data", "alias", "to", "from"])("is no message without %s", (missing) =>
    Effect.gen(function*() {
      const keys = ["data", "alias", "to", "from"].filter((key) => key !== missing)
      const wire = `{${keys.map((key) => `"${key}": ["127.0.0.1", 1]`).join(", ")}}`
      const error = yield* Effect.flip(decode(Message.Chat, wire))
      assert.deepInclude(error, { _tag: "UnexpectedMessage", expected: "Chat", keys })
    }))
})

describe("encodePeerList", () => {
  const Peers = Schema.Array(
    Schema.Struct({ host: Schema.String.check(Schema.isMaxLength(50)), port: Schema.Port })
  )

  it.effect.prop("writes the same bytes as the schema", { peers: Peers }, ({ peers }) =>
    Effect.gen(function*() {
      assert.strictEqual(
        text(Message.encodePeerList(peers.map(Message.entryOf))),
        yield* encode(Message.PeerList, { distro: peers })
      )
    }))
})

describe("replyTo", () => {
  it("splices the received bytes as they are and escapes the alias", () => {
    const reply = Message.replyTo(bytes("{\"data\":NaN}"), "a\"é")
    assert.strictEqual(text(reply), "{\"data\": {\"data\":NaN}, \"alias\": \"a\\\"\\u00e9\"}")
  })

  it("can be read as a ChatReply", () => {
    const reply = Link.decode(format, Message.ChatReply, Message.replyTo(bytes("{\"data\": 1}"), "ann"))
    assert.deepStrictEqual(reply, Result.succeed({ data: { data: 1 }, alias: "ann" }))
  })
})
