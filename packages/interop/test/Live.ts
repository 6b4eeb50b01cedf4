/** A test with real sockets and real processes, which is skipped where there are no originals to run. */
import { it } from "@effect/vitest"
import type { Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, type Scope } from "effect"
import { inject } from "vitest"

/** Says what peers do. Skipped with the reason where something is `missing` that it needs besides the originals. */
export const live = <A, E>(
  name: string,
  program: Effect.Effect<A, E, Transport.Transport | Scope.Scope>,
  missing = ""
): void => {
  const reason = inject("missing") || missing
  if (reason === "") it.live(name, () => Effect.asVoid(Effect.provide(program, NodeTransport.layer)))
  else it(name, ({ skip }) => skip(reason))
}
