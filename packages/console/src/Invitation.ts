/**
 * How a page becomes this console's own. A link has an invitation of 128 bits, good once and for ten minutes; the page
 * exchanges it for a key of 192 bits, which is good for as long as the process lives. A new invitation ends the one before.
 *
 *     terminal: http://127.0.0.1:PORT/#INVITATION ---> page: POST /session, INVITATION ---> KEY
 */
import { Clock, Duration, Effect, Option, Redacted, Ref } from "effect"
import { timingSafeEqual } from "effect/crypto/Mac"
import { SecureRandom } from "effect/crypto/SecureRandom"
import * as Base64Url from "effect/encoding/Base64Url"

/** Who was invited, and who came. */
export interface Invitation {
  /** A new invitation. */
  readonly invite: Effect.Effect<Redacted.Redacted<string>>
  /** Gives the key for an invitation that is good; none for one that was used, has expired, or never was. */
  readonly exchange: (
    invitation: Redacted.Redacted<string>
  ) => Effect.Effect<Option.Option<Redacted.Redacted<string>>>
  /** Whether this is the key. */
  readonly isKey: (key: Redacted.Redacted<string>) => boolean
}

/** How long an invitation is good. */
const goodFor = Duration.minutes(10)

const [invitationBytes, keyBytes] = [16, 24]

const encoder = new TextEncoder()

/** Compares in a time that tells nothing but whether the lengths differ, which are no secret. */
const isSame = (one: Redacted.Redacted<string>, other: Redacted.Redacted<string>): boolean => {
  const [left, right] = [encoder.encode(Redacted.value(one)), encoder.encode(Redacted.value(other))]
  return left.length === right.length && timingSafeEqual(left, right)
}

interface Open {
  readonly secret: Redacted.Redacted<string>
  readonly until: number
}

/** Nobody is invited yet. */
export const make: Effect.Effect<Invitation, never, SecureRandom> = Effect.gen(function*() {
  const { randomBytes } = yield* SecureRandom
  const secret = (bytes: number) => Effect.map(randomBytes(bytes), (random) => Redacted.make(Base64Url.encode(random)))
  const open = yield* Ref.make(Option.none<Open>())
  const key = yield* secret(keyBytes)

  return {
    invite: Effect.gen(function*() {
      const invitation = yield* secret(invitationBytes)
      const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(goodFor)
      yield* Ref.set(open, Option.some({ secret: invitation, until }))
      return invitation
    }),
    exchange: (invitation) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Ref.modify(open, (open) => {
          const isGood = Option.exists(open, ({ secret, until }) => isSame(secret, invitation) && now < until)
          return isGood ? [Option.some(key), Option.none()] : [Option.none(), open]
        })),
    isKey: (given) => isSame(given, key)
  }
})
