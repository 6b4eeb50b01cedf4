/**
 * Four honest peers in a row, and what a hostile neighbour of the first may never bring about: that one of them misses
 * another, hears anything twice, or hears anything that none of them said.
 *
 *     66 (hostile) -- 10 <- 11 <- 12 <- 13
 */
import { assert } from "@effect/vitest"
import type { ChatConfig } from "@peerage/p2p-chat"
import { Effect } from "effect"
import { heardBy, id, settle, tableOf, visit, type Visitor } from "./Network.ts"

/** The id of the hostile neighbour. */
export const hostile = 66

const honest = [10, 11, 12, 13]

/** Begins the four, all with the same configuration; the first may join somebody. */
export const village = Effect.fnUntraced(function*(config: Partial<ChatConfig.ChatConfig> = {}, join?: number) {
  const first = yield* visit(10, join, { config })
  const second = yield* visit(11, 10, { config })
  const third = yield* visit(12, 11, { config })
  return { first, second, third, fourth: yield* visit(13, 12, { config }) }
})

/** The honest peers, by their place in the row. */
type Village = Effect.Success<ReturnType<typeof village>>

const distances = honest.map((from) =>
  honest.filter((to) => to !== from).map((to) => `${to}: ${Math.abs(to - from)} via ${to > from ? from + 1 : from - 1}`)
)

const known = (visitor: Visitor) =>
  Effect.map(
    tableOf(visitor),
    (rows) => rows.filter((row) => honest.some((peer) => row.startsWith(`${peer}:`))).sort()
  )

/** What a peer was told of the honest ones coming, going, or speaking. */
const disturbances = ({ told }: Visitor): ReadonlyArray<string> =>
  told.flatMap((event) => {
    if (event._tag === "Left" || event._tag === "Closed") {
      return honest.includes(Number(event.peer)) ? [`${event._tag} ${event.peer}: ${event.reason}`] : []
    }
    if (event._tag === "Message") return honest.includes(Number(event.from)) ? [`heard ${event.data}`] : []
    return event._tag === "Discarded" ? [`discarded ${event.messages} for ${event.to}`] : []
  })

/** Says that the honest ones noticed nothing so far, still know the way to each other, and go it. What they were told is forgotten. */
export const assertPeace = Effect.fnUntraced(function*(village: Village) {
  const peers = [village.first, village.second, village.third, village.fourth]
  assert.deepStrictEqual(peers.map(disturbances), [[], [], [], []])
  assert.deepStrictEqual(yield* Effect.forEach(peers, known), distances.map((rows) => [...rows].sort()))
  const before = peers.map((peer) => heardBy(peer).length)
  for (const from of peers) {
    for (const to of honest) if (from.self !== id(to)) yield* from.send(id(to), `to ${to}`)
  }
  yield* settle
  assert.deepStrictEqual(
    peers.map((peer, index) => heardBy(peer).slice(before[index]).sort()),
    honest.map((to) => honest.filter((from) => from !== to).map((from) => `${from}: to ${to}`))
  )
  for (const { told } of peers) told.length = 0
})
