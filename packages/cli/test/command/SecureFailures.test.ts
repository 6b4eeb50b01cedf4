/** What a person reads who dials something that is no peer of the same encrypted network: each reason, by a peer that causes it. */
import { assert } from "@effect/vitest"
import { Gate, Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { Transport } from "@peerage/transport"
import { Effect, Redacted } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { secret } from "../Output.ts"
import { here, passTime, start, tested, transport } from "./InProcess.ts"

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

/** Listens and answers every connection with these bytes, or with nothing; then closes, where it is to. */
const answering = Effect.fnUntraced(function*(port: number, answer: string, closes: boolean) {
  const address = `127.0.0.1:${port}`
  const { backing } = yield* transport
  yield* backing.listen(NetAddress.inetAddressFromStringUnsafe(address), {}, (pipe) => {
    pipe.observe({
      readable: () => {
        if (pipe.take() === undefined) return
        if (answer !== "") pipe.write([bytes(answer)])
        if (closes) pipe.end()
      },
      drained: () => {},
      closed: () => {}
    })
    return () => {}
  })
  return address
})

/** What a dialer on this machine begins with, and so its listener. */
const magic = { ChaChaPoly: "PEERSEC1", AESGCM: "PEERSEC2" }[NodeCrypto.primitives.preferred]

/** How joining ends. */
const joining = Effect.fnUntraced(function*(address: string) {
  const command = yield* start(["join", address, "--passphrase", secret])
  return [yield* passTime(command.ends), command.stderr().trim()]
})

for (
  const [what, answer, closes, code, said] of [
    [
      "another protocol",
      "HTTP/1.1 400 Bad Request\r\n",
      false,
      3,
      "127.0.0.1:5000 does not speak the secure protocol. Check the address, or that it was started with it. "
      + "A peer that is encrypted is started as peerage host, or with --secure."
    ],
    [
      "another version",
      "PEERSEC3........",
      false,
      3,
      "127.0.0.1:5000 speaks another version of the secure protocol. Use the same release at both ends."
    ],
    [
      "nothing at all",
      "",
      false,
      4,
      "No secure answer in time (a plain peer that waits looks like this). Check that it was started with encryption. "
      + "A peer that is encrypted is started as peerage host, or with --secure."
    ],
    ["half of a message and its end", `${magic}\0\`......`, true, 4, "The connection was cut off. Try again."],
    [
      "a key that is none",
      `${magic}\0\`${"\0".repeat(96)}`,
      false,
      3,
      "The peer broke the protocol. Use the same release at both ends."
    ],
    [
      "a message that does not open",
      `${magic}\0\`${"x".repeat(96)}`,
      false,
      3,
      "The connection was tampered with, or the peer runs another protocol. Check that both ends run the same one."
    ]
  ] as const
) {
  tested(`says what answers with ${what}`, function*() {
    const address = yield* answering(5000, answer, closes)
    assert.deepStrictEqual(yield* joining(address), [code, said])
  })
}

tested("says that a busy peer is to be tried later", function*() {
  const identity = yield* Effect.provide(Identity.generate, NodeCrypto.layer)
  const usual = yield* Gate.make()
  const passphrase = Redacted.make(secret)
  const { transport: secure } = yield* SecureTransport.make({
    identity,
    passphrase,
    context: "pyile",
    gate: { ...usual, judge: () => "Busy" }
  }).pipe(
    Effect.provide(NodeCrypto.layer),
    Effect.provideServiceEffect(Transport.Transport, transport)
  )
  yield* secure.listen(NetAddress.inetAddressFromStringUnsafe("127.0.0.1:5000"))
  assert.deepStrictEqual(yield* joining("127.0.0.1:5000"), [3, "Refused: busy. Try again in a minute."])
})

tested("says what is there where an invitation of one protocol meets the peer of another", function*() {
  const chat = yield* here.open("chat", "127.0.0.1:0", "--passphrase", secret)
  assert.deepStrictEqual(yield* joining(chat.address), [
    3,
    "The connection was tampered with, or the peer runs another protocol. Check that both ends run the same one."
  ])
})

tested("takes a passphrase whose letters were composed otherwise for the same one, after a change too", function*() {
  const host = yield* here.befriending("--passphrase", "caf\u00e9")
  yield* here.befriended(host.invitation, "--passphrase", "cafe\u0301")
  const byPassword = yield* here.openWith({}, "join", host.invitation, "--password", "cafe\u0301")
  yield* byPassword.tells("Peers")
  yield* host.type("/rotate gru\u0308n")
  yield* host.tells("Rotated")
  yield* here.befriended(host.invitation, "--passphrase", "gr\u00fcn")
})

tested(
  "tells a person of the first few who knock in vain from one address, so that no stranger fills the room",
  function*() {
    const host = yield* start(["host", "--listen", "127.0.0.1:0", "--passphrase", secret])
    const [, invitation = ""] = yield* host.prints(/(peerage:\S+)/)
    const address = invitation.replace(/^peerage:\/\/|\/.*$/g, "")
    for (const _ of "1234567") {
      const stranger = yield* start(["chat", "127.0.0.1:0", address, "--passphrase", secret])
      assert.strictEqual(yield* passTime(stranger.ends), 3)
    }
    const member = yield* start(["join", invitation, "--passphrase", secret])
    yield* passTime(host.prints(/joined, with the key/))
    assert.strictEqual(host.stdout().match(/no encrypted connection with/g)?.length, 5)
    assert.strictEqual(host.stdout().match(/More of this from there is shown only with --log-level INFO\n/g)?.length, 1)
    assert.notInclude(member.stdout(), "no encrypted connection")
  }
)
