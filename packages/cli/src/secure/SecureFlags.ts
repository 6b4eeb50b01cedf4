/**
 * The flags with which connections are encrypted, the same on every command that dials or listens. Any of them asks for
 * it, and so does an invitation in place of an address. Nothing falls back to a plain connection.
 */
import type { Endpoint } from "@peerage/console/Address"
import type { Gate } from "@peerage/secure"
import * as PeerKey from "@peerage/transport/PeerKey"
import { Console, Effect, Redacted, Result } from "effect"
import type { Flag } from "effect/cli"
import { several, text, yes } from "../Flags.ts"
import * as Password from "../Password.ts"
import { type Check, type Checks, kind } from "../Usage.ts"
import type { Secured } from "./Encryption.ts"
import type { Protocol } from "./Invited.ts"

/** A key of a peer. */
const key = kind("KEY", (text) => {
  const key = PeerKey.parse(text)
  return key === undefined
    ? Result.fail("the 43 characters of a key, as `peerage key FILE` and an invitation show it")
    : Result.succeed(key)
})

/** The file of a key. */
export const path = kind("FILE", (text) => text === "" ? Result.fail("a file, such as my.key") : Result.succeed(text))

/** For commands that only listen. */
export const flags = {
  secure: yes(
    "secure",
    "Encrypt all connections, with peers that prove the same passphrase; implied by the flags below, and by an invitation"
  ),
  passphrase: Password.flagsOf("passphrase", "passphrase of the encrypted network"),
  identity: text(
    "identity",
    path,
    "Keep your key in this file, which is made where there is none (default: a new key at each start)"
  ),
  allow: several(
    "allow",
    key,
    "A key that comes in without the passphrase; may be given several times, and without any passphrase"
  )
}

/** For commands that dial a peer that is named. */
export const dialing = {
  ...flags,
  pin: text("pin", key, "The key that the peer you name must have, as its invitation says it")
}

/** What was given. */
export type Given =
  & {
    readonly [name in keyof typeof flags]: (typeof flags)[name] extends Flag.Flag<infer A> ? A : Password.Flags
  }
  & { readonly pin?: Check<PeerKey.PeerKey | undefined>; readonly plainDiscovery?: Check<boolean> }

/** How connections are encrypted, as far as the flags say it. */
export interface Values {
  /** Whether they are. */
  readonly secure: boolean
  /** `undefined` where none was given. */
  readonly passphrase: Redacted.Redacted<string> | undefined
  /** The file of the key. */
  readonly identity: string | undefined
  readonly allow: ReadonlyArray<PeerKey.PeerKey>
  /** The key of the peer that is named; also that of its invitation. */
  readonly pin: PeerKey.PeerKey | undefined
  /** Whether datagrams may be plain, as nothing encrypts them; PeerPy's discovery needs them. */
  readonly plainDiscovery: boolean
}

const no: Check<boolean> = Result.succeed(false)
const none: Check<undefined> = Result.succeed(undefined)

const succeeded = <A>(check: Check<A>): A | undefined => Result.getOrUndefined(check)

const pinOf = (pin: Check<PeerKey.PeerKey | undefined>, named: Endpoint | undefined): Given["pin"] & {} =>
  Result.flatMap(pin, (key) => {
    if (key === undefined) return Result.succeed(named?.key)
    if (named === undefined) return Result.fail("--pin is for the peer that you name, and you name none")
    return named.key === undefined || named.key === key
      ? Result.succeed(key)
      : Result.fail("--pin and the invitation have two keys; give one of them")
  })

/** What a command says about its flags. */
export interface Checking {
  /** True for a command that encrypts without being asked to. */
  readonly always?: boolean | undefined
  /** The peer that the command dials. */
  readonly named?: Check<Endpoint | undefined> | undefined
  /** What is the passphrase where none is given: a password of the protocol, for people with a single secret. */
  readonly instead?: Check<Redacted.Redacted<string> | undefined> | undefined
}

