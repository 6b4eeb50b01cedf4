/** A host of ours, which lets joiners in. */
import { AuthPeer } from "@peerage/pyile"
import { Effect, Redacted } from "effect"
import { effect } from "../../src/Program.ts"
import { password } from "../pyile/Member.ts"

effect(() =>
  Effect.map(
    AuthPeer.make({ password: Redacted.make(password), listen: "127.0.0.1:0" }),
    ({ address }) => ({ ready: { auth: address.port }, round: () => Effect.void })
  )
)
