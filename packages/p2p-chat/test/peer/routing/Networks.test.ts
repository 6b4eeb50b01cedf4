/** Many tables at once: whatever comes and goes in whatever order, in the end each knows exactly who is there. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Random, Schema } from "effect"
import * as Routing from "../../../src/peer/routing/Routing.ts"
import { id } from "../Network.ts"
import { type Member, Original, Ours, World } from "./World.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const size = 9
const number = between(1, size)

/** What chance does to a network: `turns` announcements pass after it. */
const happenings = Schema.Array(Schema.Struct({
  what: Schema.Literals(["join", "join", "join", "part", "part"]),
  one: number,
  other: number,
  turns: between(0, 12)
})).check(Schema.isMinLength(10), Schema.isMaxLength(60))

const members = <M extends Member>(make: (number: number) => M): ReadonlyMap<number, M> =>
  new Map(Array.from({ length: size }, (_, index) => [index + 1, make(index + 1)]))

const happen = <M extends Member>(world: World<M>, { one, other, what }: (typeof happenings.Type)[number]) => {
  if (what === "part") return world.part(one, other)
  // An original joins once, when it begins.
  const joiner = world.members.get(one)
  if (joiner instanceof Original && (joiner.joined || world.reach(one).size > 0)) return
  world.join(one, other)
}

const chance = (seed: number) => Random.Random.pipe(Random.withSeed(seed))

describe("a network of tables", () => {
  it.effect.prop(
    "knows exactly who can be reached, and how far away, whatever came and went",
    { happenings, seed: Schema.Int },
    ({ happenings, seed }) =>
      Effect.gen(function*() {
        const world = new World(members((number) => new Ours(id(number))), yield* chance(seed))
        for (const happening of happenings) {
          happen(world, happening)
          for (let turn = 0; turn < happening.turns; turn++) world.turn()
        }
        assert.isTrue(world.settle())
        for (const [number, { table }] of world.members) {
          const expected = Array.from(world.reach(number), ([to, { hops, nextHop }]) => ({
            id: id(to),
            hops,
            nextHop: id(nextHop)
          }))
          assert.sameDeepMembers([...Routing.peers(table)], expected, `the table of ${number}`)
        }
      }),
    Property.tries(100)
  )

  it.effect.prop(
    "never harms an original, wherever in a tree of unique ids it is",
    { happenings, seed: Schema.Int, place: number },
    ({ happenings, place, seed }) =>
      Effect.gen(function*() {
        const original = new Original(id(place))
        const make = (number: number) => number === place ? original : new Ours(id(number))
        const world = new World(members<Member>(make), yield* chance(seed))
        for (const happening of happenings) {
          // Who comes back before its going was heard everywhere has its id twice.
          if (happening.what === "join") assert.isTrue(world.settle())
          happen(world, happening)
          for (let turn = 0; turn < happening.turns; turn++) world.turn()
        }
        assert.isTrue(world.settle())
        assert.deepStrictEqual(original.harm, [])
      }),
    Property.tries(100)
  )

  it.effect.prop(
    "that is a circle forgets who left it, everywhere, after announcements that maxHops bounds",
    { ring: between(3, size - 1), at: number, seed: Schema.Int, maxHops: between(5, 20) },
    ({ at, maxHops, ring, seed }) =>
      Effect.gen(function*() {
        const world = new World(
          members((number) => new Ours(id(number), { maxHops, maxPeers: 100 })),
          yield* chance(seed)
        )
        for (let number = 1; number <= ring; number++) world.connect(number, number % ring + 1)
        const gate = (at - 1) % ring + 1
        world.connect(size, gate)
        assert.isTrue(world.settle())
        for (let number = 1; number <= ring; number++) assert.isTrue(world.members.get(number)?.isTaken(id(size)))
        const before = world.heard
        world.part(size, gate)
        assert.isTrue(world.settle())
        for (let number = 1; number <= ring; number++) {
          const table = world.members.get(number)?.table
          const known = table === undefined ? [] : Routing.peers(table).map((peer) => peer.id)
          const others = Array.from({ length: ring }, (_, index) => id(index + 1)).filter((it) => it !== id(number))
          assert.sameMembers(known, others, `the table of ${number}`)
        }
        assert.isAtMost(world.heard - before, 2 * ring * maxHops)
      }),
    Property.tries(30)
  )
})
