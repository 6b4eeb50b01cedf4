/**
 * The list of peers, from the host to each joiner, over a connection of its own.
 *
 *   joiner                                                host
 *     | <--- {"dist_addr": ["10.0.0.1", 50211]} ---------- |      on the auth connection
 *     | ====================== dials ====================> |
 *     | <--- {"distro": [["10.0.0.1", 49265], ...]} ------ |      for each change
 *
 * Source: the wire document, sections 4, 5 to 6, and 7.
 */
import type { Pipe, Transport } from "@peerage/transport"
import { Link, type LinkError } from "@peerage/wire"
import { Clock, Deferred, Duration, Effect, Latch, Semaphore } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../codec/Frame.ts"
import { type Address, DistAddress, PeerList } from "../codec/Message.ts"
import * as PeerAddress from "../codec/PeerAddress.ts"
import { DistributionLost, NoDistConnection, SlowReader } from "../PyileError.ts"
import * as Deadline from "./Deadline.ts"
import * as Introduction from "./Introduction.ts"

/** The joiner's side, first half: waits for the dist address and dials it. Nothing is ever sent on the link. */
export const initiate = Effect.fnUntraced(function*(
  link: Link.Link,
  transport: Transport.Transport["Service"],
  options: { readonly dial: Transport.DialOptions; readonly within: Duration.Input; readonly maxListBytes: number }
) {
  const { dist_addr } = yield* link.receive(DistAddress, options.within)
  // Quirk: an original names the address it was bound to, be it a wildcard or a name: it is where its auth address is.
  const [host] = Introduction.fromWire([dist_addr], NetAddress.formatHost(link.remote))
  if (host === undefined) return yield* new NoDistConnection()
  const connection = transport.dial(PeerAddress.toInet(host), options.dial)
  return yield* Link.make(connection, { format, limit: options.maxListBytes })
})

/** The joiner's side, second half: never succeeds, hands every list to `update`. */
export const receive = <E, R>(
  link: Link.Link,
  update: (peers: ReadonlyArray<PeerAddress.PeerAddress>) => Effect.Effect<void, E, R>
): Effect.Effect<never, LinkError.ReceiveError | E, R> =>
  Effect.forever(Effect.flatMap(link.receiveAll(PeerList), (lists) => {
    const latest = lists[lists.length - 1] ?? lists[0]
    return update(Introduction.fromWire(latest.distro, NetAddress.formatHost(link.remote)))
  }))

/** The door through which joiners' dist connections come. */
export interface Reception {
  /** Waits for the turn of this joiner's address, sends it the dist address and waits for its connection. */
  readonly respond: (
    link: Link.Link,
    address: Address
  ) => Effect.Effect<Pipe.Pipe, NoDistConnection | LinkError.ReceiveError | LinkError.SendError>
  /** Takes an accepted dist connection; one that nobody waits for is closed. */
  readonly accept: (pipe: Pipe.Pipe) => void
}

/**
 * Dist connections carry no identity, so an address is invited once at a time and the next joiner from there waits.
 */
export const reception = (within: Duration.Input): Reception => {
  const invited = new Map<string, Deferred.Deferred<Pipe.Pipe>>()
  const turns = new Map<string, { readonly turn: Semaphore.Semaphore; users: number }>()

  const inTurn = <A, E, R>(host: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const entry = turns.get(host) ?? { turn: Semaphore.makeUnsafe(1), users: 0 }
      turns.set(host, entry)
      entry.users++
      return Effect.ensuring(entry.turn.withPermit(effect), Effect.sync(() => {
        if (--entry.users === 0) turns.delete(host)
      }))
    })

  const invite = Effect.fnUntraced(function*(host: string, link: Link.Link, address: Address) {
    const connected = yield* Deferred.make<Pipe.Pipe>()
    invited.set(host, connected)
    yield* link.send(DistAddress, { dist_addr: address })
    // Nothing is due on the link now, so the only thing it can tell is that the joiner has gone.
    const gone = Effect.andThen(link.receiveFrame(), Effect.never)
    return yield* Deferred.await(connected).pipe(
      Effect.raceFirst(gone),
      Effect.timeoutOrElse({ duration: within, orElse: () => Effect.fail(new NoDistConnection()) })
    )
  })

  return {
    respond: (link, address) => {
      const host = NetAddress.formatHost(link.remote)
      return inTurn(host, Effect.ensuring(invite(host, link, address), Effect.sync(() => invited.delete(host))))
    },
    accept: (pipe) => {
      const host = NetAddress.formatHost(pipe.remote)
      const connected = invited.get(host)
      if (connected === undefined || !Deferred.doneUnsafe(connected, Effect.succeed(pipe))) pipe.close()
    }
  }
}

