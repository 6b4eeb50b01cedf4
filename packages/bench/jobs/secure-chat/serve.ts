/** A Pyile host, secured or not. */
import { AuthPeer } from "@peerage/pyile"
import { Effect, Redacted } from "effect"
import { effect } from "../../src/Program.ts"
import * as Secured from "../alternatives/Secured.ts"
import { password } from "../pyile/Member.ts"

effect((given) =>
  Effect.gen(function*() {
    const host = yield* AuthPeer.make({ password: Redacted.make(password), listen: "127.0.0.1:0" })
    return { ready: { port: host.address.port }, round: () => Effect.void }
  }).pipe(Secured.over(given, "serve"))
)
