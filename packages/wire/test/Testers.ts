/** Tests over a pipe whose other end is the test, or in a simulated network. */
import { it } from "@effect/vitest"
import { Machines } from "@peerage/testing"
import type { MemoryNetwork, Options } from "@peerage/transport"
import { Effect, Schema, type Scope } from "effect"
import { ByteLink, Link } from "../src/index.ts"
import { format } from "./JsonLines.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"

type Body<Ends, Needs = Scope.Scope> = (ends: Ends) => Effect.fn.Return<void, unknown, Needs>

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

export const Count = Schema.Struct({ count: Schema.Int }).annotate({ identifier: "Count" })
export const Goodbye = Schema.Struct({ goodbye: Schema.Literal(true) }).annotate({ identifier: "Goodbye" })

/** A link of JSON lines over a pipe, for the scope's life. */
export const open = Effect.fnUntraced(
  function*(options: Partial<Link.Options<typeof format.framing.initial>> & Options.ConnectionOptions = {}) {
    const pipe = new ScriptedPipe()
    return { link: yield* Link.make(pipe, { format, ...options }), pipe }
  }
)

/** A test of a link of JSON lines. */
export const linked = (
  title: string,
  body: Body<Effect.Success<ReturnType<typeof open>>>,
  options?: Parameters<typeof open>[0]
) => it.effect(title, () => Effect.flatMap(open(options), Effect.fnUntraced(body)))

/** A link of bytes over a pipe, for the scope's life. */
export const openBytes = Effect.gen(function*() {
  const pipe = new ScriptedPipe()
  const link = yield* ByteLink.make(pipe)
  return { link, reader: link.reader, pipe }
})

/** A test of a link of bytes. */
export const byteLinked = (title: string, body: Body<Effect.Success<typeof openBytes>>) =>
  it.effect(title, () => Effect.flatMap(openBytes, Effect.fnUntraced(body)))

/** A test in a simulated network. */
export const networked = (title: string, body: Body<void, Scope.Scope | MemoryNetwork.MemoryNetwork>) =>
  it.effect(title, () => Machines.simulated(Effect.fnUntraced(body)()))
