/** Encrypted networks of real processes and terminals, with somebody on the way between them. */
import { assert } from "@effect/vitest"
import { Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { PeerKey, Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Layer, Redacted } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Impostor from "../../secure/test/Impostor.ts"
import * as Relay from "../../secure/test/Relay.ts"
import { secret } from "../test/Output.ts"
import { processes, run } from "../test/Process.ts"
import { live } from "../test/Test.ts"
import { atTerminal, terminal } from "./AtTerminal.ts"
import { relay } from "./Relay.ts"

const { befriended, befriending, hosting } = processes
const loopback = "127.0.0.1"

const portIn = (address: string) => Number(address.slice(address.lastIndexOf(":") + 1))
const passphrase = ["--passphrase", secret]

/** Joins to its end, and gives the code and what was said. */
const joins = (to: string, ...more: ReadonlyArray<string>) =>
  Effect.map(run(["join", to, ...(more.includes("--passphrase") ? [] : passphrase), ...more]), ({ code, stderr }) => [
    code,
    stderr.trim()
  ])

terminal(
  "hosts at one terminal, joins at another with the printed line and the passphrase, and they talk",
  function*() {
    const host = yield* atTerminal("host", "--listen", `${loopback}:0`, "--alias", "ann")
    const [, invitation = ""] = yield* host.sees(/peerage (?:-- )?join (peerage:\/\/\S+\/pyile#[\w-]{43})\r\n/)
    const [, made = ""] = yield* host.sees(/The passphrase, shown this once: ((?:[a-z]+-){7}[a-z]+)\r\n/)
    yield* host.sees(/Everything is encrypted\. Your key is ([0-9a-f]{4}-){3}[0-9a-f]{4}\./)
    yield* host.sees(/\[encrypted\]\S* \S*> /)
    const friend = yield* atTerminal("join", invitation, "--alias", "bob")
    yield* friend.sees(/Passphrase/)
    yield* friend.type(`${made}\r`)
    yield* friend.sees(/You are in the network/)
    yield* friend.sees(/\[encrypted\]\S* \S*> /)
    yield* friend.type("hello\r")
    yield* host.sees(/bob\S* \S+: hello/)
    yield* host.type("welcome\r")
    yield* friend.sees(/ann\S* \S+: welcome/)
    yield* host.type("/inv\t")
    yield* host.sees(/\/invite /)
    yield* host.type("\r")
    yield* host.sees(/Invitation: peerage:\/\//)
    assert.notInclude(friend.output(), made)
    yield* friend.type("/exit\r")
    assert.strictEqual(yield* friend.ends, 0)
    yield* host.type("\u0003")
    assert.strictEqual(yield* host.ends, 0)
  }
)

live("refuses a wrong passphrase, and after five the address", function*() {
  const host = yield* befriending()
  const wrong = [3, "The passphrase is not the one this network uses. Check it before you try again."]
  for (const _ of "12345") assert.deepStrictEqual(yield* joins(host.invitation, "--passphrase", "guess"), wrong)
  const late = [3, "Refused: too many wrong passphrases from here, try again in 10 minutes."]
  assert.deepStrictEqual(yield* joins(host.invitation), late)
  yield* host.tells("Refused", { reason: "TooManyGuesses" })
})

/** What people compare of a key. */
const compared = (key: PeerKey.PeerKey) => Identity.fingerprint(NodeCrypto.primitives, key)

/** Listens with a key of its own and a passphrase that is guessed: somebody in the middle who does not know it. */
const impostor = Effect.gen(function*() {
  const identity = yield* Identity.generate
  const { transport } = yield* SecureTransport.make({ identity, passphrase: Redacted.make("guess"), context: "pyile" })
  const { address } = yield* transport.listen(NetAddress.inetAddressFromStringUnsafe(`${loopback}:0`))
  return { address: NetAddress.formatInet(address), key: identity.key }
}).pipe(Effect.provide(Layer.merge(NodeTransport.layer, NodeCrypto.layer)))

live("refuses somebody in the middle: with other keys, and with changed bytes", function*() {
  const host = yield* befriending()
  const key = PeerKey.parse(host.invitation.slice(-43))
  assert(key !== undefined)
  const middle = yield* impostor
  const [pinned, said] = yield* joins(middle.address, "--pin", key)
  assert.strictEqual(pinned, 3)
  assert.include(
    said,
    `Somebody else answers at ${middle.address}: expected ${compared(key)}, got ${compared(middle.key)}. Do not go on.`
  )
  const wrong = [3, "The passphrase is not the one this network uses. Check it before you try again."]
  assert.deepStrictEqual(yield* joins(middle.address), wrong)

  const way = { from: { host: loopback, port: 0 }, to: { host: loopback, port: portIn(host.address) } }
  const flipping = yield* relay(way, {
    back: (bytes, index) => {
      const changed = Buffer.from(bytes)
      // A byte of the host's sealed key.
      if (index <= 60 && index + bytes.length > 60) changed[60 - index] = (changed[60 - index] ?? 0) ^ 1
      return changed
    }
  })
  const tampered =
    "The connection was tampered with, or the peer runs another protocol. Check that both ends run the same one."
  assert.deepStrictEqual(yield* joins(flipping.address), [3, tampered])
  // The same way without a change leads in.
  const honest = yield* relay(way)
  yield* befriended(`peerage://${honest.address}/pyile#${key}`)
})

live("refuses somebody who shakes hands with both ends and passes on what they say, at both ends", function*() {
  const host = yield* befriending()
  const way = { here: `${loopback}:0`, there: host.address }
  const middle = yield* Transport.Transport.pipe(
    Effect.flatMap((transport) => Relay.relay(transport, way, Impostor.impostor("pyile"))),
    Effect.provide(NodeTransport.layer)
  )
  const wrong = [3, "The passphrase is not the one this network uses. Check it before you try again."]
  assert.deepStrictEqual(yield* joins(NetAddress.formatInet(middle)), wrong)
  yield* host.tells("Refused", { reason: "WrongPassphrase" })
})

live("never goes on in plain text, whichever end is plain", function*() {
  const plain = yield* hosting()
  const [code, said] = yield* joins(plain.address)
  assert.strictEqual(code, 3)
  assert.match(String(said), /does not speak the secure protocol/)
  const host = yield* befriending()
  const stranger = yield* run(["pyile", "join", host.address, "--password", secret])
  assert.include([3, 4], stranger.code)
  assert.deepStrictEqual(host.events().filter(({ event }) => event === "Joined"), [])
})
