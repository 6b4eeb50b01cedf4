/** What follows from a change follows whatever interrupts the fiber that makes it. */
import { assert, describe, it } from "@effect/vitest"
import { Budget } from "@peerage/wire"
import { Effect, Fiber, Scheduler, Stream, SubscriptionRef } from "effect"
import * as ChatConfig from "../../src/ChatConfig.ts"
import type { ChatEvent, Peer } from "../../src/ChatEvent.ts"
import * as Events from "../../src/peer/Events.ts"
import * as Router from "../../src/peer/Router.ts"
import { id } from "./Network.ts"

describe("a change", () => {
  it.effect.each(Array.from({ length: 30 }, (_, index) => index + 4))(
    "by a fiber that yields after %i operations and is interrupted then is made whole, or not at all",
    (operations) =>
      Effect.gen(function*() {
        const config = ChatConfig.make({ eventBuffer: 100 })
        const budget = yield* Budget.make(config.maxHeldBytes)
        const events = yield* Events.make("router", config)
        const peers = yield* SubscriptionRef.make<ReadonlyArray<Peer>>([])
        const router = yield* Router.make(id(1), { budget, config, events, peers })
        const published: Array<ChatEvent["_tag"]> = []
        const listen = Stream.runForEach(events.stream, ({ _tag }) => Effect.sync(() => void published.push(_tag)))
        yield* Effect.forkScoped(listen, { startImmediately: true })
        const peer = { id: id(2), extended: true, host: "10.0.0.2", role: { _tag: "Joiner" } } as const
        const { filled, take } = yield* router.attach(peer, () => Effect.void)
        yield* take(Infinity)
        published.length = 0
        const sending = router.send([{ _tag: "Chat", from: id(1), to: id(2), text: "hello" }]).pipe(
          Effect.provideService(Scheduler.MaxOpsBeforeYield, operations)
        )
        yield* Fiber.interrupt(yield* Effect.forkChild(sending, { startImmediately: true }))
        const sent = published.length
        if (sent > 0) yield* filled
        assert.strictEqual((yield* take(Infinity)).length, sent)
      })
  )
})
