/** How a connection with an original ends, so that the original notices and lives on. (docs/wire/peerpy.md, sections 2 and 5.) */
import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Duration, Effect, Exit, Fiber, Scope, SubscriptionRef } from "effect"
import { addressOf, connect, elapse, reasonsOf, settle, test, valuesOf, visit } from "../peer/Network.ts"
import { connector, listener, sentBy } from "./Original.ts"
import { connectedForBytes, visited } from "./Ours.ts"

describe("an established connection to an original", () => {
  test("is reset a second after the last write, and everything arrives before", function*() {
    const { connection, original } = yield* connectedForBytes()
    yield* elapse(500)
    yield* connection.send(Uint8Array.of(1, 2, 3))
    yield* connection.close
    yield* elapse(999)
    assert.strictEqual(original.end, "Open")
    yield* elapse(1)
    assert.strictEqual(original.end, "ECONNRESET")
    assert.deepStrictEqual(original.heard, ["DATA|data_size=3&data_type=bytes||\x01\x02\x03"])
  })

  test("carries its last words also where the way takes most of a second", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { connection, original } = yield* connectedForBytes()
    yield* network.setLink("10.0.0.1", "10.0.0.9", { latency: "900 millis" })
    yield* elapse(500)
    yield* connection.send(Uint8Array.of(1))
    yield* connection.close
    yield* elapse("899 millis")
    assert.deepStrictEqual(original.heard, [])
    yield* elapse("2 seconds")
    assert.deepStrictEqual(original.heard, ["DATA|data_size=1&data_type=bytes||\x01"])
    assert.strictEqual(original.end, "ECONNRESET")
  })

  test("is reset as soon as it is closed when the last write is long past", function*() {
    const { connection, original } = yield* connectedForBytes()
    yield* elapse("1500 millis")
    yield* connection.close
    yield* settle
    assert.strictEqual(original.end, "ECONNRESET")
  })

  test("lingers as long as it is told", function*() {
    const { connection, original } = yield* connectedForBytes({ config: { linger: Duration.millis(200) } })
    yield* connection.close
    yield* elapse(199)
    assert.strictEqual(original.end, "Open")
    yield* elapse(1)
    assert.strictEqual(original.end, "ECONNRESET")
  })

  test("is over for ours at once, whatever it takes the original to notice", function*() {
    const { connection, original, ours } = yield* connectedForBytes()
    yield* connection.close
    yield* settle
    assert.strictEqual(original.end, "Open")
    assert.deepStrictEqual(reasonsOf(ours), ["Closed"])
    assert.deepStrictEqual(yield* SubscriptionRef.get(ours.connections), [])
  })

  test("tells nothing any more to an original that goes on talking while it lingers", function*() {
    const { connection, original, ours } = yield* connectedForBytes()
    yield* connection.close
    original.say("DATA|data_size=1&data_type=bytes", "x")
    original.say("PING")
    yield* elapse("5 seconds")
    assert.strictEqual(original.end, "ECONNRESET")
    assert.deepStrictEqual(original.heard, [])
    assert.deepStrictEqual(reasonsOf(ours), ["Closed"])
  })

  test("is not probed any more while it lingers", function*() {
    const { connection, original } = yield* connectedForBytes()
    yield* elapse(1900)
    yield* connection.send(Uint8Array.of(1))
    yield* connection.close
    yield* elapse("3 seconds")
    assert.deepStrictEqual([original.heard.length, original.end], [1, "ECONNRESET"])
  })

  test("is sent nothing any more that had to wait when it was closed", function*() {
    const { connection, original } = yield* connectedForBytes()
    const sending = yield* Effect.forkChild(connection.send(Uint8Array.of(1)))
    yield* elapse(50)
    yield* connection.close
    yield* elapse("2 seconds")
    assert.strictEqual((yield* Effect.flip(Fiber.join(sending))).reason._tag, "Closed")
    assert.deepStrictEqual(original.heard, [])
  })

  test("never sees a FIN, whoever closes it and in whichever role", function*() {
    const { original, ours } = yield* visited()
    yield* ours.leave
    yield* elapse("1 second")
    assert.strictEqual(original.end, "ECONNRESET")
    assert.notInclude((yield* sentBy(1)).map(({ kind }) => kind), "FIN")
  })

  test("is waited for by a peer that is told to, until it has been reset", function*() {
    const { original, ours } = yield* visited(undefined, { waitForOriginals: true })
    const leaving = yield* Effect.forkChild(ours.leave)
    yield* elapse(999)
    assert.strictEqual(original.end, "Open")
    assert.isUndefined(leaving.pollUnsafe())
    yield* elapse(1)
    assert.strictEqual(original.end, "ECONNRESET")
    yield* Fiber.join(leaving)
  })

  test("is reset when the scope that connected closes", function*() {
    const ours = yield* visit(1)
    const listening = yield* listener(9)
    const scope = yield* Scope.make()
    yield* Effect.forkIn(Scope.provide(ours.connect(addressOf(9), { type: "json" }), scope), scope)
    const original = yield* listening.next
    original.say("ACCEPT")
    yield* settle
    yield* Scope.close(scope, Exit.void)
    yield* elapse("1 second")
    assert.strictEqual(original.end, "ECONNRESET")
  })

  test("is reset when what lives with it ends", function*() {
    const ours = yield* visit(1, { serve: () => Effect.void })
    const original = yield* connector(9, 1)
    yield* elapse("1 second")
    assert.strictEqual(original.end, "ECONNRESET")
    assert.deepStrictEqual(original.heard, ["ACCEPT||"])
    assert.deepStrictEqual(reasonsOf(ours), ["Closed"])
  })

  test("is reset when the original breaks the agreement", function*() {
    const { original, ours } = yield* visited("data_type=json&strict=True")
    original.say("DATA|data_size=1&data_type=bytes", "x")
    yield* elapse("1 second")
    assert.strictEqual(original.end, "ECONNRESET")
    assert.deepStrictEqual(reasonsOf(ours), ["StrictViolation"])
  })
})

