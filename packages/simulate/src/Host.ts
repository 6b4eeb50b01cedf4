/**
 * A host of a simulated network, and the program that lives on it.
 *
 * The program is a Layer, or an Effect that runs in the background. It is written for real machines: its sockets are
 * Effect's, its files Effect's `FileSystem`, its time the Clock. `Theatre` is the world around it.
 */
import { type MemoryNetwork, OptionValue, Transport } from "@peerage/transport"
import { Context, Duration, Effect, FileSystem, Layer, Path, Result, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Disk from "./Disk.ts"
import type { Life } from "./internal/Life.ts"
import { LivingHost } from "./internal/LivingHost.ts"
import type { HostDown, Machine } from "./internal/Machine.ts"
import { chanceOf, Theatre } from "./Theatre.ts"

export { HostDown } from "./internal/Machine.ts"
export type { KillOptions, Machine, Status } from "./internal/Machine.ts"

/** What a program finds on its host. The scope is the host's: it closes when the host stops. */
export type Services = Transport.Transport | FileSystem.FileSystem | Path.Path | Scope.Scope

/** Options of a host. */
export interface Options {
  /** IP address, or several. Default: the name, if it is one, else the next of 10.0.0.1, 10.0.0.2 and so on. */
  readonly address?: MemoryNetwork.Hosts | undefined
  /** How far its wall clock is ahead of the simulation's, at first; negative: behind. Default zero. */
  readonly skew?: Duration.Input | undefined
  /** The part by which its clocks and timers run fast: 0.01 gains 10 ms each second. Negative: slow. Default 0. */
  readonly drift?: number | undefined
  /** Its disk. */
  readonly disk?: Disk.Options | undefined
}

/** A host, with the services of its program. */
export interface Host<in out R, out E> extends Machine {
  /**
   * Runs its program anew, after a power cut if it still runs. Packets of old connections are answered with resets. Fails
   * as the program does when it is a Layer that cannot be built.
   */
  readonly restart: Effect.Effect<void, E | HostDown>
  /**
   * Runs an effect on this host, beside its program and with its services, and waits for the result. Fails with
   * `HostDown` when the host does not run, or is killed or stopped before the effect ends.
   */
  readonly run: <A, E2, R2>(
    effect: Effect.Effect<A, E2, R2>
  ) => Effect.Effect<A, E2 | HostDown, Exclude<R2, R | Services>>
}

const drift: OptionValue.OptionValue = {
  accepts: (value) => value === undefined || typeof value === "number" && Number.isFinite(value) && value > -1,
  expected: "a number above -1, such as 0.01"
}

const checkOptions = OptionValue.checkAll("Host.make", { skew: OptionValue.offset, drift })

/** The addresses that a host asks for, or the first free one. */
const addressesOf = (name: string, wanted: MemoryNetwork.Hosts | undefined, hosts: Theatre["Service"]["hosts"]) => {
  if (wanted !== undefined) return typeof wanted === "string" ? [wanted] : wanted
  if (Result.isSuccess(NetAddress.ipFromString(name))) return [name]
  const taken = new Set([...hosts.values()].map(({ address }) => address))
  for (let index = 1;; index++) {
    const address = `10.0.${index >> 8}.${index & 255}`
    if (!taken.has(address)) return [address]
  }
}

/** Starts a program in a life; its services are there when this succeeds. */
type Start<R, E, RIn> = (life: Life) => Effect.Effect<Context.Context<R>, E, RIn>

const startLayer = <R, E, RIn>(program: Layer.Layer<R, E, RIn>): Start<R, E, RIn> => (life) =>
  Layer.buildWithMemoMap(program, life.memoMap, life.scope)

const startEffect = <E, R>(program: Effect.Effect<unknown, E, R>): Start<never, never, R | Scope.Scope> => () =>
  Effect.scoped(program).pipe(
    Effect.tapCause((cause) => Effect.logError("the program of this host failed", cause)),
    Effect.forkScoped,
    Effect.as(Context.empty())
  )

const create = Effect.fnUntraced(function*<R, E, RIn>(name: string, program: Start<R, E, RIn>, options: Options = {}) {
  checkOptions(options)
  const theatre = yield* Theatre
  const outside = yield* Effect.context<Exclude<RIn, Services>>()
  const addresses = addressesOf(name, options.address, theatre.hosts)
  const disk = Disk.make(options.disk)
  const skew = Duration.toMillis(Duration.fromInputUnsafe(options.skew ?? 0))
  const clock = { skew, drift: options.drift ?? 0 }
  const nature = { name, clock, random: yield* chanceOf(theatre, name) }
  const machine = Context.make(Transport.Transport, theatre.network.transport(addresses)).pipe(
    Context.add(FileSystem.FileSystem, disk.files),
    Context.merge(yield* Layer.buildWithScope(Path.layer, Scope.makeUnsafe()))
  )
  yield* theatre.network.setClock(addresses, clock)
  const host = new LivingHost<R, E>({
    theatre,
    nature,
    addresses,
    disk,
    start: (life) => {
      const services = Context.add(machine, Scope.Scope, life.scope)
      return Effect.map(program(life), (own) => Context.merge(services, own)).pipe(
        Effect.provideContext(services),
        Effect.provideContext(life.inhabit(outside))
      )
    }
  })
  const { stage } = theatre
  yield* theatre.admit(host)
  stage.starting++
  yield* Effect.ensuring(host.boot, Effect.sync(() => stage.starting--))
  return host
})

/**
 * A host, with its program running: a Layer is built when this succeeds, an Effect goes on in the background. What the
 * program needs beyond `Services` comes from the caller, and is shared between hosts that are given the same.
 */
export function make<R = never, E = never, RIn = never>(
  name: string,
  program?: Layer.Layer<R, E, RIn>,
  options?: Options
): Effect.Effect<Host<R, E>, E | HostDown, Theatre | Exclude<RIn, Services>>
export function make<E, RIn>(
  name: string,
  program: Effect.Effect<unknown, E, RIn>,
  options?: Options
): Effect.Effect<Host<never, never>, HostDown, Theatre | Exclude<RIn, Services>>
export function make<R, E, RIn>(
  name: string,
  program: Layer.Layer<R, E, RIn> | Effect.Effect<unknown, E, RIn> = Effect.void,
  options: Options = {}
): Effect.Effect<Host<R, E> | Host<never, never>, E | HostDown, Theatre | Exclude<RIn, Services>> {
  return Effect.isEffect(program)
    ? create(name, startEffect(program), options)
    : create(name, startLayer(program), options)
}
