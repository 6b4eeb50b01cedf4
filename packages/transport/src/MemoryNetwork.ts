/**
 * A simulated network of hosts in one process: seeded, deterministic, with faults at will.
 *
 * The same seed and the same program give the same trace, event for event. All time is the `Clock`'s, so that under
 * `TestClock` hours pass in no time; under the live clock it is a network with real delays. Links have no latency unless
 * told otherwise, so that a small test need not move its clock.
 */
import { Clock, Context, Duration, Effect, Layer, Queue, Random, type Scope, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Backing from "./memory/Backing.ts"
import type { Host } from "./memory/Host.ts"
import type { LinkOptions } from "./memory/Link.ts"
import type { Settings } from "./memory/Packet.ts"
import { Recorder } from "./memory/Recorder.ts"
import { Scheduler } from "./memory/Scheduler.ts"
import { World } from "./memory/World.ts"
import type { Entry } from "./Trace.ts"
import * as Transport from "./Transport.ts"

export type { LinkOptions } from "./memory/Link.ts"

/** One host or several, by IP address. Any address of a host names it. */
export type Hosts = string | ReadonlyArray<string>

/** One end of a connection: a `Pipe`, or a `Connection`'s reader. */
export interface ConnectionEnd {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
}

/** Which directions something applies to. */
export interface Direction {
  /** Only from the first to the second. Default false: both directions. */
  readonly oneWay?: boolean | undefined
}

/** The numbers of a network. */
export interface Options {
  /** Everything left to chance follows from it. Default 0. */
  readonly seed?: number | string | undefined
  /** What all links are like, unless `setLink` says otherwise. Default: no latency, no loss, unlimited bandwidth. */
  readonly link?: LinkOptions | undefined
  /** Receive window of a connection in bytes: what a sender may have under way to a reader that does not read. Default 65,536. */
  readonly window?: number | undefined
  /** Bytes waiting to be sent from which on a writer has to wait. Default 65,536. */
  readonly sendBuffer?: number | undefined
  /** Longest segment in bytes, at most the window. A shorter write arrives as one chunk. Default 65,536. */
  readonly segment?: number | undefined
  /** "writes" keeps writes apart; "chaotic" splits and joins them at random, as TCP may. Default "writes". */
  readonly segmentation?: "writes" | "chaotic" | undefined
  /** A connection with unacknowledged bytes fails after this long. Default 924.6 seconds, as on Linux. */
  readonly userTimeout?: Duration.Input | undefined
  /** Bits of an IPv4 address that make its subnet, within which broadcasts are heard. Default 24. */
  readonly prefix?: number | undefined
  /** Trace entries kept, the latest. Default 4096. */
  readonly traceEntries?: number | undefined
  /** Bytes kept of each traced segment. Default 256. */
  readonly traceBytes?: number | undefined
}

/** A simulated network. Addresses are IP addresses as text; a malformed one dies. */
export class MemoryNetwork extends Context.Service<MemoryNetwork, {
  /** The transport of a host; see `MemoryTransport`. */
  readonly transport: (host: Hosts) => Transport.Transport["Service"]
  /** Drops what passes between `a` and `b`, what is on its way included. Each of `a` is cut off from each of `b`. */
  readonly partition: (a: Hosts, b: Hosts, direction?: Direction) => Effect.Effect<void>
  /** Undoes `partition`. Connections recover with their next retransmission. */
  readonly heal: (a: Hosts, b: Hosts, direction?: Direction) => Effect.Effect<void>
  /** Undoes all partitions. */
  readonly healAll: Effect.Effect<void>
  /** Changes the links between `a` and `b` from now on; fields left out stay as they are. */
  readonly setLink: (a: Hosts, b: Hosts, options: LinkOptions, direction?: Direction) => Effect.Effect<void>
  /** Stops a host without a word to its peers. Its own program's sockets fail with ECONNABORTED. */
  readonly kill: (hosts: Hosts) => Effect.Effect<void>
  /** Starts a host again, without the sockets it had: what still arrives for those is answered with RST. */
  readonly restart: (hosts: Hosts) => Effect.Effect<void>
  /** The program behind this end of a connection, or all programs of these hosts, stop reading. */
  readonly clog: (target: Hosts | ConnectionEnd) => Effect.Effect<void>
  /** Undoes `clog`. */
  readonly unclog: (target: Hosts | ConnectionEnd) => Effect.Effect<void>
  /** The latest entries, in the order they were sent. */
  readonly trace: Effect.Effect<ReadonlyArray<Entry>>
  /** Entries from now on, as they are sent; a consumer 4096 behind misses the oldest. Never ends. */
  readonly entries: Stream.Stream<Entry>
  /** Bytes that all connections hold at this moment: waiting, under way, and arrived but not read. */
  readonly buffered: Effect.Effect<number>
  /** Events run since the beginning: a measure of work. */
  readonly events: Effect.Effect<number>
}>()("@peerage/transport/MemoryNetwork") {}

const settingsOf = (options: Options): Settings => {
  const window = options.window ?? 65_536
  return {
    window,
    sendBuffer: options.sendBuffer ?? 65_536,
    segment: Math.min(options.segment ?? 65_536, window),
    chaotic: options.segmentation === "chaotic",
    userTimeout: Duration.toMillis(Duration.fromInputUnsafe(options.userTimeout ?? "924600 millis")),
    prefix: options.prefix ?? 24
  }
}

const canonical = (address: string): string => NetAddress.formatIp(NetAddress.ipFromStringUnsafe(address))
const listOf = (hosts: Hosts): ReadonlyArray<string> => (typeof hosts === "string" ? [hosts] : hosts).map(canonical)
const isHosts = (target: Hosts | ConnectionEnd): target is Hosts => typeof target === "string" || !("local" in target)

/** The host with all these addresses, running unless it was killed. */
const inhabit = (world: World, addresses: ReadonlyArray<string>): Host => {
  const [first, ...others] = addresses
  if (first === undefined) throw new RangeError("a host needs an address")
  const host = world.host(first)
  for (const address of others) {
    const known = world.hosts.get(address)
    if (known !== undefined && known !== host) throw new RangeError(`${address} belongs to another host`)
    if (known === undefined) host.addresses.push(address)
    world.hosts.set(address, host)
  }
  if (host.state === "Absent") host.state = "Up"
  return host
}

const clog = (world: World, target: Hosts | ConnectionEnd, clogged: boolean): void => {
  if (!isHosts(target)) {
    const key = `${NetAddress.formatInet(target.local)}>${NetAddress.formatInet(target.remote)}`
    for (const host of world.all()) host.sockets.get(key)?.clog(clogged)
    return
  }
  for (const address of listOf(target)) {
    const host = world.host(address)
    host.clogged = clogged
    for (const socket of [...host.sockets.values()]) socket.clog(clogged)
  }
}

const watch = (world: World): Stream.Stream<Entry> =>
  Stream.callback<Entry>((queue) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        const add = (entry: Entry) => {
          Queue.offerUnsafe(queue, entry)
        }
        world.recorder.watchers.add(add)
        return add
      }),
      (add) => Effect.sync(() => world.recorder.watchers.delete(add))
    ), { bufferSize: 4096, strategy: "sliding" })