describe("an original that ends a connection", () => {
  test("is noticed at once by its FIN, which is answered with FIN", function*() {
    const { original, ours } = yield* visited()
    original.pipe.end()
    yield* settle
    assert.deepStrictEqual(reasonsOf(ours), ["PeerClosed"])
    assert.deepStrictEqual(yield* SubscriptionRef.get(ours.connections), [])
    assert.strictEqual(original.end, "Fin")
  })

  test("is heard out first", function*() {
    const { original, ours } = yield* visited("data_type=json&strict=True")
    original.say("DATA|data_size=15&data_type=json", "{\"data\": \"by")
    original.write("e\"}")
    original.say("DATA|data_size=11&data_type=json", "{\"data\": 1}")
    original.say("PING")
    original.pipe.close()
    yield* settle
    assert.deepStrictEqual(valuesOf(ours), ["bye", 1])
    assert.deepStrictEqual(reasonsOf(ours), ["PeerClosed"])
  })

  test("is noticed at once by its reset", function*() {
    const { original, ours } = yield* visited()
    original.pipe.reset()
    yield* settle
    assert.deepStrictEqual(reasonsOf(ours), ["ECONNRESET"])
  })
})

describe("an original that spins on a FIN", () => {
  test("is told with a reset when it goes on with a connection that it was denied", function*() {
    yield* visit(1, { offer: () => Effect.succeed(false) })
    const original = yield* connector(9, 1)
    assert.strictEqual(original.end, "Fin")
    original.say("DATA|data_size=0&data_type=bytes")
    yield* settle
    assert.isDefined(original.pipe.broken())
    assert.include((yield* sentBy(1)).map(({ kind }) => kind), "RST")
  })
})

describe("a connection between two of ours", () => {
  test("ends with FIN at once", function*() {
    const alice = yield* visit(1)
    const bob = yield* visit(2)
    const connection = yield* connect(alice, 2, { type: "json" })
    yield* connection.send("last words")
    yield* connection.close
    yield* settle
    assert.deepStrictEqual(reasonsOf(bob), ["PeerClosed"])
    assert.deepStrictEqual((yield* sentBy(1)).map(({ kind }) => kind), ["SYN", "DATA", "DATA", "FIN"])
    assert.notInclude((yield* sentBy(2)).map(({ kind }) => kind), "RST")
  })
})
