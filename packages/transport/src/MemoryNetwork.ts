/**
 * A simulated network of hosts in one process: seeded and deterministic, with faults.
 *
 * The same seed and the same program give the same trace, entry for entry. All time comes from the `Clock`: under
 * `TestClock` hours pass at once, under the live clock delays are real. Links have no latency by default, so a small
 * test need not move its clock.
 */
import { Clock, Context, Duration, Effect, Layer, Queue, Random, type Scope, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Host, HostClock } from "./memory/Host.ts"
import * as HostBacking from "./memory/HostBacking.ts"
import { check as checkLink, type LinkOptions, type NetworkLink } from "./memory/NetworkLink.ts"
import type { Settings } from "./memory/PacketNetwork.ts"
import { Scheduler } from "./memory/Scheduler.ts"
import * as Targets from "./memory/Targets.ts"
import { TraceRecorder } from "./memory/TraceRecorder.ts"
import { World } from "./memory/World.ts"
import * as OptionValue from "./OptionValue.ts"
import type { Entry } from "./Trace.ts"
import * as Transport from "./Transport.ts"

export type { HostClock } from "./memory/Host.ts"
export type { LinkOptions } from "./memory/NetworkLink.ts"

/** One or several hosts, by IP address. Any address of a host identifies it. */
export type Hosts = string | ReadonlyArray<string>

/** Identifies one end of a connection: a `Pipe`, or the reader of a `Connection`. */
export interface ConnectionEnd {
  /** The address of this end. */
  readonly local: NetAddress.InetAddress
  /** The address of the other end. */
  readonly remote: NetAddress.InetAddress
}

/** The directions that a partition or a link change applies to. */
export interface Direction {
  /** True for only the direction from the first to the second hosts. Default false: both directions. */
  readonly oneWay?: boolean | undefined
}

/** Options of a network. */
export interface Options {
  /** Seed of all random choices: the network's, and with `layer` those of the programs on it. Default 0. */
  readonly seed?: number | string | undefined
  /** The properties of every link until `setLink` changes them. Default: no latency, no loss, unlimited bandwidth. */
  readonly link?: LinkOptions | undefined
  /** Receive window of a connection in bytes: a sender may be this far ahead of the reader. Default 65,536. */
  readonly window?: number | undefined
  /** High-water mark of a connection's send buffer in bytes: with more in it, writers wait. Default 65,536. */
  readonly sendBuffer?: number | undefined
  /** Maximum segment in bytes, at most the window. A write that is not longer arrives as one chunk. Default 65,536. */
  readonly segment?: number | undefined
  /** "writes" sends each write apart; "chaotic" splits and joins writes at random, as TCP may. Default "writes". */
  readonly segmentation?: "writes" | "chaotic" | undefined
  /**
   * Bytes that are not acknowledged for this long fail a connection with ETIMEDOUT. Default 924.6 seconds, as on Linux.
   */
  readonly userTimeout?: Duration.Input | undefined
  /** Bits of the subnet prefix of every IPv4 address: broadcasts reach the hosts of a subnet. Default 24. */
  readonly prefix?: number | undefined
  /** Trace entries kept; older ones are dropped. Default 4096. */
  readonly traceEntries?: number | undefined
  /** Bytes of content kept in each trace entry. Default 256. */
  readonly traceBytes?: number | undefined
}

export type { AlarmClock } from "./memory/Scheduler.ts"

/**
 * A simulated network. Addresses are IP addresses as text; a malformed one is a defect. Changes take effect at once and
 * do not fail.
 */
export class MemoryNetwork extends Context.Service<MemoryNetwork, {
  /** The transport of a host; see `MemoryTransport`. */
  readonly transport: (host: Hosts) => Transport.Transport["Service"]
  /** Drops all packets between each of `a` and each of `b`, those on their way included. */
  readonly partition: (a: Hosts, b: Hosts, direction?: Direction) => Effect.Effect<void>
  /** Undoes `partition`. Connections recover with their next retransmission. */
  readonly heal: (a: Hosts, b: Hosts, direction?: Direction) => Effect.Effect<void>
  /** Undoes all partitions. */
  readonly healAll: Effect.Effect<void>
  /** The directions that partitions block now, by the first addresses of their hosts. */
  readonly partitions: Effect.Effect<ReadonlyArray<{ readonly from: string; readonly to: string }>>
  /** Changes the links between `a` and `b` for packets sent from now on. Omitted fields stay as they are. */
  readonly setLink: (a: Hosts, b: Hosts, options: LinkOptions, direction?: Direction) => Effect.Effect<void>
  /** The properties of the link from `a` to `b` now. */
  readonly link: (a: string, b: string) => Effect.Effect<LinkOptions>
  /** Says that programs of these hosts have another clock, in which their sockets then tell times (`activeAt`). */
  readonly setClock: (hosts: Hosts, clock: HostClock) => Effect.Effect<void>
  /** Stops hosts without notifying their peers: no FIN, no RST. Their own sockets fail with ECONNABORTED. */
  readonly kill: (hosts: Hosts) => Effect.Effect<void>
  /** Starts hosts again without the sockets they had: packets for those are answered with RST. */
  readonly restart: (hosts: Hosts) => Effect.Effect<void>
  /** Stops the program at this end of a connection, or all programs of these hosts, from reading. */
  readonly clog: (target: Hosts | ConnectionEnd) => Effect.Effect<void>
  /** Undoes `clog`. */
  readonly unclog: (target: Hosts | ConnectionEnd) => Effect.Effect<void>
  /**
   * Lets hosts accept connections without their programs being told: to a peer, a listener that says nothing. Their
   * sockets fill.
   */
  readonly mute: (hosts: Hosts) => Effect.Effect<void>
  /** Undoes `mute`: programs learn of the connections that came meanwhile. */
  readonly unmute: (hosts: Hosts) => Effect.Effect<void>
  /**
   * Ends a connection, or those between each of `a` and each of `b`, with ECONNRESET at both ends. Without `b`, all
   * connections of `a`.
   */
  readonly reset: (a: Hosts | ConnectionEnd, b?: Hosts) => Effect.Effect<void>
  /** The open connections of these hosts: the end at each of them. */
  readonly connections: (hosts: Hosts) => Effect.Effect<ReadonlyArray<ConnectionEnd>>
  /** The entries that are kept, in the order they were sent. */
  readonly trace: Effect.Effect<ReadonlyArray<Entry>>
  /** The entries from now on, as they are sent. A consumer that is 4096 entries behind loses the oldest. Never ends. */
  readonly entries: Stream.Stream<Entry>
  /** Bytes that all connections hold now: to be sent, on their way, and arrived but not read. */
  readonly buffered: Effect.Effect<number>
  /** Events run since the network was made: a measure of work. */
  readonly events: Effect.Effect<number>
}>()("@peerage/transport/MemoryNetwork") {}

