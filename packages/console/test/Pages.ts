/** A peer and pages that watch it: what tests of frames begin with. */
import { Effect, Fiber, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { Frame } from "../src/api/Frame.ts"
import * as Frames from "../src/Frames.ts"
import * as FakePanel from "./FakePanel.ts"

/** A peer, and the frames of it. */
export const scene = Effect.fnUntraced(function*(given: Partial<FakePanel.Stuff> = {}) {
  const fake = yield* FakePanel.make(given)
  const frames = yield* Frames.make(fake.panel)
  return { ...fake, frames }
})

/** A page: `next` is the next frame, for which the page is ready only then; `leave` closes it. */
export const open = Effect.fnUntraced(function*(frames: Frames.Frames, watching: Partial<Frames.Watching> = {}) {
  const scope = yield* Scope.fork(yield* Effect.scope)
  const pull = yield* Scope.provide(
    Stream.toPull(Stream.take(frames.watch({ conversation: "", hidden: false, ...watching }), 1000)),
    scope
  )
  const frame = Effect.map(pull, ([frame]) => frame)
  const after = (time: number) =>
    Effect.gen(function*() {
      const coming = yield* Effect.forkChild(frame)
      yield* TestClock.adjust(time)
      return yield* Fiber.join(coming)
    })
  return { first: yield* frame, after, leave: Scope.close(scope, yield* Effect.exit(Effect.void)) }
})

/** A page that takes every frame at once, and all that it was sent. */
export const reading = Effect.fnUntraced(function*(frames: Frames.Frames, watching: Partial<Frames.Watching> = {}) {
  const sent: Array<Frame> = []
  const reading = Stream.runForEach(
    frames.watch({ conversation: "", hidden: false, ...watching }),
    (frame) => Effect.sync(() => void sent.push(frame))
  )
  yield* Effect.forkScoped(reading, { startImmediately: true })
  return sent
})
