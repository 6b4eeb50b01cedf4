/** A joined peer that is lost: when it is found out, what becomes of those behind it, and how one comes back. */
import { assert, describe } from "@effect/vitest"
import { ChatPeer } from "@peerage/p2p-chat"
import { Keyed, Machines } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Schedule, SubscriptionRef } from "effect"
import {
  addressOf,
  elapse,
  heardBy,
  id,
  ipOf,
  reached,
  settle,
  simulate,
  tableOf,
  trio,
  visit,
  type Visitor
} from "./Network.ts"

const everySecond = { rejoin: Schedule.spaced("1 second") }

const statusOf = ({ status }: ChatPeer.ChatPeerService) =>
  Effect.map(
    SubscriptionRef.get(status),
    (status) => "reason" in status ? `${status._tag}: ${status.reason}` : status._tag
  )

/** Why a peer is cut off for good, or that it is not. */
const fateOf = Effect.fnUntraced(function*({ left }: ChatPeer.ChatPeerService) {
  const watching = yield* Effect.forkChild(Effect.flip(left))
  yield* settle
  const exit = watching.pollUnsafe()
  yield* Fiber.interrupt(watching)
  return exit === undefined ? "stays" : (yield* exit).reason._tag
})

/** What a peer told, but for the lists of peers, one word or two each. */
const told = ({ told }: Visitor) =>
  told.flatMap((event) => {
    if (event._tag === "Joined") return [`Joined ${event.peer}`]
    if (event._tag === "Connected") return [`Connected ${event.peer} ${event.address}`]
    if (event._tag === "Left") return [`Left ${event.peer} ${event.reason}`]
    return event._tag === "Closed" ? [`Closed ${event.peer} ${event.address} ${event.reason}`] : []
  })

describe("a peer whose joined peer is gone", () => {
  simulate("joins it again when it is back, tells it of all it has with it, and reports that in order", function*() {
    const [a, b, c] = yield* trio(everySecond)
    const before = told(b).length
    yield* a.leave
    assert.deepStrictEqual([yield* reached(b), yield* reached(c)], [[12], [11]])
    assert.strictEqual(yield* statusOf(b), "Reconnecting: PeerClosed")
    const again = yield* visit(10)
    assert.deepStrictEqual(yield* tableOf(again), [])
    yield* elapse("1 second")
    assert.deepStrictEqual(yield* tableOf(again), ["11: 1 via 11", "12: 2 via 11"])
    assert.deepStrictEqual(yield* tableOf(c), ["11: 1 via 11", "10: 2 via 11"])
    assert.deepStrictEqual([yield* statusOf(b), yield* fateOf(b)], ["Joined", "stays"])
    assert.deepStrictEqual(told(b).slice(before), [
      "Left 10 PeerClosed",
      `Closed 10 ${addressOf(10)} PeerClosed`,
      `Connected 10 ${addressOf(10)}`,
      "Joined 10"
    ])
    assert.deepStrictEqual(told(c), ["Left 10 Withdrawn", "Joined 10"])
  })

  simulate("tries for as long as its schedule says, and then has left for good", function*() {
    const a = yield* visit(10)
    const b = yield* visit(11, 10, { rejoin: Schedule.upTo(Schedule.spaced("1 second"), { times: 3 }) })
    yield* a.leave
    yield* elapse(2999)
    assert.deepStrictEqual([yield* statusOf(b), yield* fateOf(b)], ["Reconnecting: PeerClosed", "stays"])
    yield* elapse(1)
    assert.deepStrictEqual([yield* statusOf(b), yield* fateOf(b)], ["Left: Unreachable", "Unreachable"])
    yield* visit(10)
    yield* elapse("1 hour")
    assert.deepStrictEqual(yield* reached(b), [])
  })

  simulate("leaves for good when a secure transport refuses it", function*() {
    const keyed = Keyed.make()
    const gate = { judge: () => "Banned" as const, guessed: () => {}, admitted: () => {} }
    const begin = (number: number, options: Partial<ChatPeer.ChatPeerOptions & Keyed.Machine>) =>
      Machines.inOwnScope(keyed.on(
        { ip: ipOf(number), key: Keyed.keyOf(number), ...options },
        ChatPeer.make({ listen: addressOf(number), ...options })
      ))
    const a = yield* begin(10, {})
    const entering = yield* Effect.forkScoped(begin(11, { join: addressOf(10), ...everySecond }))
    yield* settle
    const b = yield* Fiber.join(entering)
    yield* a.leave
    yield* begin(10, { gate })
    yield* elapse("1 hour")
    assert.deepStrictEqual([yield* statusOf(b.service), yield* fateOf(b.service)], ["Left: Banned", "Unreachable"])
    const network = yield* MemoryNetwork.MemoryNetwork
    const tries = (yield* network.trace).filter(({ from, kind }) => kind === "SYN" && from.startsWith(`${ipOf(11)}:`))
    assert.strictEqual(tries.length, 2)
  })

  simulate("begins its pauses anew only after a stay", function*() {
    const twice = { rejoin: Schedule.upTo(Schedule.spaced("1 second"), { times: 2 }) }
    let a = yield* visit(10)
    const b = yield* visit(11, 10, twice)
    for (let time = 0; time < 3; time++) {
      yield* elapse(15_001)
      yield* a.leave
      a = yield* visit(10)
      yield* elapse("1 second")
      assert.strictEqual(yield* statusOf(b), "Joined", `after stay ${time}`)
    }
    yield* a.leave
    a = yield* visit(10)
    yield* elapse(1000 + 14_999)
    assert.strictEqual(yield* statusOf(b), "Joined")
    yield* a.leave
    assert.strictEqual(yield* statusOf(b), "Left: PeerClosed")
  })

  simulate("that is not to join again says why it is cut off, and stays with those who joined it", function*() {
    const a = yield* visit(10)
    const b = yield* visit(11, 10)
    const c = yield* visit(12, 11, everySecond)
    yield* a.leave
    assert.deepStrictEqual([yield* statusOf(b), yield* fateOf(b)], ["Left: PeerClosed", "PeerClosed"])
    assert.deepStrictEqual(told(b).slice(-2), ["Left 10 PeerClosed", `Closed 10 ${addressOf(10)} PeerClosed`])
    const d = yield* visit(13, 11)
    assert.deepStrictEqual([yield* reached(b), yield* reached(c), yield* reached(d)], [[12, 13], [11, 13], [11, 12]])
    yield* c.send(id(13), "still here")
    yield* settle
    assert.deepStrictEqual([heardBy(d), yield* statusOf(c)], [["12: still here"], "Joined"])
  })
})

