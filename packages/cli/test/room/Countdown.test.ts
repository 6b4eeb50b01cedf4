/** What a person sees while a command waits for its next try. */
import { assert, it } from "@effect/vitest"
import { inPyile as inWords } from "@peerage/console/Reasons"
import { PyileError } from "@peerage/pyile"
import { Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Countdown from "../../src/room/Countdown.ts"

const peer = "10.0.0.1:4702"
const refused = new PyileError.Unreachable({ address: peer, code: "ECONNREFUSED" })

/** The changing line, each time that it is drawn, for a terminal so many columns wide. */
const drawing = (reason: unknown, columns = 80) => {
  const lines: Array<string> = []
  const status = (draw: (columns: number) => ReadonlyArray<string>) =>
    Effect.sync(() => void lines.push(draw(columns).join("|")))
  const waiting = Countdown.make({ kind: "Terminal", status }, { peer, inWords })
  return { lines, counting: waiting({ pause: Duration.millis(2500), reason }) }
}

it.effect("counts down each second, and leaves no line behind", () =>
  Effect.gen(function*() {
    const { counting, lines } = drawing(refused)
    const fiber = yield* Effect.forkChild(counting)
    yield* TestClock.withLive(Effect.sleep(1))
    yield* TestClock.adjust("1 second")
    yield* TestClock.adjust("1 second")
    yield* Fiber.interrupt(fiber)
    const at = (seconds: number) => `10.0.0.1:4702: nobody listens there. Trying again in ${seconds} s.`
    assert.deepStrictEqual(lines, [at(3), at(2), at(1), ""])
  }))

it.effect.each([
  { reason: new PyileError.Banned({ retryAfter: 30 }), columns: 80, line: `${peer}: banned. Trying again in 3 s.` },
  {
    reason: new PyileError.Unreachable({ address: peer, code: "EHOSTUNREACH" }),
    columns: 80,
    line: `${peer}: no way leads there. Trying again in 3 s.`
  },
  { reason: refused, columns: 20, line: "10.0.0.1:4702: nobo" }
])("says why, as far as the terminal is wide: $line", ({ columns, line, reason }) =>
  Effect.gen(function*() {
    const { counting, lines } = drawing(reason, columns)
    const fiber = yield* Effect.forkChild(counting, { startImmediately: true })
    yield* Fiber.interrupt(fiber)
    assert.strictEqual(lines[0], line)
  }))
