/**
 * The password and its verdict.
 *
 *   joiner                             host
 *     | ---- {"shadow": "secret"} ----> |
 *     | <--- {"authenticated": true} -- |
 *
 * The password travels in the clear: that is the protocol. Source: docs/wire/pyile.md, sections 4 and 5.
 */
import type { Link } from "@peerage/wire"
import { type Duration, Effect, type Redacted } from "effect"
import { constant } from "../codec/Frame.ts"
import { Authenticated, type Data, Password } from "../codec/Message.ts"
import { WrongPassword } from "../PyileError.ts"

/** Sends the password and waits for the verdict. Fails with `WrongPassword`; never retries. */
export const initiate = Effect.fnUntraced(
  function*(link: Link.Link, password: Redacted.Redacted<string>, within: Duration.Input) {
    yield* link.send(Password, { shadow: password })
    const verdict = yield* link.receive(Authenticated, within)
    if (!verdict.authenticated) return yield* new WrongPassword()
  }
)

const accepted = constant(Authenticated, { authenticated: true })
const refused = constant(Authenticated, { authenticated: false })

/**
 * Waits for a password, has it judged, and sends the verdict. Fails with `WrongPassword` after a bad one has been
 * answered. Whatever JSON the joiner sends is handed to `judge`, as the original compares anything.
 */
export const respond = Effect.fnUntraced(function*<E, R>(
  link: Link.Link,
  judge: (shadow: Redacted.Redacted<Data>) => Effect.Effect<boolean, E, R>,
  within: Duration.Input
) {
  const { shadow } = yield* link.receive(Password, within)
  const authenticated = yield* judge(shadow)
  yield* link.sendEncoded(authenticated ? accepted : refused)
  if (!authenticated) return yield* new WrongPassword()
})
