/**
 * Who may come in, beside the passphrase: limits of guesses, and bans. An application with bans of its own gives a gate of
 * its own, which may ask this one.
 */
import * as OptionValue from "@peerage/transport/OptionValue"
import type { PeerKey } from "@peerage/transport/PeerKey"
import * as Places from "@peerage/transport/Places"
import { Clock, Duration, Effect } from "effect"
import type { Verdict } from "./session/Admission.ts"

/** One that wants to come in: its address, without a port, and its key, which it has proved to own. */
export interface Candidate {
  readonly host: string
  readonly key: PeerKey
}

/** Plain callbacks, called synchronously, so that a thousand guesses at once are a thousand guesses. */
export interface Gate {
  /** Asked whenever it matters: as soon as the key is known, and again before a passphrase is judged. */
  readonly judge: (candidate: Candidate & { readonly known: boolean }) => Verdict
  /** A wrong passphrase came. */
  readonly guessed: (candidate: Candidate) => void
  /** It came in. */
  readonly admitted: (candidate: Candidate) => void
}

/** What a gate decides, as Effects: a protocol that decides who may come in gives them. They must not wait. */
export interface Decisions {
  readonly judge: (candidate: Candidate & { readonly known: boolean }) => Effect.Effect<Verdict>
  readonly guessed: (candidate: Candidate) => Effect.Effect<void>
}

/** A gate of decisions that are Effects, each of which is run at once. */
export const fromEffects = ({ guessed, judge }: Decisions): Effect.Effect<Gate> =>
  Effect.map(Effect.context<never>(), (services) => {
    const now = Effect.runSyncWith(services)
    return {
      judge: (candidate) => now(judge(candidate)),
      guessed: (candidate) => now(guessed(candidate)),
      admitted: () => {}
    }
  })

/** Limits of guesses. */
export interface GateOptions {
  /** Wrong passphrases from one IPv4 address or one IPv6 /64, after which it is refused. Default 5. */
  readonly attempts?: number | undefined
  /** For how long it is refused. Default 10 minutes. */
  readonly banFor?: Duration.Input | undefined
  /** Wrong passphrases per minute in all, after which no stranger is admitted for the rest of it. Default 60. */
  readonly attemptsPerMinute?: number | undefined
}

const checkOptions = OptionValue.checkAll("Gate.make", {
  attempts: OptionValue.count,
  banFor: OptionValue.span,
  attemptsPerMinute: OptionValue.count
})

const minute = 60_000

/** Sources of guesses that are remembered: some 200 bytes each. */
const maxSources = 65_536

interface Guesses {
  readonly count: number
  /** Milliseconds: until then the source is refused, or its guesses count. */
  readonly until: number
}

/** Guesses by source. One that has used up its attempts is refused; nothing is refunded. */
class Ledger {
  readonly #sources = new Map<string, Guesses>()
  readonly #attempts: number
  readonly #banFor: number

  constructor(attempts: number, banFor: number) {
    this.#attempts = attempts
    this.#banFor = banFor
  }

  refuses(source: string, now: number): boolean {
    return (this.#current(source, now)?.count ?? 0) >= this.#attempts
  }

  count(source: string, now: number): void {
    const count = (this.#current(source, now)?.count ?? 0) + 1
    // The last to guess is the last to be forgotten.
    this.#sources.delete(source)
    this.#sources.set(source, { count, until: now + this.#banFor })
    if (this.#sources.size > maxSources) this.#forgetOldest()
  }

  #current(source: string, now: number): Guesses | undefined {
    const guesses = this.#sources.get(source)
    if (guesses === undefined || guesses.until > now) return guesses
    this.#sources.delete(source)
    return undefined
  }

  #forgetOldest(): void {
    for (const source of this.#sources.keys()) {
      this.#sources.delete(source)
      return
    }
  }
}

const sourceOf = (host: string): string => host.includes(":") ? Places.networkOf(host) : host

class GuessLimits implements Gate {
  readonly #clock: Clock.Clock
  readonly #perMinute: number
  readonly #addresses: Ledger
  readonly #keys: Ledger
  #guesses: Array<number> = []

  constructor(clock: Clock.Clock, attempts: number, banFor: number, perMinute: number) {
    this.#clock = clock
    this.#perMinute = perMinute
    this.#addresses = new Ledger(attempts, banFor)
    this.#keys = new Ledger(attempts, banFor)
  }

  readonly judge: Gate["judge"] = ({ host, key, known }) => {
    const now = this.#clock.currentTimeMillisUnsafe()
    // A member is not answerable for what others at its address do.
    if (known) return this.#keys.refuses(key, now) ? "TooManyGuesses" : "Pass"
    if (this.#addresses.refuses(sourceOf(host), now)) return "TooManyGuesses"
    return this.#recent(now) >= this.#perMinute ? "Busy" : "Pass"
  }

  readonly guessed: Gate["guessed"] = ({ host, key }) => {
    const now = this.#clock.currentTimeMillisUnsafe()
    this.#addresses.count(sourceOf(host), now)
    this.#keys.count(key, now)
    this.#guesses.push(now)
  }

  readonly admitted: Gate["admitted"] = () => {}

  /** Guesses of the last minute. */
  #recent(now: number): number {
    const old = this.#guesses.findIndex((at) => at > now - minute)
    this.#guesses = old < 0 ? [] : old === 0 ? this.#guesses : this.#guesses.slice(old)
    return this.#guesses.length
  }
}

/** A gate that refuses those that guess. Its memory is that of this process. Dies for an option that cannot be. */
export const make = (options: GateOptions = {}): Effect.Effect<Gate> =>
  Effect.map(Clock.Clock, (clock) => {
    checkOptions(options)
    const { attempts = 5, attemptsPerMinute = 60, banFor = "10 minutes" } = options
    return new GuessLimits(clock, attempts, Duration.toMillis(Duration.fromInputUnsafe(banFor)), attemptsPerMinute)
  })
