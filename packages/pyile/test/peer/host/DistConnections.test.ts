import { assert, describe, it } from "@effect/vitest"
import { Stranger } from "@peerage/testing"
import { MemoryNetwork, type Pipe } from "@peerage/transport"
import type { Link } from "@peerage/wire"
import { Clock, Effect, Fiber, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Distribution from "../../../src/exchange/Distribution.ts"
import * as DistConnections from "../../../src/peer/host/DistConnections.ts"
import { elapse, failsAfter, hostIp, inet, joinerIp, linkOver, settle, simulated } from "../../exchange/Pair.ts"

const distPort = 50_211
const list = `{"distro": [["10.0.0.1", 49265]]}`
const invitation = `{"dist_addr": ["10.0.0.1", 50211]}`

/** A host that takes dist connections, and joiners that the test plays. */
const hosting = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const auth = yield* network.transport(hostIp).listen(inet(`${hostIp}:4702`))
  const dist = yield* network.transport(hostIp).listen(inet(`${hostIp}:${distPort}`))
  const connections = yield* DistConnections.make(dist)
  const joiner = Effect.fnUntraced(function*(ip: string) {
    const raw = new Stranger(yield* network.transport(ip).connect(inet(`${hostIp}:4702`)))
    return { raw, link: yield* linkOver(yield* Queue.take(auth.accepted)) }
  })
  const dial = (ip: string) =>
    Effect.map(network.transport(ip).connect(inet(`${hostIp}:${distPort}`)), (pipe) => new Stranger(pipe))
  /** Sends the list and the address, with or without a pause between the two. */
  const inviteFor = <A>(link: Link.Link, use: (pipe: Pipe.Pipe) => Effect.Effect<A>, pause = 0) =>
    DistConnections.during((connection) =>
      Effect.flatMap(
        Distribution.respond(link, connection, {
          list: new TextEncoder().encode(list),
          address: { host: hostIp, port: distPort },
          listener: connections,
          pause,
          within: "4 seconds"
        }),
        use
      )
    )
  const invite = (link: Link.Link, pause?: number) => inviteFor(link, Effect.succeed, pause)
  return { joiner, dial, invite, inviteFor }
})

/** What an invited joiner has read. */
const invited = list + invitation

