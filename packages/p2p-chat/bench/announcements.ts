/**
 * What it costs a peer to receive announcements when it knows few peers, and when it knows many: from a neighbour whose
 * peers come and go, one frame at a time and 400 at once among text, and text alone, which only looks up its route.
 *
 * Run with node --conditions=@peerage/source packages/p2p-chat/bench/announcements.ts [few] [many]
 */
import { Budget } from "@peerage/wire"
import { Console, Effect, SubscriptionRef } from "effect"
import * as ChatConfig from "../src/ChatConfig.ts"
import type { Peer } from "../src/ChatEvent.ts"
import type { PeerMessage } from "../src/codec/Message.ts"
import * as PeerId from "../src/codec/PeerId.ts"
import * as Events from "../src/peer/Events.ts"
import * as Router from "../src/peer/Router.ts"

/** Milliseconds of CPU so far, which other programs on the machine hardly change. */
const cpu = () => process.cpuUsage().user / 1000

const few = Number(process.argv[2] ?? 100)
const many = Number(process.argv[3] ?? 10_000)
const frames = 400
const seconds = 2

const id = (number: number) => PeerId.make(BigInt(number))
const [announcing, other] = [id(2), id(3)]

// As peers make them up for themselves: of a moment, of chance, and rarely the second of its moment.
const crowded = (index: number) =>
  PeerId.make((BigInt(9_000_000_000 + index * 977) << 25n) | (BigInt((index * 40_503) & 0xffff) << 9n))

const coming = (peer: PeerId.PeerId): PeerMessage => ({ _tag: "Join", id: peer, via: announcing, hops: 1 })
const going = (peer: PeerId.PeerId): PeerMessage => ({ _tag: "Leave", id: peer })
const chat: PeerMessage = { _tag: "Chat", from: crowded(0), to: other, text: "hello" }

/** What the neighbour sends, over and over. */
const traffic = {
  "a frame that changes a route": [[coming(id(5))], [going(id(5))]],
  [`${frames} frames, half of them text`]: [
    Array.from({ length: frames }, (_, index) => [chat, coming(id(5)), chat, going(id(5))][index % 4] ?? chat)
  ],
  [`${frames} frames of text`]: [Array.from({ length: frames }, () => chat)]
}

/** The router of a peer with two neighbours, of which the first has announced so many. */
const routerOf = Effect.fnUntraced(function*(known: number) {
  const config = ChatConfig.make({ maxPeers: 2 * many })
  const events = yield* Events.make("bench", config)
  const peers = yield* SubscriptionRef.make<ReadonlyArray<Peer>>([])
  const router = yield* Router.make(id(1), { budget: yield* Budget.make(config.maxHeldBytes), config, events, peers })
  const attach = (peer: PeerId.PeerId) =>
    router.attach({ id: peer, extended: true, role: { _tag: "Joiner" }, host: `192.0.2.${peer}` }, () => Effect.void)
  yield* attach(announcing)
  const { take } = yield* attach(other)
  yield* router.receive(announcing, Array.from({ length: known }, (_, index) => coming(crowded(index))))
  for (let turn = 0; turn <= known / 1024; turn++) yield* take(Infinity)
  return { router, take }
})

/** Microseconds that receiving one of the batches takes on average, with all that follows from it. */
const measure = Effect.fnUntraced(function*(
  { router, take }: Effect.Success<ReturnType<typeof routerOf>>,
  batches: ReadonlyArray<ReadonlyArray<PeerMessage>>
) {
  const began = cpu()
  let received = 0
  while (cpu() < began + seconds * 1000) {
    for (const batch of batches) {
      yield* router.receive(announcing, batch)
      yield* take(Infinity)
      received++
    }
  }
  return (cpu() - began) * 1000 / received
})

const program = Effect.gen(function*() {
  const [small, large] = [yield* routerOf(few), yield* routerOf(many)]
  for (const [name, batches] of Object.entries(traffic)) {
    yield* measure(small, batches)
    const [a, b] = [yield* measure(small, batches), yield* measure(large, batches)]
    yield* Console.log(
      `${name}: ${a.toFixed(1)} us among ${few}, ${b.toFixed(1)} us among ${many}, ${(b / a).toFixed(1)} times as much`
    )
  }
})

Effect.runPromise(Effect.scoped(program))
