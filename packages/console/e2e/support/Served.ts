/** A real host with a console, and what tests of it begin with. */
import { assert, it } from "@effect/vitest"
import { AuthPeer } from "@peerage/pyile"
import { NodeTransport } from "@peerage/transport/node"
import { Clock, Effect, Exit, Layer, Redacted, Scope } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Console } from "../../src/Console.ts"
import * as NodeConsole from "../../src/node/NodeConsole.ts"
import * as Pyile from "../../src/panels/Pyile.ts"
import { ask } from "./Wire.ts"

export const passphrase = "correct horse battery"

/** A folder with a page in it, and a secret beside it. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => {
    const outside = mkdtempSync(join(tmpdir(), "console-"))
    const root = mkdtempSync(join(outside, "web-"))
    writeFileSync(join(root, "index.html"), "<!doctype html><title>Page</title>")
    writeFileSync(join(outside, "secret.txt"), "outside")
    return { outside, root }
  }),
  ({ outside }) => Effect.sync(() => rmSync(outside, { recursive: true }))
)

/** A host with a console, whose clock is `late` milliseconds fast. */
export const scene = Effect.gen(function*() {
  const { root } = yield* folder
  const late = { millis: 0 }
  const clock = yield* Clock.Clock
  const peer = yield* AuthPeer.make({ listen: "127.0.0.1:0", password: Redacted.make(passphrase), attempts: 2 })
  const later = Effect.map(clock.currentTimeMillis, (now) => now + late.millis)
  const fast = new Proxy(clock, {
    get: (clock, name) => name === "currentTimeMillis" ? later : Reflect.get(clock, name)
  })
  const scope = yield* Scope.fork(yield* Effect.scope)
  const console = yield* Effect.provideService(
    Layer.buildWithScope(NodeConsole.layer(Pyile.make(peer), { port: 0, root }), scope),
    Clock.Clock,
    fast
  )
  const { link } = yield* Effect.provideContext(Console, console)
  const invite = Effect.map(Effect.provideService(link, Clock.Clock, fast), (link) => {
    const [, port, invitation] = /^http:\/\/127\.0\.0\.1:(\d+)\/#([\w-]{22})$/.exec(Redacted.value(link)) ?? []
    return { port: Number(port), invitation: invitation ?? assert.fail("no link") }
  })
  const exchange = (port: number, invitation: string) =>
    ask(port, "/session", { method: "POST", headers: { authorization: `Bearer ${invitation}` } })
  const { invitation, port } = yield* invite
  const { text: key } = yield* exchange(port, invitation)
  return {
    peer,
    port,
    key,
    invitation,
    invite,
    exchange: (invitation: string) => exchange(port, invitation),
    late,
    close: Scope.close(scope, Exit.void)
  }
})

export const live = (name: string, steps: () => Generator<Effect.Effect<unknown, unknown, Transport>, void, never>) =>
  it.live(name, () => Effect.gen(steps).pipe(Effect.scoped, Effect.provide(NodeTransport.layer)))

type Transport = Scope.Scope | Layer.Success<typeof NodeTransport.layer>
