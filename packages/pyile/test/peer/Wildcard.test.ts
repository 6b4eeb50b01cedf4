import { assert, describe } from "@effect/vitest"
import { AuthPeer } from "@peerage/pyile"
import { elapse, join, on, password, simulation } from "./Network.ts"
import { peersOf, watch } from "./Watching.ts"

const addresses = ["10.0.0.1", "192.168.0.1"]

/** A host on all addresses of a machine with two. */
const wildcard = (options: Partial<AuthPeer.AuthPeerOptions> = {}) =>
  on(addresses, AuthPeer.make({ password, chatPort: 50_000, ...options }))

describe("a host that listens on every address of its machine", () => {
  simulation("is known to each member by the address at which that reached it, and sends from there", function*() {
    const hosting = yield* wildcard()
    const ann = yield* join("10.0.0.2")
    const bob = yield* join("192.168.0.2", { host: "192.168.0.1:4702" })
    const [atAnn, atBob] = [yield* watch(ann), yield* watch(bob)]
    assert.strictEqual(hosting.self, "0.0.0.0:50000")
    assert.strictEqual((yield* peersOf(ann)).join(), `10.0.0.1:50000,${bob.self}`)
    assert.strictEqual((yield* peersOf(bob)).join(), `192.168.0.1:50000,${ann.self}`)
    assert.deepStrictEqual((yield* hosting.broadcast("hello")).acknowledged, [ann.self, bob.self])
    yield* elapse(1)
    const senders = [...atAnn, ...atBob].flatMap((event) =>
      event._tag === "Message" ? [[event.from, event.sender]] : []
    )
    assert.deepStrictEqual(senders, [["10.0.0.1:50000", "Verified"], ["192.168.0.1:50000", "Verified"]])
    const cid = yield* join("10.0.0.3")
    yield* elapse("1 second")
    assert.strictEqual((yield* peersOf(ann)).join(), `10.0.0.1:50000,${bob.self},${cid.self}`)
    assert.strictEqual((yield* peersOf(bob)).join(), `192.168.0.1:50000,${ann.self},${cid.self}`)
  })

  simulation("is known to all by the address that it advertises", function*() {
    const hosting = yield* wildcard({ advertise: "10.0.0.1" })
    const bob = yield* join("192.168.0.2", { host: "192.168.0.1:4702" })
    assert.deepStrictEqual([hosting.self.toString(), (yield* peersOf(bob)).join()], [
      "10.0.0.1:50000",
      "10.0.0.1:50000"
    ])
    assert.strictEqual((yield* bob.send(hosting.self, "hello")).acknowledged.length, 1)
  })
})
