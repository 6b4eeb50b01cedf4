/**
 * The first word of a connection: may this address try at all?
 *
 *   joiner                          host
 *     | <---- {"banned": false} ----- |
 *
 * After a kick: {"banned": true, "retry_after": 30}, the seconds until the address may try again.
 *
 * Source: docs/wire/pyile.md, section 4, steps 1 and 2.
 */
import type { Link, LinkError } from "@peerage/wire"
import { type Duration, Effect, Redacted } from "effect"
import { constant } from "../codec/Frame.ts"
import { BanStatus } from "../codec/Message.ts"
import { Banned, IncompatiblePeer } from "../PyileError.ts"

// A host that says more is asked again by then.
const longestBar = 3600

/** Waits for the verdict. Fails with `Banned`, and with `IncompatiblePeer` for a host of release 0.0.3. */
export const initiate = Effect.fnUntraced(function*(link: Link.Link, within: Duration.Input) {
  const status = yield* Effect.catchTag(
    link.receive(BanStatus, within),
    "MalformedFrame",
    (malformed) =>
      Effect.fail(greetsAs003(Redacted.value(malformed.text)) ? new IncompatiblePeer({ release: "0.0.3" }) : malformed)
  )
  if (!status.banned) return
  const { retry_after } = status
  return yield* new Banned(retry_after === undefined ? {} : { retryAfter: Math.min(retry_after, longestBar) })
})

const banned = constant(BanStatus, { banned: true })
const welcome = constant(BanStatus, { banned: false })

/** Sends the verdict, then fails with `Banned`, so that the caller closes the connection. */
export const respond = (link: Link.Link, status: BanStatus): Effect.Effect<void, Banned | LinkError.SendError> => {
  if (!status.banned) return link.sendEncoded(welcome)
  const told = status.retry_after === undefined ? link.sendEncoded(banned) : link.send(BanStatus, status)
  return Effect.andThen(told, Effect.fail(new Banned()))
}

/**
 * Quirk: release 0.0.3 greets with the bare word `notbanned`, possibly cut by the network, where 0.1 sends JSON. Going
 * on would send it the password in a form it does not understand.
 */
const greetsAs003 = (text: string): boolean =>
  text.length > 0 && ["notbanned", "banned"].some((word) => word.startsWith(text) || text.startsWith(word))
