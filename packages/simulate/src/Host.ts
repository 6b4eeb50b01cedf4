/**
 * A host of a simulated network, and the program that lives on it.
 *
 * The program is a Layer, or an Effect that runs in the background. It is written for real machines: its sockets are
 * Effect's, its files Effect's `FileSystem`, its time the Clock. `Theatre` is the world around it.
 */
import { type MemoryNetwork, OptionValue, Transport } from "@peerage/transport"
import { Context, Deferred, Duration, Effect, Exit, FileSystem, Layer, Path, Result, Schema, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Disk from "./Disk.ts"
import { Life, type Nature } from "./internal/Life.ts"
import type { KillOptions, Machine, Status } from "./internal/Machine.ts"
import { chanceOf, Theatre } from "./Theatre.ts"

export type { KillOptions, Machine, Status } from "./internal/Machine.ts"

/** What a program finds on its host. The scope is the host's: it closes when the host stops. */
export type Services = Transport.Transport | FileSystem.FileSystem | Path.Path | Scope.Scope

/** Nothing can run on a host that is not running, and what ran there is gone. */
export class HostDown extends Schema.TaggedError<HostDown>()("HostDown", {
  /** Name of the host. */
  host: Schema.String
}) {
  override get message() {
    return `The host ${this.host} is down. Restart it before something runs there.`
  }
}

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
  /** Fails as the program does when it is a Layer that cannot be built. */
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
const checkKill = OptionValue.checkAll("Host.kill", { unflushed: OptionValue.oneOf("kept", "lost") })

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

/** What a host has in one life: its fibers, and the services of its program once that has started. */
interface Session<R> {
  readonly life: Life
  readonly services: Deferred.Deferred<Context.Context<R | Services>>
}

/** What stays the same from one life to the next. */
interface Parts<R, E> {
  readonly theatre: Theatre["Service"]
  readonly nature: Nature
  readonly addresses: ReadonlyArray<string>
  readonly disk: Disk.Disk
  /** Starts the program in a life. */
  readonly start: (life: Life) => Effect.Effect<Context.Context<R | Services>, E>
}

class LivingHost<R, E> implements Host<R, E> {
  readonly name: string
  readonly address: string
  readonly disk: Disk.Disk
  private readonly parts: Parts<R, E>
  private session: Session<R> | undefined
  private state: Status = "Stopped"

  constructor(parts: Parts<R, E>) {
    this.parts = parts
    this.name = parts.nature.name
    this.address = parts.addresses[0] ?? this.name
    this.disk = parts.disk
  }

  private readonly down = Effect.suspend(() => Effect.fail(new HostDown({ host: this.name })))

  readonly status = Effect.sync(() => this.state)

  get running(): boolean {
    return this.session !== undefined
  }

  /** Begins a life, and starts the program in it. */
  readonly boot: Effect.Effect<void, E | HostDown> = Effect.gen({ self: this }, function*() {
    const { nature, start, theatre } = this.parts
    const life = new Life(theatre.stage, nature)
    const session: Session<R> = this.session = { life, services: Deferred.makeUnsafe() }
    this.state = "Running"
    const started = yield* Effect.exit(life.run(start(life), this.down))
    if (Exit.isSuccess(started)) return yield* Effect.asVoid(Deferred.succeed(session.services, started.value))
    yield* this.stop
    return yield* started
  })

  readonly run: Host<R, E>["run"] = (effect) =>
    Effect.suspend(() => {
      if (this.session === undefined) return this.down
      const { life, services } = this.session
      const running = Effect.flatMap(Deferred.await(services), (services) => Effect.provideContext(effect, services))
      return life.run(running, this.down)
    })

  private end(session: Session<R> | undefined, state: Status): void {
    if (this.session !== session) return
    this.session = undefined
    this.state = state
    session?.life.end()
  }

  readonly kill = (options: KillOptions = {}) =>
    Effect.gen({ self: this }, function*() {
      checkKill(options)
      const { addresses, theatre: { network } } = this.parts
      if (this.state === "Paused") yield* network.unclog(addresses)
      yield* network.kill(addresses)
      if (options.unflushed === "lost") yield* this.disk.loseUnflushed
      this.end(this.session, "Killed")
    })

  readonly stop = Effect.suspend(() => {
    const { session } = this
    if (session === undefined) return Effect.void
    session.life.close(() => this.end(session, "Stopped"))
    return session.life.ended
  })

  readonly restart = Effect.gen({ self: this }, function*() {
    if (this.session !== undefined) yield* this.kill()
    if (this.state === "Killed") yield* this.parts.theatre.network.restart(this.parts.addresses)
    yield* this.boot
  })

  readonly pause = Effect.suspend(() => {
    if (this.session === undefined || this.state !== "Running") return Effect.void
    this.state = "Paused"
    this.session.life.gate.shut()
    return this.parts.theatre.network.clog(this.parts.addresses)
  })

  readonly resume = Effect.suspend(() => {
    if (this.session === undefined || this.state !== "Paused") return Effect.void
    this.state = "Running"
    this.session.life.gate.open()
    return this.parts.theatre.network.unclog(this.parts.addresses)
  })
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
  yield* theatre.admit(host)
  yield* host.boot
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
