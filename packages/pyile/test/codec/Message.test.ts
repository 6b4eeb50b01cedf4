import { assert, describe, it } from "@effect/vitest"
import { Link } from "@peerage/wire"
import { Effect, Redacted, Result, Schema } from "effect"
import { format } from "../../src/codec/Frame.ts"
import * as Message from "../../src/codec/Message.ts"
import { segmentsOf, vectors } from "../fixtures/Vectors.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (frame: Uint8Array) => new TextDecoder().decode(frame)

const decoded = <A>(message: Link.Message<A>, wire: string) => Link.decode(format, message, bytes(wire))
const decode = <A>(message: Link.Message<A>, wire: string) => Result.getOrThrow(decoded(message, wire))
const encode = <A>(message: Link.Message<A>, value: NoInfer<A>) =>
  text(Result.getOrThrow(Link.encode(format, message, value)))

/** Decodes, and encodes what came out. */
const roundTrip = <A>(message: Link.Message<A>) => (wire: string) => encode(message, decode(message, wire))

const kinds: ReadonlyArray<
  readonly [name: string, key: RegExp, recorded: number, roundTrip: (wire: string) => string]
> = [
  ["BanStatus", /^\{"banned":/, 29, roundTrip(Message.BanStatus)],
  ["Password", /^\{"shadow":/, 22, roundTrip(Message.Password)],
  ["Authenticated", /^\{"authenticated":/, 22, roundTrip(Message.Authenticated)],
  ["AddressClaim", /^\{"peer_address":/, 11, roundTrip(Message.AddressClaim)],
  ["PeerList", /^\{"distro":/, 26, roundTrip(Message.PeerList)],
  ["DistAddress", /^\{"dist_addr":/, 11, roundTrip(Message.DistAddress)],
  ["Heartbeat", /^\{"<3":/, 65, roundTrip(Message.Heartbeat)],
  ["Chat", /^\{"data": (?!\{"data").*"to":/, 12, roundTrip(Message.Chat)],
  ["ChatReply", /^\{"data": \{"data"/, 11, roundTrip(Message.ChatReply)]
]

describe("recorded messages", () => {
  const recorded = segmentsOf(vectors).map(text)

  it.each(kinds)("of kind %s are encoded as the original wrote them", (_, key, count, roundTrip) => {
    const messages = recorded.filter((message) => key.test(message))
    assert.strictEqual(messages.length, count)
    for (const message of messages) assert.strictEqual(roundTrip(message), message)
  })

  it("are all of a known kind", () => {
    assert.deepStrictEqual(recorded.filter((message) => !kinds.some(([, key]) => key.test(message))), [])
  })

  it("are answered as the original answered them", () => {
    for (const reply of recorded.filter((message) => message.startsWith(`{"data": {"data"`))) {
      const [, message = "", alias = ""] = /^\{"data": (.*), "alias": "(.*)"\}$/.exec(reply) ?? []
      assert.strictEqual(text(Message.replyTo(bytes(message), alias)), reply)
    }
  })
})

describe("WireAddress", () => {
  it("is a named pair here and a list on the wire", () => {
    const longest = "a".repeat(255)
    for (const [host, port] of [["localhost", 0], [longest, 65535]] as const) {
      const address = decode(Message.WireAddress, `["${host}", ${port}]`)
      assert.deepStrictEqual(address, { host, port })
      assert.strictEqual(encode(Message.WireAddress, address), `["${host}", ${port}]`)
    }
  })

  it.each([
    `["127.0.0.1", 65536]`,
    `["127.0.0.1", -1]`,
    `["127.0.0.1", 1.5]`,
    `["127.0.0.1", "4702"]`,
    `["127.0.0.1"]`,
    `["127.0.0.1", 4702, 0]`,
    `[null, 4702]`,
    `"127.0.0.1:4702"`,
    `{"0": "127.0.0.1", "1": 4702}`,
    `["${"a".repeat(256)}", 1]`
  ])("is not %s", (address) => {
    const result = decoded(Message.WireAddress, address)
    assert.deepInclude(Result.isFailure(result) ? result.failure : undefined, {
      _tag: "UnexpectedMessage",
      expected: "WireAddress"
    })
  })
})

describe("Password", () => {
  it("is redacted as soon as it is decoded", () => {
    const password = decode(Message.Password, `{"shadow": "secret"}`)
    assert.notInclude(`${JSON.stringify(password)} ${String(password.shadow)}`, "secret")
    assert.strictEqual(Redacted.value(password.shadow), "secret")
  })

  it.each(["42", "null", `["a", {"b": 1.5}]`, "9007199254740993"])("need not be a string: %s", (shadow) => {
    assert.strictEqual(roundTrip(Message.Password)(`{"shadow": ${shadow}}`), `{"shadow": ${shadow}}`)
  })

  it.effect("is not in the error when something else was expected, nor when it does not fit", () =>
    Effect.gen(function*() {
      const unexpected = yield* Effect.flip(Effect.fromResult(decoded(Message.BanStatus, `{"shadow": "secret"}`)))
      const malformed = yield* Effect.flip(Effect.fromResult(decoded(Message.Password, `{"shadow": "secret"`)))
      const shadow = Redacted.make(Number.NaN)
      const unfit = yield* Effect.flip(Effect.fromResult(Link.encode(format, Message.Password, { shadow })))
      for (const error of [unexpected, malformed, unfit]) {
        assert.notInclude(`${error} ${JSON.stringify(error)}`, "secret")
      }
      assert.strictEqual(unfit._tag, "MalformedMessage")
    }))
})

describe("Heartbeat", () => {
  it.each(["{}", `{"<3": true}`, `{"<3": null, "more": [1]}`, `{"banned": false}`])("is any object: %s", (wire) => {
    assert.deepStrictEqual(decode(Message.Heartbeat, wire), { "<3": true })
  })
})

describe("Chat", () => {
  const chat = (to: string, alias = `"bob"`) => `{"data": [1], "alias": ${alias}, "to": ${to}, "from": ["10.0.0.1", 4]}`

  it.each<readonly [to: string, receiver: Message.Receiver]>([
    [`"Broadcast"`, "Broadcast"],
    [`["10.0.0.2", 5]`, { host: "10.0.0.2", port: 5 }],
    [`"broadcast"`, { other: "broadcast" }],
    [`{"host": "10.0.0.2", "port": 5}`, { other: { host: "10.0.0.2", port: 5 } }],
    [`{"other": null}`, { other: { other: null } }],
    ["null", { other: null }]
  ])("is for %s", (to, receiver) => {
    const message = decode(Message.Chat, chat(to))
    assert.deepStrictEqual(message.to, receiver)
    assert.strictEqual(encode(Message.Chat, message), chat(to))
  })

  it.each([["null", "null"], ["42", "42"], [`["a"]`, `["a"]`], [`""`, ""]])(
    "reads the alias %s as text",
    (alias, read) => {
      assert.strictEqual(decode(Message.Chat, chat(`"Broadcast"`, alias)).alias, read)
    }
  )

  it.each(["9007199254740993", "-306712345678901234", "[1, {\"id\": 306712345678901234}]", "1e+300"])(
    "carries %s exactly, both ways",
    (data) => {
      const wire = chat(`"Broadcast"`).replace("[1]", data)
      assert.strictEqual(roundTrip(Message.Chat)(wire), wire)
    }
  )

  it("has integers beyond 2^53 as bigints, as data, as receiver and in an alias", () => {
    const message = decode(
      Message.Chat,
      chat("306712345678901234", "306712345678901234").replace("[1]", "[9007199254740993]")
    )
    assert.deepInclude(message, {
      data: [9007199254740993n],
      to: { other: 306712345678901234n },
      alias: "306712345678901234"
    })
    const nested = decode(Message.Chat, chat("null", "{\"a\": 306712345678901234}"))
    assert.strictEqual(nested.alias, `{"a":"306712345678901234"}`)
  })

  it.each(["1e999", "NaN", `[-1e999]`])("is no message with the number %s", (data) => {
    assert.isTrue(Result.isFailure(decoded(Message.Chat, chat("null").replace("[1]", data))))
  })

  it("ignores keys that it does not know, a self and a __proto__ among them", () => {
    const wire = chat(`"Broadcast"`).replace("}", `, "self": true, "__proto__": {"banned": true}}`)
    const message = decode(Message.Chat, wire)
    assert.deepStrictEqual(Object.keys(message), ["data", "alias", "to", "from"])
    assert.strictEqual(Object.getPrototypeOf(message), Object.prototype)
    assert.isFalse("banned" in message)
  })

  it("keeps a __proto__ key inside data as data", () => {
    const wire = chat(`"Broadcast"`).replace("[1]", `{"__proto__": {"banned": true}}`)
    assert.strictEqual(roundTrip(Message.Chat)(wire), wire)
  })

  it.each(["data", "alias", "to", "from"])("is no message without %s", (missing) => {
    const keys = ["data", "alias", "to", "from"].filter((key) => key !== missing)
    const result = decoded(Message.Chat, `{${keys.map((key) => `"${key}": ["127.0.0.1", 1]`).join(", ")}}`)
    assert.deepInclude(Result.isFailure(result) ? result.failure : undefined, {
      _tag: "UnexpectedMessage",
      expected: "Chat",
      keys
    })
  })
})

it.effect.prop(
  "encodePeerList writes the same bytes as the schema",
  { peers: Schema.Array(Schema.Struct({ host: Schema.String.check(Schema.isMaxLength(50)), port: Schema.Port })) },
  ({ peers }) =>
    Effect.sync(() => {
      const list = text(Message.encodePeerList(peers.map(Message.entryOf)))
      assert.strictEqual(list, encode(Message.PeerList, { distro: peers }))
    })
)

it.effect.prop(
  "appendToPeerList writes the same bytes as the whole list anew",
  {
    peers: Schema.NonEmptyArray(Schema.Struct({ host: Schema.String.check(Schema.isMaxLength(50)), port: Schema.Port }))
  },
  ({ peers }) =>
    Effect.sync(() => {
      const [first, ...others] = peers.map(Message.entryOf)
      const list = others.reduce(Message.appendToPeerList, Message.encodePeerList([first ?? ""]))
      assert.strictEqual(text(list), encode(Message.PeerList, { distro: peers }))
    })
)

describe("replyTo", () => {
  it("splices the received bytes as they are and escapes the alias", () => {
    const reply = Message.replyTo(bytes(`{"data":NaN}`), `a"é`)
    assert.strictEqual(text(reply), `{"data": {"data":NaN}, "alias": "a\\"\\u00e9"}`)
  })

  it("can be read as a ChatReply", () => {
    const reply = Link.decode(format, Message.ChatReply, Message.replyTo(bytes(`{"data": 1}`), "ann"))
    assert.deepStrictEqual(reply, Result.succeed({ data: { data: 1 }, alias: "ann" }))
  })
})