const checkOptions = OptionValue.checkAll("MemoryNetwork.make", {
  seed: OptionValue.seed,
  window: OptionValue.count,
  sendBuffer: OptionValue.count,
  segment: OptionValue.count,
  segmentation: OptionValue.oneOf("writes", "chaotic"),
  userTimeout: OptionValue.span,
  prefix: OptionValue.prefix,
  traceEntries: OptionValue.whole,
  traceBytes: OptionValue.whole
})

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

const newEntries = ({ watchers }: TraceRecorder): Stream.Stream<Entry> =>
  Stream.callback<Entry>((queue) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        const offer = (entry: Entry) => void Queue.offerUnsafe(queue, entry)
        watchers.add(offer)
        return offer
      }),
      (offer) => Effect.sync(() => watchers.delete(offer))
    ), { bufferSize: 4096, strategy: "sliding" })

const service = (world: World, recorder: TraceRecorder): MemoryNetwork["Service"] => {
  const eachLink = (a: Hosts, b: Hosts, direction: Direction | undefined, change: (link: NetworkLink) => void) =>
    Effect.sync(() => {
      for (const from of Targets.listOf(a).map((address) => world.host(address))) {
        for (const to of Targets.listOf(b).map((address) => world.host(address))) {
          change(world.link(from, to))
          if (direction?.oneWay !== true) change(world.link(to, from))
        }
      }
    })
  const setBlocked = (blocked: boolean) => (a: Hosts, b: Hosts, direction?: Direction) =>
    eachLink(a, b, direction, (link) => link.blocked = blocked)
  const eachHost = (change: (host: Host) => void) => (hosts: Hosts) =>
    Effect.sync(() => Targets.listOf(hosts).map((address) => world.host(address)).forEach(change))
  return MemoryNetwork.of({
    transport: (host) => Transport.make(HostBacking.make(world.start(Targets.listOf(host)))),
    partition: setBlocked(true),
    heal: setBlocked(false),
    healAll: Effect.sync(() => world.healAll()),
    partitions: Effect.sync(() => world.partitions()),
    setLink: (a, b, options, direction) => eachLink(a, b, direction, (link) => link.set(options)),
    link: (a, b) =>
      Effect.sync(() => world.link(world.host(Targets.canonical(a)), world.host(Targets.canonical(b))).options()),
    mute: eachHost((host) => host.mute(true)),
    unmute: eachHost((host) => host.mute(false)),
    connections: (hosts) =>
      Effect.sync(() =>
        Targets.listOf(hosts).flatMap((address) => [...world.host(address).sockets.values()])
          .filter(({ established }) => established)
      ),
    reset: (a, b) => Effect.sync(() => Targets.reset(world, a, b)),
    setClock: (hosts, clock) => eachHost((host) => void (host.clock = clock))(hosts),
    kill: eachHost((host) => host.kill()),
    restart: eachHost((host) => host.restart()),
    clog: (target) => Effect.sync(() => Targets.setClogged(world, target, true)),
    unclog: (target) => Effect.sync(() => Targets.setClogged(world, target, false)),
    trace: Effect.sync(() => recorder.entries()),
    entries: newEntries(recorder),
    buffered: Effect.sync(() => world.heldBytes()),
    events: Effect.sync(() => world.network.scheduler.ran)
  })
}

const seeded = (seed: number | string) => Random.Random.pipe(Random.withSeed(seed))

/** Creates a network. Its scope owns the one fiber that delivers packets. Dies for an option that cannot be. */
export const make: (options?: Options) => Effect.Effect<MemoryNetwork["Service"], never, Scope.Scope> = Effect
  .fnUntraced(
    function*(options: Options = {}) {
      checkOptions(options)
      checkLink(options.link ?? {})
      const scheduler = new Scheduler(yield* Clock.Clock)
      const recorder = new TraceRecorder(options.traceEntries ?? 4096, options.traceBytes ?? 256)
      const parts = { scheduler, seed: options.seed ?? 0, recorder, settings: settingsOf(options) }
      yield* Effect.forkScoped(scheduler.drive, { startImmediately: true })
      return service(new World(parts, options.link ?? {}), recorder)
    }
  )

/**
 * A network as a layer. Programs that run with it draw from its seed too, from a generator of their own, so that all that
 * happens follows from one seed. `Random.withSeed` around a program is stronger.
 */
export const layer = (options: Options = {}): Layer.Layer<MemoryNetwork> =>
  Layer.merge(
    Layer.effect(MemoryNetwork, make(options)),
    Layer.effect(Random.Random, seeded(`programs of ${options.seed ?? 0}`))
  )