describe("a host that invites a joiner to its dist port", () => {
  it.effect("names the port in the original's very bytes and takes the joiner's connection", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const ann = yield* joiner(joinerIp)
      const waiting = yield* Effect.forkChild(invite(ann.link))
      yield* settle
      assert.deepStrictEqual(ann.raw.texts, [list, invitation])
      const raw = yield* dial(joinerIp)
      const pipe = yield* Fiber.join(waiting)
      assert.strictEqual(NetAddress.formatInet(pipe.remote), NetAddress.formatInet(raw.pipe.local))
      assert.strictEqual(raw.end, "Open")
    }).pipe(simulated))

  it.effect("takes one that came before the word that invites it was read", () =>
    Effect.gen(function*() {
      const { dial, joiner, inviteFor } = yield* hosting
      const { link } = yield* joiner(joinerIp)
      const network = yield* MemoryNetwork.MemoryNetwork
      const cameMeanwhile = Effect.provideService(
        Effect.andThen(dial(joinerIp), settle),
        MemoryNetwork.MemoryNetwork,
        network
      )
      const send: Link.Link["send"] = (...said) => Effect.tap(link.send(...said), () => Effect.orDie(cameMeanwhile))
      const slow: Link.Link = Object.create(link, { send: { value: send } })
      assert.isUndefined(yield* inviteFor(slow, (pipe) => Effect.sync(() => pipe.ended())))
    }).pipe(simulated))

  it.effect("waits for it exactly 4 seconds", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const ann = yield* joiner(joinerIp)
      const reason = yield* failsAfter(invite(ann.link), 4000)
      assert.strictEqual(reason._tag, "NoDistConnection")
      const late = yield* dial(joinerIp)
      yield* settle
      assert.strictEqual(late.end, "Fin")
    }).pipe(simulated))

  it.effect.each([
    { name: "ends", end: (raw: Stranger) => raw.pipe.end(), reason: "PeerClosed" },
    { name: "resets", end: (raw: Stranger) => raw.pipe.reset(), reason: "SocketError" }
  ])("waits no longer for a joiner that $name", ({ end, reason }) =>
    Effect.gen(function*() {
      const { joiner, invite } = yield* hosting
      const ann = yield* joiner(joinerIp)
      const waiting = yield* Effect.forkChild(Effect.flip(invite(ann.link)))
      yield* elapse("1 second")
      end(ann.raw)
      yield* settle
      assert.strictEqual(waiting.pollUnsafe() === undefined ? "waits" : (yield* Fiber.join(waiting))._tag, reason)
    }).pipe(simulated))

  it.effect("closes a connection that nobody waits for, and one from an address that was not invited", () =>
    Effect.gen(function*() {
      const { dial, inviteFor, joiner } = yield* hosting
      const early = yield* dial(joinerIp)
      const ann = yield* joiner(joinerIp)
      const waiting = yield* Effect.forkChild(inviteFor(ann.link, () => Effect.never))
      yield* settle
      const stranger = yield* dial("10.0.0.66")
      yield* settle
      assert.deepStrictEqual([early.end, stranger.end], ["Fin", "Fin"])
      assert.isUndefined(waiting.pollUnsafe())
      const raw = yield* dial(joinerIp)
      yield* settle
      const second = yield* dial(joinerIp)
      yield* settle
      assert.deepStrictEqual([raw.end, second.end], ["Open", "Fin"])
    }).pipe(simulated))

  it.effect("invites joiners behind one address one after the other", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const [ann, bob] = [yield* joiner(joinerIp), yield* joiner(joinerIp)]
      const first = yield* Effect.forkChild(invite(ann.link))
      const second = yield* Effect.forkChild(invite(bob.link))
      yield* settle
      assert.deepStrictEqual([ann.raw.text, bob.raw.text], [invited, list])
      const annDist = yield* dial(joinerIp)
      yield* settle
      assert.deepStrictEqual([ann.raw.text, bob.raw.text], [invited, invited])
      const bobDist = yield* dial(joinerIp)
      const ports = [(yield* Fiber.join(first)).remote.port, (yield* Fiber.join(second)).remote.port]
      assert.deepStrictEqual(ports, [annDist.pipe.local.port, bobDist.pipe.local.port])
    }).pipe(simulated))

  it.effect("goes on to the next joiner behind an address when one of them never comes", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const [ann, bob] = [yield* joiner(joinerIp), yield* joiner(joinerIp)]
      yield* Effect.forkChild(Effect.flip(invite(ann.link)))
      const second = yield* Effect.forkChild(invite(bob.link))
      yield* elapse(3999)
      assert.strictEqual(bob.raw.text, list)
      yield* elapse(1)
      assert.strictEqual(bob.raw.text, invited)
      yield* dial(joinerIp)
      yield* Fiber.join(second)
    }).pipe(simulated))

  it.effect("makes nobody from another address wait for it", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const [ann, bob] = [yield* joiner(joinerIp), yield* joiner("10.0.0.3")]
      yield* Effect.forkChild(Effect.flip(invite(ann.link)))
      const second = yield* Effect.forkChild(invite(bob.link))
      yield* settle
      yield* dial("10.0.0.3")
      yield* Fiber.join(second)
    }).pipe(simulated))

  it.effect("keeps list and address exactly 100 ms apart, and ends at once when the joiner goes in between", () =>
    Effect.gen(function*() {
      const { joiner, invite } = yield* hosting
      const [ann, bob] = [yield* joiner(joinerIp), yield* joiner("10.0.0.3")]
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
    }).pipe(simulated))

  it.effect("keeps the joiner's connection open while it is used, and closes it then", () =>
    Effect.gen(function*() {
      const { dial, inviteFor, joiner } = yield* hosting
      const ann = yield* joiner(joinerIp)
      const using = yield* Effect.forkChild(inviteFor(ann.link, () => Effect.never))
      yield* settle
      const raw = yield* dial(joinerIp)
      yield* elapse("1 hour")
      assert.strictEqual(raw.end, "Open")
      yield* Fiber.interrupt(using)
      yield* settle
      assert.strictEqual(raw.end, "Fin")
    }).pipe(simulated))
})
