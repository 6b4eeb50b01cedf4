/**
 * Dialing: one kept session for each dialer's host, listening address and keep-alive, in which a dial is a stream.
 *
 * A dial that asks for a local port, and every dial without multiplexing, has a session and a carrier of its own.
 */
import type { Backing, Dialed, DialOptions } from "@peerage/transport/Options"
import type { PeerKey } from "@peerage/transport/PeerKey"
import type { Pipe } from "@peerage/transport/Pipe"
import * as SocketFailure from "@peerage/transport/SocketFailure"
import { Duration, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { isSocketError, type SocketError } from "effect/socket/Socket"
import { SecureError } from "./SecureError.ts"
import { errnoOf } from "./session/Ending.ts"
import { Opening } from "./session/Opening.ts"
import { Session } from "./session/Session.ts"
import type { Established } from "./session/SessionOwner.ts"
import type { Shared } from "./session/Shared.ts"
import type { Register } from "./Sessions.ts"

/** What dialing needs. */
export interface Dialing {
  readonly shared: Shared
  readonly register: Register
  readonly pins: ReadonlyMap<string, PeerKey | "first">
  readonly multiplex: boolean
}

/** A dial that waits for a session. */
interface Waiter {
  readonly address: NetAddress.InetAddress
  readonly options: DialOptions
  readonly dialed: Dialed
  cancelTimeout: () => void
  at: Entry
}

/** A session, or one that is being opened, and the dials that wait for it. */
interface Entry {
  /** Where others find it; `undefined` for a session of one stream. */
  readonly key: string | undefined
  readonly address: NetAddress.InetAddress
  readonly options: DialOptions
  readonly waiters: Set<Waiter>
  session: Session | undefined
  /** Whether a carrier is there, so that who is silent is a peer and not the way to it. */
  isCarried: boolean
  abandon: () => void
}

/** What a dial that failed fails with: never a clean end, which is no failure to dial. */
const openError = (why: SecureError | SocketError): SocketError => {
  if (!isSocketError(why)) return SocketFailure.openFailed(why)
  if (why.reason._tag === "SocketOpenError") return why
  return SocketFailure.openFailed(
    SocketFailure.systemError(errnoOf(why), "the connection ended while it was made secure")
  )
}

/** What a dial fails with that took longer than its own limit: a plain peer that waits for the dialer looks like this. */
const timedOut = (address: NetAddress.InetAddress, within: Duration.Duration, isCarried: boolean): SocketError =>
  isCarried
    ? SocketFailure.openFailed(
      new SecureError({ reason: { _tag: "HandshakeTimeout" }, address: NetAddress.formatInet(address) })
    )
    : SocketFailure.openTimedOut(`no answer from ${address} within ${Duration.format(within)}`)

/** Opens streams, and the sessions that they need. */
export class Pool {
  readonly #backing: Pick<Backing, "dial">
  readonly #dialing: Dialing
  readonly #entries = new Map<string, Entry>()
  /** The key that must answer at an address. */
  readonly #pins: Map<string, PeerKey | "first">

  constructor(backing: Pick<Backing, "dial">, dialing: Dialing) {
    this.#backing = backing
    this.#dialing = dialing
    this.#pins = new Map(dialing.pins)
  }

  /** `dial` of a secure transport. */
  readonly dial: Backing["dial"] = (address, options, dialed) => {
    const key = this.#keyOf(address, options)
    const entry = key === undefined ? undefined : this.#entries.get(key)
    const session = entry?.session
    if (entry === undefined || session?.usable === false) {
      const begun: Entry = {
        key,
        address,
        options,
        waiters: new Set(),
        session: undefined,
        isCarried: false,
        abandon: () => {}
      }
      const quit = this.#wait(begun, address, options, dialed)
      this.#connect(begun)
      return quit
    }
    if (session?.fresh === true) return this.#openSoon(session, address, options, dialed)
    const quit = this.#wait(entry, address, options, dialed)
    if (session !== undefined) this.#probe(entry, session)
    return quit
  }

  #keyOf(address: NetAddress.InetAddress, { from, keepAlive }: DialOptions): string | undefined {
    if (!this.#dialing.multiplex || (from?.port ?? 0) !== 0) return undefined
    const host = from?.host === undefined ? "" : NetAddress.formatIp(from.host)
    const probes = keepAlive === undefined ? "" : Duration.toMillis(Duration.fromInputUnsafe(keepAlive))
    return `${host}>${NetAddress.formatInet(address)}>${probes}`
  }

  /** Opens a stream in the turn in which the dialer gets it, so that what it says first leaves with OPEN. */
  #openSoon(session: Session, address: NetAddress.InetAddress, options: DialOptions, dialed: Dialed): () => void {
    let over = false
    let cancel = () => {}
    this.#dialing.shared.sending.atTurnsEnd(() => {
      if (over) return
      if (session.usable) dialed(Result.succeed(session.open()))
      else cancel = this.dial(address, options, dialed)
    })
    return () => {
      over = true
      cancel()
    }
  }

  // Waiting for a session.

  #wait(entry: Entry, address: NetAddress.InetAddress, options: DialOptions, dialed: Dialed): () => void {
    const waiter: Waiter = { address, options, dialed, cancelTimeout: () => {}, at: entry }
    entry.waiters.add(waiter)
    if (options.connectTimeout !== undefined) {
      const within = Duration.fromInputUnsafe(options.connectTimeout)
      waiter.cancelTimeout = this.#dialing.shared.after(Duration.toMillis(within), () => {
        const { isCarried } = waiter.at
        if (!this.#quit(waiter)) return
        dialed(Result.fail(timedOut(address, within, isCarried)))
      })
    }
    return () => void this.#quit(waiter)
  }

  /** False when the dial does not wait any more. Nobody needs a session that nobody waits for. */
  #quit(waiter: Waiter): boolean {
    const entry = waiter.at
    if (!entry.waiters.delete(waiter)) return false
    waiter.cancelTimeout()
    if (entry.waiters.size > 0 || entry.session !== undefined) return true
    this.#remove(entry)
    entry.abandon()
    return true
  }

  /** Gives each dial that waits a stream, and another session to those that are too many for this one. */
  #serve(entry: Entry, session: Session): void {
    for (const waiter of [...entry.waiters]) {
      if (!session.usable) return this.#replace(entry)
      entry.waiters.delete(waiter)
      waiter.cancelTimeout()
      waiter.dialed(Result.succeed(session.open()))
    }
  }

  /** All dials that wait wait for another session from now on. */
  #replace(entry: Entry): void {
    this.#remove(entry)
    if (entry.waiters.size === 0) return
    const next: Entry = {
      ...entry,
      waiters: new Set(entry.waiters),
      session: undefined,
      isCarried: false,
      abandon: () => {}
    }
    entry.waiters.clear()
    for (const waiter of next.waiters) waiter.at = next
    this.#connect(next)
  }

  #probe(entry: Entry, session: Session): void {
    if (entry.waiters.size > 1) return
    session.probe((alive) => {
      if (alive) return this.#serve(entry, session)
      this.#replace(entry)
      session.lost()
    })
  }

  #fail(entry: Entry, why: SecureError | SocketError): void {
    this.#remove(entry)
    const error = openError(why)
    for (const waiter of [...entry.waiters]) {
      entry.waiters.delete(waiter)
      waiter.cancelTimeout()
      waiter.dialed(Result.fail(error))
    }
  }

  #remove(entry: Entry): void {
    if (entry.key !== undefined && this.#entries.get(entry.key) === entry) this.#entries.delete(entry.key)
  }

  // Opening a session.

  #connect(entry: Entry): void {
    const { address, key, options: { from, keepAlive } } = entry
    if (key !== undefined) this.#entries.set(key, entry)
    let connected = false
    const cancel = this.#backing.dial(address, { from, keepAlive, noDelay: true }, (result) => {
      connected = true
      if (Result.isFailure(result)) this.#fail(entry, result.failure)
      else this.#secure(entry, result.success)
    })
    if (!connected) entry.abandon = cancel
  }

  #secure(entry: Entry, carrier: Pipe): void {
    const { shared } = this.#dialing
    const pin = () => {
      const pinned = this.#pins.get(NetAddress.formatInet(entry.address))
      return pinned === "first" ? undefined : pinned
    }
    const opening = new Opening(shared, carrier, { _tag: "Initiator", pin }, {
      opened: (established) => this.#opened(entry, established),
      failed: (why) => this.#fail(entry, why)
    })
    entry.abandon = () => opening.abandon()
    entry.isCarried = true
  }

  #opened(entry: Entry, established: Established): void {
    const { register, shared } = this.#dialing
    const address = NetAddress.formatInet(entry.address)
    if (this.#pins.get(address) === "first") this.#pins.set(address, established.key)
    const session = new Session(shared, established, {
      accept: undefined,
      retired: () => this.#remove(entry),
      over: register.remove
    })
    entry.session = session
    register.add(session, false)
    this.#serve(entry, session)
    // A session of its own takes no other stream.
    if (entry.key === undefined) session.leave()
  }
}