describe("a peer that goes by itself", () => {
  simulate("has left, and does not come back", function*() {
    yield* visit(10)
    const b = yield* visit(11, 10, everySecond)
    yield* b.leave
    yield* elapse("1 minute")
    assert.deepStrictEqual([yield* statusOf(b), yield* fateOf(b), told(b)], ["Left: Left", "stays", []])
  })

  simulate("has its last words heard, and does not say that others are gone: they are gone with it", function*() {
    const [a, b, c] = yield* trio()
    for (const to of [10, 12]) yield* b.send(id(to), `bye, ${to}`)
    yield* b.leave
    assert.deepStrictEqual([heardBy(a), heardBy(c)], [["11: bye, 10"], ["11: bye, 12"]])
    assert.deepStrictEqual(told(a).slice(-2), ["Left 11 PeerClosed", "Left 12 NextHopLeft"])
    assert.deepStrictEqual(told(c).slice(0, 2), ["Left 11 PeerClosed", "Left 10 NextHopLeft"])
    assert.deepStrictEqual([yield* reached(a), yield* reached(c)], [[], []])
  })
})

describe("a neighbour that died without a word", () => {
  simulate(
    "is found out after 25 seconds by its neighbours, and withdrawn everywhere with those behind it",
    function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const root = yield* visit(9)
      const a = yield* visit(10, 9)
      yield* visit(11, 10)
      const c = yield* visit(12, 11)
      const [d, e] = [yield* visit(13, 10), yield* visit(14, 12)]
      yield* network.kill(ipOf(11))
      yield* elapse(24_999)
      for (const peer of [root, a, c, d, e]) assert.strictEqual((yield* reached(peer)).length, 5)
      yield* elapse(1)
      assert.deepStrictEqual([yield* reached(root), yield* reached(a), yield* reached(d)], [[10, 13], [9, 13], [9, 10]])
      assert.deepStrictEqual([yield* reached(c), yield* reached(e), yield* statusOf(c)], [
        [14],
        [12],
        "Left: ETIMEDOUT"
      ])
      assert.deepStrictEqual(told(a).slice(-3), ["Left 11 ETIMEDOUT", "Left 12 NextHopLeft", "Left 14 NextHopLeft"])
      assert.deepStrictEqual(told(root).slice(-3), ["Left 11 Withdrawn", "Left 12 Withdrawn", "Left 14 Withdrawn"])
      assert.include(told(e), "Left 11 Withdrawn")
    }
  )

  simulate("is let in again once its old self is found out, as it tries again", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const a = yield* visit(10)
    const b = yield* visit(11, 10, everySecond)
    const c = yield* visit(12, 10)
    // What it hears no longer, it answers no longer; what it asks is still heard.
    yield* network.partition(ipOf(10), ipOf(11), { oneWay: true })
    yield* elapse("25 seconds")
    yield* network.healAll
    yield* elapse("5 seconds")
    assert.deepStrictEqual([yield* statusOf(b), yield* reached(b)], ["Reconnecting: ETIMEDOUT", []])
    assert.deepInclude(a.told, { _tag: "Rejected", host: ipOf(11), reason: "DuplicateId" } as const)
    yield* elapse("10 seconds")
    assert.deepStrictEqual([yield* statusOf(b), yield* fateOf(b)], ["Joined", "stays"])
    assert.deepStrictEqual([yield* reached(a), yield* reached(b), yield* reached(c)], [[11, 12], [10, 12], [10, 11]])
    assert.deepStrictEqual(told(c), ["Left 11 Withdrawn", "Joined 11"])
  })
})
