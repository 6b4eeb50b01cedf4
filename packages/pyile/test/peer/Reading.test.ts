import { assert, describe, it } from "@effect/vitest"
import { Known, Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Clock, Effect, Fiber, Queue } from "effect"
import { inet } from "../exchange/Pair.ts"
import { annIp, elapse, host, hostIp, join, joiner, pair, settle } from "./Network.ts"
import { distPortOf, scripted, stranger } from "./Strangers.ts"
import { fateOf, lastBeatTo, peersOf, watch } from "./Watching.ts"

const deafIp = "10.0.0.9"
const narrowness = { window: 512, sendBuffer: 512, segment: 512 }
const narrow = Effect.provide(MemoryNetwork.layer(narrowness))
// Less than a list of nine takes.
const tiny = Effect.provide(MemoryNetwork.layer({ window: 128, sendBuffer: 64, segment: 64 }))

const beat = `{"<3": true}`

/** Sends a heartbeat each second, whatever comes. */
const beating = Effect.fnUntraced(function*(raw: Stranger, seconds: number) {
  for (let second = 0; second < seconds; second++) {
    raw.write(beat)
    yield* elapse("1 second")
  }
})

const { sendBuffer, window } = Known.unreadBytes(narrowness)

/** Seconds in which beats, one each second or two, are more than a connection takes: so many, or more where it takes more. */
const filling = (seconds: number): number => Math.max(seconds, 30 + Math.ceil(2 * (sendBuffer + window) / beat.length))

/** Joiners whose lists, one for each, are together more than a window. With keys lists are longer, and so are windows. */
const newcomers = Known.hasKeys ? 24 : 8

/** Ann at a host that the test plays. */
const atPlayedHost = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const transport = network.transport(hostIp)
  const auth = yield* transport.listen(inet(`${hostIp}:4702`))
  const dist = yield* transport.listen(inet(`${hostIp}:50001`))
  const joining = yield* Effect.forkScoped(joiner(annIp))
  const raw = new Stranger(yield* Queue.take(auth.accepted))
  for (
    const text of [`"banned": false`, `"authenticated": true`, `"distro": []`, `"dist_addr": ["${hostIp}", 50001]`]
  ) {
    raw.write(`{${text}}`)
    yield* elapse(1)
  }
  return { network, raw, ann: yield* Fiber.join(joining), lists: yield* Queue.take(dist.accepted) }
})

describe("a peer that does not read", () => {
  it.effect("is dropped by its host though it answers beats, and keeps nobody else from theirs", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const { ann, hosting } = yield* pair()
      const deaf = yield* scripted(deafIp, "Invitation")
      yield* stranger(deafIp, distPortOf(deaf))
      const events = yield* watch(hosting)
      yield* network.clog(deaf.pipe)
      yield* beating(deaf, filling(200))
      assert.isBelow((yield* Clock.currentTimeMillis) - (yield* lastBeatTo(annIp)), 3000)
      assert.deepStrictEqual([yield* fateOf(ann), yield* peersOf(hosting)], ["stays", [ann.self]])
      const [left] = events
      assert.strictEqual(left?._tag === "Left" ? left.reason : left?._tag, "SlowReader")
    }).pipe(narrow))

  it.effect("is dropped by its host where it leaves its lists unread, though it answers beats", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const { ann, hosting } = yield* pair()
      const deaf = yield* scripted(deafIp, "Invitation")
      const lists = yield* stranger(deafIp, distPortOf(deaf))
      yield* network.clog(lists.pipe)
      const events = yield* watch(hosting)
      for (let count = 0; count < newcomers; count++) {
        yield* Effect.andThen(beating(deaf, 1), join(`10.0.0.${20 + count}`))
      }
      const left = events.flatMap((event) => event._tag === "Left" ? [event.reason] : [])
      assert.deepStrictEqual([left, deaf.end, yield* fateOf(ann)], [["SlowReader"], "Fin", "stays"])
    }).pipe(tiny))

  it.effect("is given up by its joiner though it sends beats", () =>
    Effect.gen(function*() {
      const { ann, network, raw } = yield* atPlayedHost
      yield* network.clog(raw.pipe)
      yield* beating(raw, filling(120))
      assert.strictEqual(yield* fateOf(ann), "PeerUnresponsive")
    }).pipe(narrow))

  it.effect("is turned away where it leaves the first list unread for 4 seconds, and gives its place back", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const hosting = yield* host({ config: { maxHandshakesPerAddress: 1 } })
      for (let count = 0; count < 8; count++) yield* join(`10.0.0.${20 + count}`)
      const events = yield* watch(hosting)
      const deaf = yield* scripted(deafIp, "Address")
      yield* network.clog(deaf.pipe)
      deaf.write(`{"peer_address": ["${deafIp}", 49317]}`)
      yield* elapse(3999)
      assert.deepStrictEqual(events, [])
      yield* elapse(1)
      assert.deepStrictEqual(events, [
        { _tag: "Rejected", host: deafIp, reason: "PeerUnresponsive", ...Known.keyOf(deafIp) }
      ])
      yield* join(deafIp)
      assert.strictEqual((yield* peersOf(hosting)).length, 9)
    }).pipe(tiny))
})

describe("a connection for lists that ends alone", () => {
  it.effect("ends the session of the joiner 4 seconds later, as the auth connection may yet say why", () =>
    Effect.gen(function*() {
      const { ann, lists, raw } = yield* atPlayedHost
      lists.close()
      yield* beating(raw, 3)
      yield* elapse(999)
      assert.strictEqual(yield* fateOf(ann), "stays")
      yield* elapse(1)
      assert.strictEqual(yield* fateOf(ann), "DistributionLost")
    }).pipe(narrow))

  it.effect("ends the membership at the host at once", () =>
    Effect.gen(function*() {
      const { ann, hosting } = yield* pair()
      const raw = yield* scripted(deafIp, "Invitation")
      const lists = yield* stranger(deafIp, distPortOf(raw))
      yield* elapse("1 second")
      const events = yield* watch(hosting)
      lists.pipe.close()
      yield* settle
      const [left] = events
      assert.strictEqual(left?._tag === "Left" ? left.reason : left?._tag, "DistributionLost")
      assert.deepStrictEqual([raw.end, yield* peersOf(hosting)], ["Fin", [ann.self]])
    }).pipe(narrow))
})
