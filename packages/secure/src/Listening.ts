/** Listening: accepted carriers become sessions, and the streams that are opened in them are what is accepted. */
import type { Accept, Backing, ListenOptions } from "@peerage/transport/Options"
import type { Pipe } from "@peerage/transport/Pipe"
import { Effect } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { Arrivals } from "./Arrivals.ts"
import { Opening } from "./session/Opening.ts"
import { Session } from "./session/Session.ts"
import type { Shared } from "./session/Shared.ts"
import type { Register } from "./Sessions.ts"

/** Carriers beside those that the listener's connections need: of sessions that are opening, idle, or leaving. */
const spareCarriers = 256

const defaultMaxConnections = 10_000

/** What listening needs. */
export interface Listening {
  readonly shared: Shared
  readonly register: Register
  readonly arrivals: Arrivals
}

/** The sessions of one listening address. */
class Reception {
  readonly #listening: Listening
  readonly #accept: Accept
  readonly #limit: number
  readonly #carriers = new Set<Pipe>()
  readonly #sessions = new Set<Session>()

  constructor(listening: Listening, accept: Accept, limit: number) {
    this.#listening = listening
    this.#accept = accept
    this.#limit = limit
  }

  /** Takes a carrier, until the returned function is called. */
  readonly take = (carrier: Pipe): () => void => {
    if (this.#carriers.size >= this.#limit) carrier.close()
    else {
      this.#carriers.add(carrier)
      this.#admit(carrier)
    }
    return () => this.#carriers.delete(carrier)
  }

  /** No new streams: each session ends with its last one. */
  readonly leave = (): void => {
    for (const session of [...this.#sessions]) session.leave()
  }

  #admit(carrier: Pipe): void {
    const { arrivals, register, shared } = this.#listening
    let opening: Opening | undefined
    let left = () => {}
    const begin = () => {
      opening = new Opening(shared, carrier, { _tag: "Responder" }, {
        opened: (established) => {
          left()
          const session = new Session(shared, established, {
            accept: this.#accept,
            retired: (session) => this.#sessions.delete(session),
            over: register.remove
          })
          this.#sessions.add(session)
          register.add(session, true)
        },
        failed: () => left()
      })
    }
    const giveWay = () => opening === undefined ? carrier.close() : opening.giveWay()
    left = arrivals.enter(carrier, { begin, giveWay })
  }
}

/** `listen` of a secure transport over the backing of another. */
export const make = (backing: Backing, listening: Listening): Backing["listen"] =>
  Effect.fnUntraced(function*(address: NetAddress.InetAddress, options: ListenOptions, accept: Accept) {
    const limit = (options.maxConnections ?? defaultMaxConnections) + spareCarriers
    const reception = new Reception(listening, accept, limit)
    const { backlog, keepAlive } = options
    const bound = yield* backing.listen(address, { backlog, keepAlive, noDelay: true }, reception.take)
    yield* Effect.addFinalizer(() => Effect.sync(reception.leave))
    return bound
  })
