import { assert, describe, it } from "@effect/vitest"
import { Endpoint, MemoryNetwork, MemoryTransport, SocketFailure, Transport } from "@peerage/transport"
import { Effect, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import { at } from "./MemoryWorld.ts"

const host = Effect.provide(Transport.Transport, MemoryTransport.layer("10.0.0.1"))

describe("an address as people give it", () => {
  it.each([
    { text: "10.0.0.1", defaultPort: 4702, inet: "10.0.0.1:4702" },
    { text: "10.0.0.1:1", defaultPort: 4702, inet: "10.0.0.1:1" },
    { text: "0.0.0.0", defaultPort: 0, inet: "0.0.0.0:0" },
    { text: "10.0.0.1:65535", defaultPort: undefined, inet: "10.0.0.1:65535" }
  ])("$text reads as $inet where the default port is $defaultPort", ({ defaultPort, inet, text }) => {
    assert.strictEqual(NetAddress.formatInet(Result.getOrThrow(Endpoint.address(text, defaultPort))), inet)
  })

  it.each([
    { text: "::1", defaultPort: 4702 },
    { text: "[::1]:4702", defaultPort: 4702 },
    { text: "[::ffff:10.0.0.1]:4702", defaultPort: 4702 },
    { text: "localhost", defaultPort: 4702 },
    { text: "10.0.0.1:65536", defaultPort: 4702 },
    { text: "10.0.0.1:", defaultPort: 4702 },
    { text: "10.0.0.1: 1", defaultPort: 4702 },
    { text: "10.0.0:1", defaultPort: 4702 },
    { text: "", defaultPort: 4702 },
    { text: "10.0.0.1", defaultPort: undefined },
    { text: "", defaultPort: undefined }
  ])("$text is refused, as it was given, where the default port is $defaultPort", ({ defaultPort, text }) => {
    const error = Result.getOrThrow(Result.flip(Endpoint.address(text, defaultPort)))
    assert.deepInclude(error, { _tag: "NotIpv4", address: text })
  })

  it("is refused in a sentence that quotes it and shows a right one", () => {
    const { message } = new Endpoint.NotIpv4({ address: "::1" })
    assert.match(message, /^"::1" is not an IPv4 address with a port.* 192\.0\.2\.1:4702\.$/)
  })
})

describe("an endpoint that listens", () => {
  it.effect("takes connections at the address it was given", () =>
    Effect.gen(function*() {
      const transport = yield* host
      const listener = yield* Endpoint.listen(transport, at("10.0.0.1:80"))
      assert.strictEqual(NetAddress.formatInet(listener.address), "10.0.0.1:80")
      yield* Effect.scoped(transport.dial(listener.address).reader)
    }).pipe(Effect.provide(MemoryNetwork.layer())))

  it.effect("keeps to the limits it was given", () =>
    Effect.gen(function*() {
      const transport = yield* host
      const { address } = yield* Endpoint.listen(transport, at("10.0.0.1:80"), { maxConnections: 1 })
      yield* transport.dial(address).reader
      const { pull } = yield* transport.dial(address).reader
      assert.isTrue(SocketFailure.isFin(yield* Effect.flip(pull)))
    }).pipe(Effect.provide(MemoryNetwork.layer())))

  it.effect.each([
    { why: "the port is in use", address: "10.0.0.1:80", code: "EADDRINUSE", advice: /another port/ },
    { why: "the address is another host's", address: "10.0.0.9:80", code: "EADDRNOTAVAIL", advice: /this machine/ }
  ])("fails with ListenFailed where $why", ({ address, advice, code }) =>
    Effect.gen(function*() {
      const transport = yield* host
      yield* Endpoint.listen(transport, at("10.0.0.1:80"))
      const error = yield* Effect.flip(Endpoint.listen(transport, at(address)))
      assert.deepInclude(error, { _tag: "ListenFailed", address, code })
      assert.match(error.message, advice)
    }).pipe(Effect.provide(MemoryNetwork.layer())))
})

describe("a failed connection", () => {
  const nobody = at("10.0.0.9:80")
  const refused = SocketFailure.openFailed(SocketFailure.systemError("ECONNREFUSED", "nobody listens"))
  const reset = SocketFailure.readFailed(SocketFailure.systemError("ECONNRESET", "reset by peer"))

  it.effect("is Unreachable, with the errno, when a dial finds nobody", () =>
    Effect.gen(function*() {
      const { reader } = (yield* host).dial(at("10.0.0.1:81"))
      const error = yield* Effect.flip(Effect.mapError(reader, Endpoint.unreachable(at("10.0.0.1:81"))))
      assert.deepInclude(error, { _tag: "Unreachable", address: "10.0.0.1:81", code: "ECONNREFUSED" })
      assert.match(error.message, /10\.0\.0\.1:81 \(ECONNREFUSED\)/)
    }).pipe(Effect.provide(MemoryNetwork.layer())))

  it("is Unreachable with ETIMEDOUT when a dial took too long", () => {
    const error = Endpoint.unreachable(nobody)(SocketFailure.openTimedOut("10.0.0.9:80"))
    assert.deepInclude(error, { _tag: "Unreachable", address: "10.0.0.9:80", code: "ETIMEDOUT" })
  })

  /** What a secure transport fails with. */
  const refusal = (code: string) =>
    SocketFailure.openFailed(Object.assign(new Error("Ask for the ban to be lifted."), { code }))

  it("is Unreachable with the reason and the sentence of a secure transport that refused it", () => {
    const error = Endpoint.unreachable(nobody)(refusal("Banned"))
    assert.deepInclude(error, { _tag: "Unreachable", address: "10.0.0.9:80", code: "Banned" })
    assert.strictEqual(error.message, "Ask for the ban to be lifted.")
    assert.strictEqual(Endpoint.reasonOf(error), "Banned")
  })

  it("is final for exactly the refusals that another try does not change", () => {
    const finals = (errors: (code: string) => { readonly _tag: string }) =>
      [...SocketFailure.reasons, "EELSE"].filter((code) => Endpoint.isFinal(errors(code)))
    const expected = ["WrongPassphrase", "NotMember", "Banned", "KeyMismatch"]
    assert.deepStrictEqual(finals((code) => Endpoint.unreachable(nobody)(refusal(code))), expected)
    assert.deepStrictEqual(finals((code) => SocketFailure.readFailed(Object.assign(new Error(), { code }))), expected)
    assert.isFalse(Endpoint.isFinal({ _tag: "Banned" }))
  })

  it.each<{ readonly how: string; readonly error: SocketError }>([
    { how: "was reset", error: reset },
    { how: "ended politely", error: SocketFailure.closed(1000) }
  ])("stays as it is when it was open and $how", ({ error }) => {
    assert.strictEqual(Endpoint.unreachable(nobody)(error), error)
  })

  it.each<{ readonly error: { readonly _tag: string }; readonly reason: string }>([
    { error: refused, reason: "ECONNREFUSED" },
    { error: reset, reason: "ECONNRESET" },
    { error: refusal("Tampered"), reason: "Tampered" },
    { error: refusal("EELSE"), reason: "SocketError" },
    { error: SocketFailure.closed(1000), reason: "SocketError" },
    { error: new Endpoint.NotIpv4({ address: "::1" }), reason: "NotIpv4" }
  ])("is $reason in one word", ({ error, reason }) => {
    assert.strictEqual(Endpoint.reasonOf(error), reason)
  })
})
