/**
 * What it costs a peer to take in announcements when it knows few others, and when it knows many: a neighbour whose
 * peers come and go, one frame at a time and 400 at once among text, and text alone, which only looks up its way.
 *
 * Run with node --conditions=@peerage/source packages/p2p-chat/bench/announcements.ts [few] [many]
 */
import { Timeouts } from "@peerage/transport"
import { Console, Effect, SubscriptionRef } from "effect"
import * as ChatConfig from "../src/ChatConfig.ts"
import type { Peer } from "../src/ChatEvent.ts"
import type { PeerMessage } from "../src/codec/Message.ts"
import * as PeerId from "../src/codec/PeerId.ts"
import * as Events from "../src/peer/Events.ts"
import type { Neighbour } from "../src/peer/Neighbour.ts"
import { Router } from "../src/peer/Router.ts"

const few = Number(process.argv[2] ?? 100)
const many = Number(process.argv[3] ?? 10_000)
const frames = 400
const seconds = 2

const id = (number: number) => PeerId.make(BigInt(number))

// As peers make them up for themselves: of a moment, of chance, and rarely the second of its moment.
const crowded = (index: number) =>
  PeerId.make((BigInt(9_000_000_000 + index * 977) << 25n) | (BigInt((index * 40_503) & 0xffff) << 9n))

const coming = (peer: PeerId.PeerId): PeerMessage => ({ _tag: "Join", id: peer, via: id(2), hops: 1 })
const going = (peer: PeerId.PeerId): PeerMessage => ({ _tag: "Leave", id: peer })
const chat: PeerMessage = { _tag: "Chat", from: crowded(0), to: id(3), text: "hello" }

/** What the neighbour says, over and over. */
const speeches = {
  "a frame that changes a route": [[coming(id(5))], [going(id(5))]],
  [`${frames} frames, half of them text`]: [
    Array.from({ length: frames }, (_, index) => [chat, coming(id(5)), chat, going(id(5))][index % 4] ?? chat)
  ],
  [`${frames} frames of text`]: [Array.from({ length: frames }, () => chat)]
}

/** A peer with two neighbours, of which the first has announced so many. */
const acquainted = Effect.fnUntraced(function*(known: number) {
  const config = ChatConfig.make({ maxPeers: 2 * many })
  const events = yield* Events.make("bench", config.eventBuffer)
  const peers = yield* SubscriptionRef.make<ReadonlyArray<Peer>>([])
  const router = new Router(id(1), { config, events, peers })
  const [announcing, other] = [2, 3].map((number) =>
    router.attach({ id: id(number), ours: true, role: "Joiner", host: `192.0.2.${number}` })
  )
  if (announcing === undefined || other === undefined) return yield* Effect.die("no neighbours")
  router.hear(announcing, Array.from({ length: known }, (_, index) => coming(crowded(index))), yield* Timeouts.now)
  yield* router.tell
  for (let turn = 0; turn <= known / 1024; turn++) router.turn(other, Infinity)
  return { router, announcing, other }
})

interface Acquainted {
  readonly router: Router
  readonly announcing: Neighbour
  readonly other: Neighbour
}

/** Microseconds that hearing one of the batches takes on average, with passing on and telling what follows from it. */
const measure = Effect.fnUntraced(function*(
  { announcing, other, router }: Acquainted,
  batches: ReadonlyArray<ReadonlyArray<PeerMessage>>
) {
  const began = performance.now()
  let heard = 0
  while (performance.now() < began + seconds * 1000) {
    for (const batch of batches) {
      router.hear(announcing, batch, yield* Timeouts.now)
      yield* router.tell
      router.turn(other, Infinity)
      heard++
    }
  }
  return (performance.now() - began) * 1000 / heard
})

const program = Effect.gen(function*() {
  const [small, large] = [yield* acquainted(few), yield* acquainted(many)]
  for (const [name, batches] of Object.entries(speeches)) {
    yield* measure(small, batches)
    const [a, b] = [yield* measure(small, batches), yield* measure(large, batches)]
    yield* Console.log(
      `${name}: ${a.toFixed(1)} us among ${few}, ${b.toFixed(1)} us among ${many}, ${(b / a).toFixed(1)} times as much`
    )
  }
})

Effect.runPromise(Effect.scoped(program))