const heldBy = (world: World): number => {
  let held = 0
  for (const host of world.all()) for (const socket of host.sockets.values()) held += socket.held()
  return held
}

const service = (world: World): MemoryNetwork["Service"] => {
  const links = (a: Hosts, b: Hosts, direction: Direction | undefined) =>
    listOf(a).flatMap((from) =>
      listOf(b).flatMap((to) => {
        const there = world.link(world.host(from), world.host(to))
        return direction?.oneWay === true ? [there] : [there, world.link(world.host(to), world.host(from))]
      })
    )
  const block = (blocked: boolean) => (a: Hosts, b: Hosts, direction?: Direction) =>
    Effect.sync(() => {
      for (const link of links(a, b, direction)) link.blocked = blocked
    })
  return MemoryNetwork.of({
    transport: (host) => Transport.make(Backing.make(inhabit(world, listOf(host)), world)),
    partition: block(true),
    heal: block(false),
    healAll: Effect.sync(() => world.healAll()),
    setLink: (a, b, options, direction) =>
      Effect.sync(() => {
        for (const link of links(a, b, direction)) link.set(options)
      }),
    kill: (hosts) =>
      Effect.sync(() => {
        for (const address of listOf(hosts)) world.host(address).kill()
      }),
    restart: (hosts) =>
      Effect.sync(() => {
        for (const address of listOf(hosts)) world.host(address).restart()
      }),
    clog: (target) => Effect.sync(() => clog(world, target, true)),
    unclog: (target) => Effect.sync(() => clog(world, target, false)),
    trace: Effect.sync(() => world.recorder.entries()),
    entries: watch(world),
    buffered: Effect.sync(() => heldBy(world)),
    events: Effect.sync(() => world.scheduler.ran)
  })
}

/** Makes a network; its scope owns the one fiber that moves it. */
export const make: (options?: Options) => Effect.Effect<MemoryNetwork["Service"], never, Scope.Scope> = Effect
  .fnUntraced(
    function*(options: Options = {}) {
      const random = yield* Random.Random.pipe(Random.withSeed(options.seed ?? 0))
      const scheduler = new Scheduler(yield* Clock.Clock)
      const recorder = new Recorder(options.traceEntries ?? 4096, options.traceBytes ?? 256)
      const world = new World({ scheduler, random, recorder }, settingsOf(options), options.link ?? {})
      yield* Effect.forkScoped(scheduler.drive, { startImmediately: true })
      return service(world)
    }
  )

/** `make` as a layer. */
export const layer = (options?: Options): Layer.Layer<MemoryNetwork> => Layer.effect(MemoryNetwork, make(options))
