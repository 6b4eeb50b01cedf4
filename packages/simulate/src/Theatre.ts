/**
 * A simulated network whose time is held in the hand, and the hosts on it.
 *
 * Inside of it everything is as outside: programs sleep, wait, dial and listen. Time passes only while all of them wait,
 * and then it jumps to the next moment at which something happens. The same seed and the same program give the same
 * run, event for event, in whatever steps time is moved.
 */
import { MemoryNetwork, OptionValue, type Trace } from "@peerage/transport"
import {
  Clock,
  Context,
  Duration,
  Effect,
  type Exit,
  Predicate,
  Random,
  Record,
  type Result,
  Scheduler,
  Scope
} from "effect"
import * as Fault from "./Fault.ts"
import { act, type Place } from "./internal/Act.ts"
import * as HostClock from "./internal/HostClock.ts"
import type { Machine } from "./internal/Machine.ts"
import { Noted } from "./internal/Noted.ts"
import { Stage, type Stopped } from "./internal/Stage.ts"
import type * as Scenario from "./Scenario.ts"

/** Options of a theatre: those of its network, and how long it waits for its hosts when it closes. */
export interface Options extends MemoryNetwork.Options {
  /** Simulated time that hosts may take to stop in the end. Default 10 minutes. */
  readonly closeWithin?: Duration.Input | undefined
}

/** What a simulation is made of, for programs inside of it. */
export class Theatre extends Context.Service<Theatre, {
  /** The seed that everything follows from. */
  readonly seed: number | string
  /** The network: links, partitions, traces. */
  readonly network: MemoryNetwork.MemoryNetwork["Service"]
  /** The hosts, by name, in the order they were made. */
  readonly hosts: ReadonlyMap<string, Machine>
  /** Adds a host. Dies when its name or an address is taken. For `Host.make`. */
  readonly admit: (host: Machine) => Effect.Effect<void>
  /**
   * Lets something go wrong now, and undoes it later when the fault says so. Takes no time. Dies for a fault that cannot
   * be, and for a host that there is not.
   */
  readonly perform: (fault: Fault.Fault) => Effect.Effect<void>
  /** What a scenario, or chaos, did so far: what plays this run again, with the same program. */
  readonly score: Effect.Effect<Scenario.Scenario>
  /** The machinery below, for `Host.make`. */
  readonly stage: Stage
}>()("@peerage/simulate/Theatre") {}

/** The services that programs have inside of a theatre. */
export type Services = Theatre | MemoryNetwork.MemoryNetwork | Scope.Scope

/** A theatre from outside: who holds its time. */
export interface Held {
  /** Starts an effect inside, in a scope that closes when it ends. It runs while time is moved. */
  readonly start: <A, E, R>(
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<Started<A, E>, never, Exclude<R, Services>>
  /** Milliseconds since the simulation began. */
  readonly now: Effect.Effect<number>
  /**
   * Lets something go wrong, as a scenario would. If anything else happens at this moment, it is done some microseconds
   * later, at a moment of its own: so a scenario with this fault plays the same run.
   */
  readonly perform: (fault: Fault.Fault) => Effect.Effect<void>
  /** What went wrong so far, as it is in `Theatre`. */
  readonly score: Effect.Effect<Scenario.Scenario>
  /** The packets of the network so far, as `MemoryNetwork` keeps them. */
  readonly trace: Effect.Effect<ReadonlyArray<Trace.Entry>>
  /** The directions that partitions block now, as `MemoryNetwork` has them. */
  readonly partitions: MemoryNetwork.MemoryNetwork["Service"]["partitions"]
  /** What the link from one address to another is like now, as `MemoryNetwork` has it. */
  readonly link: MemoryNetwork.MemoryNetwork["Service"]["link"]
  /** Lets time pass, and everything happen that happens in it. */
  readonly advance: (duration: Duration.Input) => Effect.Effect<void>
  /** Lets time pass until an effect that was started ends. Dies, with what is the matter, when it does not in time. */
  readonly finish: <A, E>(started: Started<A, E>, within: Duration.Input) => Effect.Effect<Exit.Exit<A, E>>
  /**
   * Stops all hosts, and lets time pass until they have ended. Dies with the names of those that do not. Paused hosts
   * are killed.
   */
  readonly close: Effect.Effect<void>
}

/** An effect that runs inside of a theatre. */
export interface Started<A, E> {
  /** How it ended; `undefined` while it runs. */
  readonly poll: () => Exit.Exit<A, E> | undefined
}

const checkOptions = OptionValue.checkAll("a theatre", { closeWithin: OptionValue.span })

const seededBy = (seed: string) => Random.Random.pipe(Random.withSeed(seed))

/** A generator of chance for one host, or for the test: it depends on nobody else. */
export const chanceOf = (theatre: Theatre["Service"], name: string): Effect.Effect<Random.Random> =>
  seededBy(`${name} of ${JSON.stringify(theatre.seed)}`)

const millisOf = (input: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(input))
const format = (input: Duration.Input): string => Duration.format(Duration.fromInputUnsafe(input))

const stuck = (what: string, within: Duration.Input, stopped: Stopped): Error =>
  new Error(
    stopped === "Idle"
      ? `${what}, and nothing can happen any more: everybody waits for somebody else. Look at who should have acted, ` +
        "or wait with a timeout."
      : `${what} after ${format(within)} of simulated time. Give it more time, or look at what it waits for.`
  )

const stopAll = (hosts: ReadonlyMap<string, Machine>) =>
  Effect.forEach(
    hosts.values(),
    (host) => Effect.flatMap(host.status, (status) => status === "Paused" ? host.kill() : host.stop),
    {
      concurrency: "unbounded",
      discard: true
    }
  )

const isPlain = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value)

