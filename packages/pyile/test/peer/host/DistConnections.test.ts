import { assert, describe } from "@effect/vitest"
import { Stranger } from "@peerage/testing"
import { MemoryNetwork, type Pipe } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import type { Link } from "@peerage/wire"
import { Clock, Effect, Fiber, Queue, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Distribution from "../../../src/exchange/Distribution.ts"
import * as DistConnections from "../../../src/peer/host/DistConnections.ts"
import { elapse, hostIp, inet, joinerIp, linkOver, settle, simulation } from "../../exchange/Pair.ts"

const distPort = 50_211
const list = `{"distro": [["10.0.0.1", 49265]]}`
const invitation = `{"dist_addr": ["10.0.0.1", 50211]}`

/** A host that takes dist connections, and joiners that the test plays. */
const hosting = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const auth = yield* network.transport(hostIp).listen(inet(`${hostIp}:4702`))
  const connections = yield* DistConnections.make(
    yield* network.transport(hostIp).listen(inet(`${hostIp}:${distPort}`))
  )
  const joiner = Effect.fnUntraced(function*(ip: string) {
    const raw = yield* Stranger.dial(ip, `${hostIp}:4702`)
    return { raw, link: yield* linkOver(yield* Queue.take(auth.accepted)) }
  })
  /** Sends the list and the address, with or without a pause between the two. */
  const inviteFor = <A>(link: Link.Link, use: (pipe: Pipe.Pipe) => Effect.Effect<A>, pause = 0) =>
    DistConnections.during((connection) =>
      Effect.flatMap(
        Distribution.respond(link, connection, {
          list: new TextEncoder().encode(list),
          address: Distribution.invitation({ host: hostIp, port: distPort }),
          listener: connections,
          pause,
          within: "4 seconds"
        }),
        use
      )
    )
  const invite = (link: Link.Link, pause?: number) => inviteFor(link, Effect.succeed, pause)
  return { joiner, invite, inviteFor, ann: yield* joiner(joinerIp) }
})

const dial = (ip: string) => Stranger.dial(ip, `${hostIp}:${distPort}`)

/** What an invited joiner has read. */
const invited = list + invitation