/** Somebody who gets lists. */
export interface Subscriber {
  readonly pipe: Pipe.Pipe
  /** The current list as this member should see it, encoded. */
  readonly list: () => Uint8Array
  /** Called when the member has not read what it was sent for too long, or has ended the connection. */
  readonly ended: (reason: SlowReader | DistributionLost) => Effect.Effect<void>
}

/** The host's side: lists to all members, by one fiber. */
export interface Distributor {
  readonly admit: (subscriber: Subscriber) => void
  readonly release: (subscriber: Subscriber) => void
  /** The list has changed: every member gets it, changes merged, as soon as its interval allows. */
  readonly changed: () => void
  /** Never ends. */
  readonly run: Effect.Effect<never>
}

interface Line {
  sentAt: number
  /** Since when what was sent waits to be read, `undefined` when it does not. */
  blockedSince: number | undefined
}

/**
 * Quirk: an original reads a list with one recv and silently drops two at once, so each list is one write and two are
 * `interval` apart, at least.
 */
export const distributor = (
  options: { readonly interval: Duration.Input; readonly timeout: Duration.Input }
): Distributor => {
  const interval = Duration.toMillis(Duration.fromInputUnsafe(options.interval))
  const timeout = Duration.toMillis(Duration.fromInputUnsafe(options.timeout))
  const lines = new Map<Subscriber, Line>()
  const outdated = new Set<Subscriber>()
  const wake = Latch.makeUnsafe(false)

  const lost = (pipe: Pipe.Pipe): boolean => pipe.ended() !== undefined || pipe.broken() !== undefined

  const dueAt = ({ pipe }: Subscriber, { blockedSince, sentAt }: Line): number =>
    lost(pipe) ? -Infinity : blockedSince === undefined ? sentAt + interval : blockedSince + timeout

  const serve = (subscriber: Subscriber, line: Line, now: number): Effect.Effect<void> => {
    outdated.delete(subscriber)
    if (lost(subscriber.pipe)) return subscriber.ended(new DistributionLost())
    if (line.blockedSince !== undefined) return subscriber.ended(new SlowReader())
    line.sentAt = now
    if (!subscriber.pipe.write([subscriber.list()])) line.blockedSince = now
    return Effect.void
  }

  const sweep = Effect.fnUntraced(function*(now: number) {
    let earliest = Infinity
    for (const subscriber of [...outdated]) {
      const line = lines.get(subscriber)
      if (line === undefined) outdated.delete(subscriber)
      else if (dueAt(subscriber, line) <= now) yield* serve(subscriber, line, now)
      else earliest = Math.min(earliest, dueAt(subscriber, line))
    }
    return earliest
  })

  const run = Effect.gen(function*() {
    while (true) {
      wake.closeUnsafe()
      const now = yield* Clock.currentTimeMillis
      const earliest = yield* sweep(now)
      yield* Deadline.wait(earliest, now, wake)
    }
  })

  return {
    admit: (subscriber) => {
      const line: Line = { sentAt: -Infinity, blockedSince: undefined }
      lines.set(subscriber, line)
      const look = () => {
        outdated.add(subscriber)
        wake.openUnsafe()
      }
      const drained = () => {
        line.blockedSince = undefined
        if (outdated.has(subscriber)) wake.openUnsafe()
      }
      const readable = () => {
        // Nothing is expected from a member here; what comes is dropped, so that its window never fills.
        subscriber.pipe.take()
        if (lost(subscriber.pipe)) look()
      }
      subscriber.pipe.observe({ readable, drained, closed: look })
      look()
    },
    release: (subscriber) => {
      lines.delete(subscriber)
      outdated.delete(subscriber)
    },
    changed: () => {
      for (const subscriber of lines.keys()) outdated.add(subscriber)
      wake.openUnsafe()
    },
    run
  }
}
