import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import type { PipeLink } from "@peerage/wire"
import { Effect, Fiber, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Reception from "../../src/peer/Reception.ts"
import { elapse, failsAfter, hostIp, inet, joinerIp, linkOver, settle, simulated } from "../exchange/Pair.ts"
import { Raw } from "../exchange/Raw.ts"

const distPort = 50_211
const address = { host: hostIp, port: distPort }
const invitation = `{"dist_addr": ["10.0.0.1", 50211]}`

/** A host with a reception, and a door for joiners that the test plays. */
const hosting = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const reception = Reception.make("4 seconds")
  const auth = yield* network.transport(hostIp).listen(inet(`${hostIp}:4702`))
  const dist = yield* network.transport(hostIp).listen(inet(`${hostIp}:${distPort}`))
  yield* Effect.forkScoped(Effect.forever(Effect.map(Queue.take(dist.accepted), reception.accept)))
  const joiner = Effect.fnUntraced(function*(ip: string) {
    const raw = new Raw(yield* network.transport(ip).connect(inet(`${hostIp}:4702`)))
    return { raw, link: yield* linkOver(yield* Queue.take(auth.accepted)) }
  })
  const dial = (ip: string) =>
    Effect.map(network.transport(ip).connect(inet(`${hostIp}:${distPort}`)), (pipe) => new Raw(pipe))
  const invite = (link: PipeLink.PipeLink, to: typeof address) => reception.invite(link, to, () => {})
  return { joiner, dial, invite, dist, reception }
})

describe("a host that invites a joiner to its dist port", () => {
  it.effect("names the port in the original's very bytes and takes the joiner's connection", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const ann = yield* joiner(joinerIp)
      const waiting = yield* Effect.forkChild(invite(ann.link, address))
      yield* settle
      assert.deepStrictEqual(ann.raw.segments, [invitation])
      const raw = yield* dial(joinerIp)
      const pipe = yield* Fiber.join(waiting)
      assert.strictEqual(NetAddress.formatInet(pipe.remote), NetAddress.formatInet(raw.pipe.local))
      assert.strictEqual(raw.end, "Open")
    }).pipe(simulated))

  it.effect("takes one that came before the word that invites it was read", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const { link } = yield* joiner(joinerIp)
      const network = yield* MemoryNetwork.MemoryNetwork
      const cameMeanwhile = Effect.provideService(
        Effect.andThen(dial(joinerIp), settle),
        MemoryNetwork.MemoryNetwork,
        network
      )
      const slow: PipeLink.PipeLink = {
        ...link,
        send: (...said) => Effect.tap(link.send(...said), () => Effect.orDie(cameMeanwhile))
      }
      assert.isUndefined((yield* invite(slow, address)).ended())
    }).pipe(simulated))

  it.effect("waits for it exactly 4 seconds", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const ann = yield* joiner(joinerIp)
      const reason = yield* failsAfter(invite(ann.link, address), 4000)
      assert.strictEqual(reason._tag, "NoDistConnection")
      const late = yield* dial(joinerIp)
      yield* settle
      assert.strictEqual(late.end, "Fin")
    }).pipe(simulated))

  it.effect.each([
    { name: "ends", end: (raw: Raw) => raw.pipe.end(), reason: "PeerClosed" },
    { name: "resets", end: (raw: Raw) => raw.pipe.reset(), reason: "SocketError" }
  ])("waits no longer for a joiner that $name", ({ end, reason }) =>
    Effect.gen(function*() {
      const { joiner, invite } = yield* hosting
      const ann = yield* joiner(joinerIp)
      const waiting = yield* Effect.forkChild(Effect.flip(invite(ann.link, address)))
      yield* elapse("1 second")
      end(ann.raw)
      yield* settle
      assert.strictEqual(waiting.pollUnsafe() === undefined ? "waits" : (yield* Fiber.join(waiting))._tag, reason)
    }).pipe(simulated))

  it.effect("closes a connection that nobody waits for, and one from an address that was not invited", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const early = yield* dial(joinerIp)
      const ann = yield* joiner(joinerIp)
      const waiting = yield* Effect.forkChild(invite(ann.link, address))
      yield* settle
      const stranger = yield* dial("10.0.0.66")
      yield* settle
      assert.deepStrictEqual([early.end, stranger.end], ["Fin", "Fin"])
      assert.isUndefined(waiting.pollUnsafe())
      const raw = yield* dial(joinerIp)
      yield* Fiber.join(waiting)
      const second = yield* dial(joinerIp)
      yield* settle
      assert.deepStrictEqual([raw.end, second.end], ["Open", "Fin"])
    }).pipe(simulated))

  it.effect("invites joiners behind one address one after the other", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const [ann, bob] = [yield* joiner(joinerIp), yield* joiner(joinerIp)]
      const first = yield* Effect.forkChild(invite(ann.link, address))
      const second = yield* Effect.forkChild(invite(bob.link, address))
      yield* settle
      assert.deepStrictEqual([ann.raw.heard, bob.raw.heard], [invitation, ""])
      const annDist = yield* dial(joinerIp)
      yield* settle
      assert.deepStrictEqual([ann.raw.heard, bob.raw.heard], [invitation, invitation])
      const bobDist = yield* dial(joinerIp)
      const ports = [(yield* Fiber.join(first)).remote.port, (yield* Fiber.join(second)).remote.port]
      assert.deepStrictEqual(ports, [annDist.pipe.local.port, bobDist.pipe.local.port])
    }).pipe(simulated))

  it.effect("goes on to the next joiner behind an address when one of them never comes", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const [ann, bob] = [yield* joiner(joinerIp), yield* joiner(joinerIp)]
      yield* Effect.forkChild(Effect.flip(invite(ann.link, address)))
      const second = yield* Effect.forkChild(invite(bob.link, address))
      yield* elapse(3999)
      assert.strictEqual(bob.raw.heard, "")
      yield* elapse(1)
      assert.strictEqual(bob.raw.heard, invitation)
      yield* dial(joinerIp)
      yield* Fiber.join(second)
    }).pipe(simulated))

  it.effect("makes nobody from another address wait for it", () =>
    Effect.gen(function*() {
      const { dial, joiner, invite } = yield* hosting
      const [ann, bob] = [yield* joiner(joinerIp), yield* joiner("10.0.0.3")]
      yield* Effect.forkChild(Effect.flip(invite(ann.link, address)))
      const second = yield* Effect.forkChild(invite(bob.link, address))
      yield* settle
      yield* dial("10.0.0.3")
      yield* Fiber.join(second)
    }).pipe(simulated))
})
