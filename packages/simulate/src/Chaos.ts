/**
 * Faults at random: which, when, to whom and how long follows from a seed. What it did is in the theatre's score, as
 * faults at moments, so that a run that fails can be played without chance, and be cut down.
 */
import { Duration, Effect, Random, Schema, Struct } from "effect"
import type { Fault } from "./Fault.ts"
import { Noted } from "./internal/Noted.ts"
import * as Plain from "./internal/Plain.ts"
import { Theatre } from "./Theatre.ts"

const rates = {
  /** Partitions of the hosts in two, a third of them one way. */
  cut: Schema.optional(Plain.positive),
  /** Power cuts. */
  kill: Schema.optional(Plain.positive),
  /** Hosts that stop politely. */
  stop: Schema.optional(Plain.positive),
  /** Hosts that freeze. */
  pause: Schema.optional(Plain.positive),
  /** Hosts that do not read. */
  clog: Schema.optional(Plain.positive),
  /** Hosts that accept and say nothing. */
  mute: Schema.optional(Plain.positive),
  /** Full disks. */
  fill: Schema.optional(Plain.positive),
  /** Hosts whose connections are reset. */
  reset: Schema.optional(Plain.positive),
  /** Hosts whose packets are late, by up to two seconds. */
  slow: Schema.optional(Plain.positive),
  /** Hosts that lose up to half of their packets. */
  lossy: Schema.optional(Plain.positive),
  /** Hosts with a bandwidth of 1,000 to 100,000 bytes a second. */
  narrow: Schema.optional(Plain.positive),
  /** Hosts whose datagrams arrive twice, and in another order. */
  unruly: Schema.optional(Plain.positive)
}

/** How many faults of each kind a minute there are on average, whom they meet, and how long they last. */
export const Chaos = Schema.Struct({
  ...rates,
  /** The hosts that faults meet: "all", the default, or names. */
  hosts: Schema.optional(Schema.Array(Schema.String)),
  /** How long faults last on average. Default 5 seconds. */
  lasting: Schema.optional(Plain.span),
  /** When it begins, as when all hosts have started. Default: at once. */
  from: Schema.optional(Plain.time),
  /** From when on nothing is wrong any more. Default: never. */
  until: Schema.optional(Plain.time),
  /** Of its chance. Default: the simulation's. */
  seed: Schema.optional(Plain.seed)
})

/** How many faults of each kind a minute there are on average, whom they meet, and how long they last. */
export type Chaos = typeof Chaos.Type

type Kind = keyof typeof rates

const decode = Plain.decode("chaos", Chaos)
const millisOf = (input: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(input))

/** Time until something that happens so often, on average. */
const exponential = (mean: number) => Effect.map(Random.next, (drawn) => -Math.log(1 - drawn) * mean)
const rounded = (number: number, digits: number) => Math.max(Number(number.toPrecision(digits)), 0.001)

/** Two sides, neither of them empty. */
const halves = Effect.fnUntraced(function*(names: ReadonlyArray<string>) {
  const shuffled = yield* Random.shuffle(names)
  const size = yield* Random.nextIntBetween(1, names.length, { halfOpen: true })
  return [shuffled.slice(0, size).join(","), shuffled.slice(size).join(",")] as const
})

const linkOf: { readonly [kind in Kind]?: (drawn: number) => Fault } = {
  slow: (drawn) => ({ latency: rounded(drawn * 2000, 3), jitter: rounded(drawn * 500, 3) }),
  lossy: (drawn) => ({ loss: rounded(drawn / 2, 2) }),
  narrow: (drawn) => ({ bandwidth: rounded(1000 * 100 ** drawn, 2) }),
  unruly: (drawn) => ({
    duplication: rounded(drawn / 2, 2),
    reordering: rounded(drawn / 2, 2),
    reorderDelay: "1 second"
  })
}

/** A fault of this kind; `undefined` when there are too few hosts for it. */
const fault = Effect.fnUntraced(function*(kind: Kind, names: ReadonlyArray<string>) {
  const victim = names[yield* Random.nextIntBetween(0, names.length, { halfOpen: true })]
  const drawn = yield* Random.next
  if (victim === undefined || kind === "cut" && names.length < 2) return undefined
  if (kind === "cut") {
    return { cut: yield* halves(names), ...(drawn < 1 / 3 ? { oneWay: true } : {}) } satisfies Fault
  }
  const link = linkOf[kind]
  return link === undefined
    ? { [kind]: victim } satisfies Fault
    : { link: [victim, "all"], ...link(drawn) } satisfies Fault
})

/** Lets faults of one kind happen, each for as long as chance says. */
const kindOf = Effect.fnUntraced(
  function*(kind: Kind, perMinute: number, { from = 0, hosts, lasting = "5 seconds", until }: Chaos) {
    const theatre = yield* Theatre
    const end = until === undefined ? Infinity : millisOf(until)
    const before = millisOf(from) - theatre.stage.timeline.now
    if (before > 0) yield* Effect.sleep(before)
    while (true) {
      yield* Effect.sleep(rounded(yield* exponential(60_000 / perMinute), 6))
      const left = end - theatre.stage.timeline.now
      const long = Math.min(rounded(yield* exponential(millisOf(lasting)), 4), left)
      if (left <= 0) return
      const happening = yield* fault(kind, hosts ?? [...theatre.hosts.keys()])
      if (happening !== undefined) yield* theatre.perform(kind === "reset" ? happening : { ...happening, for: long })
    }
  }
)

/**
 * Lets things go wrong, until it is interrupted, or `until`. Each kind of fault has chance of its own: a further kind
 * leaves the others as they are. Dies for rates that cannot be.
 */
export const run = (given: Chaos): Effect.Effect<void, never, Theatre> =>
  Effect.gen(function*() {
    const chaos = yield* Effect.orDie(Effect.fromResult(decode(given)))
    const seed = JSON.stringify(chaos.seed ?? (yield* Theatre).seed)
    yield* Effect.forEach(Struct.keys(rates), (kind) => {
      const perMinute = chaos[kind]
      return perMinute === undefined
        ? Effect.void
        : kindOf(kind, perMinute, chaos).pipe(Random.withSeed(`chaos: ${kind} of ${seed}`))
    }, { concurrency: "unbounded", discard: true })
  }).pipe(Effect.provideService(Noted, true))
