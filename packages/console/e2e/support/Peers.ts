/** Real peers, each on a machine of its own in a simulated network in real time, and a page that looks at one of them. */
import { NodeServices } from "@effect/platform-node"
import { Machines } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Layer, type Scope } from "effect"
import type { Panel } from "../../src/Panel.ts"
import { browsed, browser } from "./Browser.ts"
import { serve } from "./Played.ts"
import { arrived } from "./Shown.ts"

type Needs = MemoryNetwork.MemoryNetwork | NodeServices.NodeServices | Scope.Scope

/** A test in a real browser, with a network and files. */
export const networked = (
  name: string,
  steps: () => Generator<Effect.Effect<unknown, unknown, Needs>, void, never>
): void =>
  browsed(name, function*() {
    const services = yield* Layer.build(Layer.merge(MemoryNetwork.layer(), NodeServices.layer))
    yield* Effect.provideContext(Effect.gen(steps), services)
  })

/** The machine with a number. */
export const host = (machine: number) => `10.0.0.${machine}`

/** Begins something on a machine; it lives until the test ends, or until `leave`. */
export const begin = <A, E, R>(machine: number, make: Effect.Effect<A, E, R>) =>
  Machines.inOwnScope(Machines.on(host(machine), make))

/** Opens the page of a peer, by its panel. */
export const look = Effect.fnUntraced(function*(root: string, panel: Panel) {
  const { link } = yield* serve(panel, { root })
  const open = yield* browser
  const seen = yield* open(yield* link)
  yield* arrived(seen.page)
  return seen
})
