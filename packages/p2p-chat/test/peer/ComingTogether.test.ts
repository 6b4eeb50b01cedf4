/** Peers that have each other to join: however their attempts meet, each reaches each, and each message arrives once. */
import { assert, describe, it } from "@effect/vitest"
import { ChatPeer } from "@peerage/p2p-chat"
import { Property } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Random, Schedule, Schema, SubscriptionRef } from "effect"
import {
  elapse,
  heardBy,
  ipOf,
  reached,
  refusal,
  simulate,
  simulated,
  tableOf,
  visit,
  type Visitor
} from "./Network.ts"

/** In the same instant as others with this schedule, a hundred times; then each in its own time. */
const inStep = Schedule.concat(Schedule.upTo(Schedule.spaced("1 second"), { times: 100 }), ChatPeer.patiently)

/**
 * Peers from 10 on, each of which has the next one to join, and the last one the first: that one began the network, left
 * and came back to join those who had joined it. Then all are cut off from each other, and at once they no longer are.
 */
const ring = Effect.fnUntraced(function*(
  size: number,
  { latency, rejoin }: { readonly latency: number; readonly rejoin: NonNullable<ChatPeer.ChatPeerOptions["rejoin"]> }
) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const last = 9 + size
  const first = yield* visit(last)
  const members: Array<Visitor> = []
  for (let number = last - 1; number >= 10; number--) members.unshift(yield* visit(number, number + 1, { rejoin }))
  yield* first.leave
  members.push(yield* visit(last, 10, { rejoin }))
  const machines = members.map(({ self }) => ipOf(Number(self)))
  yield* elapse("1 minute")
  yield* network.partition(machines, machines)
  // Keep-alive takes 25 seconds, and the first attempts come a second later.
  yield* elapse("25500 millis")
  for (const member of members) assert.deepStrictEqual(yield* reached(member), [])
  yield* network.setLink(machines, machines, { latency })
  yield* network.healAll
  return members
})

const joined = (members: ReadonlyArray<Visitor>) =>
  Effect.map(
    Effect.forEach(members, ({ status }) => SubscriptionRef.get(status)),
    (all) => all.filter(({ _tag }) => _tag === "Joined").length
  )

/** Holds that each reaches all others, and each message arrives once. */
const assertReach = Effect.fnUntraced(function*(members: ReadonlyArray<Visitor>) {
  const texts: Array<string> = []
  for (const { self } of members) {
    for (const other of members) if (self !== other.self) yield* other.send(self, `to ${self}`)
    texts.push(`to ${self}`)
  }
  yield* elapse("2 seconds")
  for (const [place, member] of members.entries()) {
    const others = members.filter((other) => other !== member).map(({ self }) => Number(self))
    assert.deepStrictEqual(yield* reached(member), others, `who ${member.self} reaches`)
    const heard = heardBy(member).filter((text) => text.endsWith(texts[place] ?? ""))
    assert.sameMembers(heard, others.map((from) => `${from}: ${texts[place]}`))
  }
})

describe("peers that have each other to join", () => {
  it.effect.prop(
    "come together, one connection less than there are peers",
    {
      size: Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 5 })),
      latency: Schema.Literals([0, 5, 50, 200]),
      seed: Schema.Natural
    },
    ({ latency, seed, size }) =>
      Effect.gen(function*() {
        const members = yield* ring(size, { latency, rejoin: ChatPeer.patiently })
        yield* elapse("5 minutes")
        assert.strictEqual(yield* joined(members), size - 1)
        yield* assertReach(members)
      }).pipe(Effect.scoped, Random.withSeed(seed), simulated),
    Property.tries(6)
  )

  it.effect("turn each other down when their attempts cross, and come together when they do not", () =>
    Effect.gen(function*() {
      const members = yield* ring(2, { latency: 5, rejoin: inStep })
      yield* elapse("20 seconds")
      assert.strictEqual(yield* joined(members), 0)
      yield* elapse("10 minutes")
      assert.strictEqual(yield* joined(members), 1)
      yield* assertReach(members)
    }).pipe(Random.withSeed(1), simulated))

  simulate("wait in vain when both begin with it in the same instant, as neither is there yet", function*() {
    const attempts = yield* Effect.forEach(
      [[10, 11], [11, 10]] as const,
      ([one, other]) => Effect.forkChild(refusal(one, other))
    )
    yield* elapse(3999)
    assert.deepStrictEqual(attempts.map((attempt) => attempt.pollUnsafe()), [undefined, undefined])
    yield* elapse(1)
    for (const attempt of attempts) assert.isDefined(attempt.pollUnsafe())
  })
})

// Where three or more attempts are under way at once, nobody can know yet that they close a circle.
describe("a circle that closed in one instant", () => {
  const circle = Effect.gen(function*() {
    const members = yield* ring(4, { latency: 5, rejoin: inStep })
    yield* elapse("1 second")
    assert.strictEqual(yield* joined(members), 4)
    return members
  })

  simulate("leads each message to its receiver once, the shorter way", function*() {
    const members = yield* circle
    yield* assertReach(members)
    for (const [place, member] of members.entries()) {
      const hops = (yield* tableOf(member)).map((row) => row.replace(/ via .*/, ""))
      const expected = members.map(({ self }, other) => `${self}: ${(other - place) % 2 === 0 ? 2 : 1}`)
      assert.sameMembers(hops, expected.filter((_, other) => other !== place))
    }
  })

  it.effect("opens again after 4 seconds, until the peers come together without one", () =>
    Effect.gen(function*() {
      const members = yield* circle
      yield* elapse("4 seconds")
      assert.strictEqual(yield* joined(members), 0)
      for (const { told } of members) {
        assert.deepInclude(told.flatMap((event) => event._tag === "Closed" ? [event.reason] : []), "AlreadyReachable")
      }
      yield* elapse("20 minutes")
      assert.strictEqual(yield* joined(members), 3)
      yield* assertReach(members)
    }).pipe(Random.withSeed(1), simulated))
})