describe("a host that invites a joiner to its dist port", () => {
  simulation("names the port in the original's very bytes, and keeps the connection while it is used", function*() {
    const { ann, inviteFor } = yield* hosting
    const used: Array<string> = []
    const using = yield* Effect.forkChild(
      inviteFor(ann.link, ({ remote }) => (used.push(NetAddress.formatInet(remote)), Effect.never))
    )
    yield* settle
    assert.deepStrictEqual(ann.raw.texts, [list, invitation])
    const raw = yield* dial(joinerIp)
    yield* elapse("1 hour")
    assert.deepStrictEqual([used, raw.end], [[NetAddress.formatInet(raw.pipe.local)], "Open"])
    yield* Fiber.interrupt(using)
    yield* settle
    assert.strictEqual(raw.end, "Fin")
  })

  simulation("takes one that came before the word that invites it was read", function*() {
    const { ann: { link }, inviteFor } = yield* hosting
    const context = yield* Effect.context<MemoryNetwork.MemoryNetwork | Scope.Scope>()
    const cameMeanwhile = Effect.provideContext(dial(joinerIp), context)
    const sendEncoded: Link.Link["sendEncoded"] = (bytes, within) =>
      Effect.tap(
        link.sendEncoded(bytes, within),
        () => new TextDecoder().decode(bytes) === invitation ? Effect.orDie(cameMeanwhile) : Effect.void
      )
    const slow: Link.Link = Object.create(link, { sendEncoded: { value: sendEncoded } })
    assert.isUndefined(yield* inviteFor(slow, (pipe) => Effect.sync(() => pipe.ended())))
  })

  simulation.each([
    { name: "ends", end: (raw: Stranger) => raw.pipe.end(), reason: "PeerClosed" },
    { name: "resets", end: (raw: Stranger) => raw.pipe.reset(), reason: "SocketError" }
  ])("waits no longer for a joiner that $name", function*({ end, reason }) {
    const { ann, invite } = yield* hosting
    const waiting = yield* Effect.forkChild(Effect.flip(invite(ann.link)))
    yield* elapse("1 second")
    end(ann.raw)
    yield* settle
    assert.strictEqual(waiting.pollUnsafe() === undefined ? "waits" : (yield* Fiber.join(waiting))._tag, reason)
  })

  simulation("invites each to where it has reached the host", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const listener = yield* network.transport(hostIp).listen(inet(`${hostIp}:${distPort}`))
    const { invitation: invite } = yield* DistConnections.make(listener)
    const seen = ["10.0.0.1", "10.0.0.9", "10.0.0.1"]
    const words = seen.map((host) => new TextDecoder().decode(invite(PeerAddress.at(host, 49265))))
    assert.deepStrictEqual(words, seen.map((host) => `{"dist_addr": ["${host}", ${distPort}]}`))
  })

  simulation("closes a connection that nobody waits for, and one from an address that was not invited", function*() {
    const { ann, inviteFor } = yield* hosting
    const early = yield* dial(joinerIp)
    const waiting = yield* Effect.forkChild(inviteFor(ann.link, () => Effect.never))
    yield* settle
    const stranger = yield* dial("10.0.0.66")
    assert.deepStrictEqual([early.end, stranger.end], ["Fin", "Fin"])
    assert.isUndefined(waiting.pollUnsafe())
    const raw = yield* dial(joinerIp)
    const second = yield* dial(joinerIp)
    assert.deepStrictEqual([raw.end, second.end], ["Open", "Fin"])
  })

  simulation("invites joiners behind one address one after the other, and makes nobody else wait", function*() {
    const { ann, invite, joiner } = yield* hosting
    const bob = yield* joiner(joinerIp)
    const first = yield* Effect.forkChild(invite(ann.link))
    const second = yield* Effect.forkChild(invite(bob.link))
    yield* settle
    assert.deepStrictEqual([ann.raw.text, bob.raw.text], [invited, list])
    const cid = yield* joiner("10.0.0.3")
    const third = yield* Effect.forkChild(invite(cid.link))
    yield* settle
    yield* dial("10.0.0.3")
    yield* Fiber.join(third)
    const annDist = yield* dial(joinerIp)
    assert.deepStrictEqual([ann.raw.text, bob.raw.text], [invited, invited])
    const bobDist = yield* dial(joinerIp)
    const ports = [(yield* Fiber.join(first)).remote.port, (yield* Fiber.join(second)).remote.port]
    assert.deepStrictEqual(ports, [annDist.pipe.local.port, bobDist.pipe.local.port])
  })

  simulation("waits for it exactly 4 seconds where nobody else waits behind that address", function*() {
    const { ann, invite } = yield* hosting
    const waiting = yield* Effect.forkChild(Effect.flip(invite(ann.link)))
    yield* elapse(3999)
    assert.isUndefined(waiting.pollUnsafe())
    yield* elapse(1)
    assert.strictEqual((yield* Fiber.join(waiting))._tag, "NoDistConnection")
  })

  simulation("goes on at once to one that comes when the first there has had its half a second", function*() {
    const { ann, invite, joiner } = yield* hosting
    const bob = yield* joiner(joinerIp)
    const first = yield* Effect.forkChild(Effect.flip(invite(ann.link)))
    yield* elapse("2 seconds")
    assert.isUndefined(first.pollUnsafe())
    const second = yield* Effect.forkChild(invite(bob.link))
    yield* settle
    assert.deepStrictEqual([(yield* Fiber.join(first))._tag, bob.raw.text], ["NoDistConnection", invited])
    yield* dial(joinerIp)
    yield* Fiber.join(second)
  })

  simulation(
    "lets in the last of several behind one address within 4 seconds, though the others open none",
    function*() {
      const { ann, invite, joiner } = yield* hosting
      const silent = [ann, ...yield* Effect.forEach(Array.from({ length: 5 }), () => joiner(joinerIp))]
      const failing = yield* Effect.forEach(silent, ({ link }) => Effect.forkChild(Effect.flip(invite(link))))
      const last = yield* joiner(joinerIp)
      const joining = yield* Effect.forkChild(invite(last.link))
      yield* elapse("3 seconds")
      assert.strictEqual(last.raw.text, invited)
      yield* dial(joinerIp)
      yield* Fiber.join(joining)
      const reasons = yield* Effect.forEach(failing, Fiber.join)
      assert.deepStrictEqual(reasons.map(({ _tag }) => _tag), silent.map(() => "NoDistConnection"))
    }
  )

  simulation("goes on after half a second to the next joiner behind that address", function*() {
    const { ann, invite, joiner } = yield* hosting
    const bob = yield* joiner(joinerIp)
    const first = yield* Effect.forkChild(Effect.flip(invite(ann.link)))
    const second = yield* Effect.forkChild(invite(bob.link))
    yield* elapse(499)
    assert.deepStrictEqual([first.pollUnsafe(), bob.raw.text], [undefined, list])
    yield* elapse(1)
    assert.deepStrictEqual([(yield* Fiber.join(first))._tag, bob.raw.text], ["NoDistConnection", invited])
    yield* dial(joinerIp)
    yield* Fiber.join(second)
    assert.strictEqual((yield* dial(joinerIp)).end, "Fin")
  })

  simulation("keeps list and address exactly 100 ms apart, and ends when the joiner goes in between", function*() {
    const { ann, invite, joiner } = yield* hosting
    const bob = yield* joiner("10.0.0.3")
    yield* Effect.forkChild(Effect.flip(invite(ann.link, 100)))
    const gone = yield* Effect.forkChild(Effect.flip(invite(bob.link, 100)))
    yield* elapse(99)
    assert.deepStrictEqual([ann.raw.text, bob.raw.text], [list, list])
    bob.raw.pipe.end()
    yield* settle
    assert.strictEqual((yield* Fiber.join(gone))._tag, "PeerClosed")
    assert.strictEqual(yield* Clock.currentTimeMillis, 99)
    yield* elapse(1)
    assert.strictEqual(ann.raw.text, invited)
  })
})
