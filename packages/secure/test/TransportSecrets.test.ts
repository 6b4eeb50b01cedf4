/** Nothing that a secure transport gives, logs or fails with shows a secret, or what was said. */
import { assert, describe, it } from "@effect/vitest"
import { Crypto, Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { MemoryNetwork, Transport } from "@peerage/transport"
import { Effect, Fiber, Logger, Queue, Redacted, Stream, SubscriptionRef, Tracer } from "effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Hex from "effect/encoding/Hex"
import { inspect } from "node:util"
import { ascii, at, elapse, passphrase, settle } from "./Peers.ts"
import * as Relay from "./Relay.ts"

const said = "attack at dawn"

/** Everything that can be read off a value without calling it. */
const shown = (value: unknown): string =>
  `${inspect(value, { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null, getters: true })} ${
    String(value)
  }`.replace(/\s+/g, " ")

/** How bytes look in a text; eight of them are enough to know them by. */
const forms = (bytes: Uint8Array): ReadonlyArray<string> => {
  const begin = bytes.subarray(0, 8)
  return [Hex.encode(begin), Base64Url.encode(begin.subarray(0, 6)), [...begin].join(", ")]
}

/** Primitives that keep every secret that is drawn or derived. */
const watched = () => {
  const secrets: Array<Uint8Array> = []
  const keep = (bytes: Uint8Array) => {
    secrets.push(bytes.slice())
    return bytes
  }
  const { aead, hmac256, keyPair, random, scale } = NodeCrypto.primitives
  const primitives: Crypto.Primitives = {
    ...NodeCrypto.primitives,
    random: (length) => keep(random(length)),
    keyPair: (secret) => keyPair(keep(secret)),
    scale: (scalar, point) => scale(keep(scalar), point),
    hmac256: (key, bytes) => keep(hmac256(keep(key), bytes)),
    aead: { ChaChaPoly: (key) => aead.ChaChaPoly(keep(key)), AESGCM: (key) => aead.AESGCM(keep(key)) }
  }
  return { primitives, secrets }
}

describe("a secure transport", () => {
  it.effect("shows no secret and nothing that was said in its values, events, errors, logs and spans", () =>
    Effect.gen(function*() {
      const { primitives, secrets } = watched()
      const network = yield* MemoryNetwork.make({ seed: 1 })
      const peer = (host: string, secret: Redacted.Redacted<string>) =>
        Effect.flatMap(Identity.generate, (identity) => SecureTransport.make({ identity, passphrase: secret })).pipe(
          Effect.provideService(Transport.Transport, network.transport(host)),
          Effect.provideService(Crypto.Crypto, primitives),
          Effect.withSpan("peer")
        )
      const server = yield* peer("10.0.0.1", passphrase)
      const client = yield* peer("10.0.0.2", passphrase)
      const stranger = yield* peer("10.0.0.3", Redacted.make("correct horse"))
      const events: Array<unknown> = []
      yield* Effect.forkScoped(
        Stream.runForEach(server.sessions.events, (event) => Effect.sync(() => void events.push(event))),
        { startImmediately: true }
      )
      yield* settle
      const listener = yield* server.transport.listen(at("10.0.0.1:80"))
      yield* Relay.relay(
        network.transport("10.0.0.9"),
        { here: "10.0.0.9:80", there: "10.0.0.1:80" },
        Relay.flipping("toServer", 300)
      )
      const dial = (from: SecureTransport.Secured, address: string) =>
        Effect.gen(function*() {
          const dialing = yield* Effect.forkChild(Effect.result(from.transport.connect(at(address))), {
            startImmediately: true
          })
          yield* elapse("1 second")
          return yield* Fiber.join(dialing)
        }).pipe(Effect.withSpan("dial"))
      const dialed = yield* dial(client, "10.0.0.1:80")
      const refused = yield* dial(stranger, "10.0.0.1:80")
      const tampered = yield* dial(client, "10.0.0.9:80")
      const streams = [dialed, tampered]
      for (const result of streams) if (result._tag === "Success") result.success.write([ascii(said.repeat(20))])
      yield* elapse("1 second")
      const accepted = yield* Queue.clear(listener.accepted)
      const open = yield* SubscriptionRef.get(server.sessions.open)
      return { secrets, values: { server, client, listener, streams, refused, accepted, open, events } }
    }).pipe(
      Effect.flatMap(({ secrets, values }) =>
        Effect.sync(() => {
          assert.isAbove(secrets.length, 60)
          assert.isAbove(values.events.length, 3)
          for (const [name, value] of Object.entries({ ...values, logged, spans })) {
            const text = shown(value)
            for (const words of [said, "correct horse", Redacted.value(passphrase), [...ascii(said)].join(", ")]) {
              assert.notInclude(text, words, name)
            }
            for (const secret of secrets) for (const form of forms(secret)) assert.notInclude(text, form, name)
          }
          assert.isAbove(logged.length, 0)
          assert.isAbove(spans.length, 5)
        })
      ),
      Effect.provide(Logger.layer([Logger.make(({ message }) => void logged.push(message)), Logger.tracerLogger])),
      Effect.withTracer(Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      }))
    ))
  const logged: Array<unknown> = []
  const spans: Array<Tracer.NativeSpan> = []
})