/** Whether connections are to be encrypted, as far as the flags can be read. */
export const areAsked = (
  { allow, identity, passphrase, pin = none, plainDiscovery = no, secure }: Given,
  { always = false, named = none }: Checking = {}
): boolean =>
  always
  || Password.isGiven(passphrase)
  || [identity, pin].some((check) => succeeded<unknown>(check) !== undefined)
  || [secure, plainDiscovery].some((check) => succeeded(check) === true)
  || (succeeded(allow) ?? []).length > 0
  || succeeded(named)?.key !== undefined

/** What is wrong with the flags, and what they say. */
export const checks = Effect.fnUntraced(function*(given: Given, checking: Checking = {}) {
  const { allow, identity, passphrase, pin = none, plainDiscovery = no, secure } = given
  const { instead = none, named = none } = checking
  const asked = areAsked(given, checking)
  const isNeeded = asked && (succeeded(allow) ?? []).length === 0 && succeeded(instead) === undefined
  const { known, one } = yield* Password.checksOf("passphrase", passphrase, isNeeded)
  const read: Checks<Values> = {
    secure: Result.map(secure, () => asked),
    passphrase: Result.map(known, (given) => given ?? succeeded(instead)),
    identity,
    allow,
    pin: Result.isSuccess(named) ? pinOf(pin, named.success) : pin,
    plainDiscovery
  }
  return { ...read, onePassphrase: one }
})

/** The secrets of a command whose connections are encrypted. */
export interface Passphrase {
  /** `undefined` where only keys that are known come in. */
  readonly passphrase: Redacted.Redacted<string> | undefined
  /** The password of a protocol that has one of its own: the passphrase, so that people need a single one. */
  readonly password: Redacted.Redacted<string>
  /** The passphrase as a text, to be shown, where it was made up. */
  readonly madeUp: string | undefined
}

/** The password of a peer without a passphrase, which its key admits. It is no secret. */
export const byKey = Redacted.make("admitted by key")

/**
 * The passphrase: the one that was given, none where keys are known, else what a person answers. A command that `begins` a
 * network makes one up instead. `undefined` where nothing is to be encrypted.
 */
export const passphraseOf = Effect.fnUntraced(function*(
  { allow, passphrase, secure }: Values,
  begins: boolean
) {
  if (!secure) return undefined
  const needed = passphrase === undefined && allow.length === 0
  const madeUp = needed && begins ? yield* Password.makePassphrase : undefined
  const asked = needed && !begins ? yield* Password.askFor("passphrase") : undefined
  const known = passphrase ?? (madeUp === undefined ? asked : Redacted.make(madeUp))
  const all: Passphrase = { passphrase: known, password: known ?? byKey, madeUp }
  return all
})

/** What a command adds to its flags. */
export interface Purpose {
  readonly protocol: Protocol
  /** The address of the peer that is named, with its name looked up. */
  readonly named?: string | undefined
  /** Who may come in, where the protocol has a say in that. */
  readonly gate?: Gate.Gate | undefined
  /** Done when the passphrase changes, with the new one. */
  readonly rotated?: ((passphrase: Redacted.Redacted<string>) => Effect.Effect<void>) | undefined
}

/** Begins to encrypt where there is a passphrase, for the scope's life; `undefined` where there is none. */
export const beginWith = Effect.fnUntraced(function*(
  values: Values,
  passphrase: Passphrase | undefined,
  purpose: Purpose
) {
  if (passphrase === undefined) return undefined
  // It takes a while to load, and most commands do without.
  const { make } = yield* Effect.promise(() => import("./Making.ts"))
  return yield* make(values, passphrase, purpose)
})

/** Begins to encrypt where the flags ask for it, for the scope's life; `undefined` where they do not. */
export const begin = (values: Values, { begins = false, ...purpose }: Purpose & { readonly begins?: boolean }) =>
  Effect.flatMap(passphraseOf(values, begins), (passphrase) => beginWith(values, passphrase, purpose))

/** The passphrase that was made up, for the welcome. Programs read no welcome: they find it on standard error. */
export const tellPrograms = Effect.fnUntraced(function*(json: boolean, secured: Secured | undefined) {
  const passphrase = secured === undefined ? undefined : yield* secured.madeUp
  if (json && passphrase !== undefined) yield* Console.error(`The passphrase is ${passphrase}`)
  return passphrase
})