/** What links are like, as a scenario has it. */
const linkOf = ({ link = {} }: Options): Pick<Scenario.Scenario, "link"> => {
  const { bandwidth, duplication, jitter, latency, loss, reorderDelay, reordering } = link
  const times = Record.map(Record.filter({ latency, jitter, reorderDelay }, Predicate.isNotUndefined), millisOf)
  const plain = { ...times, ...Record.filter({ bandwidth, duplication, loss, reordering }, isPlain) }
  return Record.isEmptyRecord(plain) ? {} : { link: plain }
}

const admit = (hosts: Map<string, Machine>) => (host: Machine) =>
  Effect.suspend(() => {
    const known = [...hosts.values()].find((other) => other.name === host.name || other.address === host.address)
    if (known !== undefined) {
      return Effect.die(new Error(`There is a host ${known.name} at ${known.address}. Give ${host.name} others.`))
    }
    hosts.set(host.name, host)
    return Effect.void
  })

const orDie = <A, E>(result: Result.Result<A, E>): Effect.Effect<A> => Effect.orDie(Effect.fromResult(result))

/** Performs faults, in the context of the theatre, and notes those that come from outside of the program. */
const performing = (
  place: Place,
  inside: Context.Context<never>,
  { notes, now }: { readonly notes: Array<Fault.Timed>; readonly now: () => number }
) => {
  const perform = Effect.fnUntraced(function*(fault: Fault.Fault, noted: boolean) {
    const at = now()
    const { undo } = yield* act(place, fault)
    if (noted) notes.push({ at, ...fault })
    if (fault.for !== undefined) yield* Effect.forkDetach(Effect.delay(undo, fault.for))
  }, Effect.provideContext(inside))
  return (given: Fault.Fault) =>
    Effect.suspend(() => orDie(Fault.decode(given, [...place.hosts.keys()]))).pipe(
      Effect.flatMap((fault) => Effect.flatMap(Noted, (noted) => perform(fault, noted)))
    )
}

/** A theatre with no host, at the moment 0. Nothing happens in it until time is moved. */
export const make: (options?: Options) => Effect.Effect<Held> = Effect.fnUntraced(function*(options: Options = {}) {
  checkOptions(options)
  const stage = new Stage()
  const seed = options.seed ?? 0
  const references = <R>(services: Context.Context<R>, chance: Random.Random) =>
    services.pipe(
      Context.add(Clock.Clock, HostClock.make(stage.timeline, stage.gate, HostClock.right)),
      Context.add(Scheduler.Scheduler, stage.gate),
      Context.add(Random.Random, chance)
    )
  const chance = yield* seededBy(`the test of ${JSON.stringify(seed)}`)
  const inside = references(yield* Effect.context<never>(), chance)
  const network = yield* MemoryNetwork.make(options).pipe(
    Effect.provideService(Clock.Clock, HostClock.precise(stage.timeline, stage.gate)),
    Effect.provideService(Scope.Scope, Scope.makeUnsafe()),
    Effect.provideContext(inside)
  )
  const hosts = new Map<string, Machine>()
  const faults: Array<Fault.Timed> = []
  const place = {
    network,
    hosts,
    overlaps: stage.overlaps,
    chance: yield* seededBy(`the faults of ${JSON.stringify(seed)}`)
  }
  const theatre = Theatre.of({
    seed,
    network,
    hosts,
    stage,
    admit: admit(hosts),
    perform: performing(place, inside, { notes: faults, now: () => stage.timeline.now }),
    score: Effect.sync(() => ({ seed, ...linkOf(options), faults: [...faults] }))
  })
  const services = Context.make(Theatre, theatre).pipe(Context.add(MemoryNetwork.MemoryNetwork, network))
  const start: Held["start"] = (effect) =>
    Effect.contextWith((outer) =>
      Effect.sync(() => {
        const scoped = Effect.scopedWith((scope) =>
          Effect.provideContext(effect, Context.add(services, Scope.Scope, scope))
        )
        const fiber = Effect.runForkWith(references(outer, chance))(Effect.andThen(Effect.yieldNow, scoped))
        return { poll: () => fiber.pollUnsafe() }
      })
    )
  const settled = <A, E>(started: Started<A, E>, within: Duration.Input, what: () => string) =>
    Effect.gen(function*() {
      const moment = stage.timeline.now + millisOf(within)
      const stopped = yield* stage.advance(moment, () => started.poll() !== undefined)
      return started.poll() ?? (yield* Effect.die(stuck(what(), within, stopped)))
    })
  return {
    start,
    perform: Effect.fnUntraced(function*(fault) {
      yield* stage.quiet()
      const performing = yield* start(Effect.provideService(theatre.perform(fault), Noted, true))
      yield* Effect.flatten(settled(performing, "1 second", () => "The fault has not happened"))
    }),
    now: Effect.sync(() => stage.timeline.now),
    score: theatre.score,
    trace: network.trace,
    partitions: network.partitions,
    link: network.link,
    advance: (duration) =>
      Effect.suspend(() => {
        OptionValue.check("duration of Theatre.advance", duration, OptionValue.time)
        return Effect.asVoid(stage.advance(stage.timeline.now + millisOf(duration), () => false))
      }),
    finish: (started, within) => settled(started, within, () => "The program has not ended"),
    close: Effect.gen(function*() {
      const stopping = yield* start(stopAll(hosts))
      const left = () => [...hosts.values()].filter((host) => host.running).map((host) => host.name).join(", ")
      yield* settled(stopping, options.closeWithin ?? "10 minutes", () => `These hosts have not stopped: ${left()}`)
    })
  }
})
