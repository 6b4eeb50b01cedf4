/**
 * Whole networks in which anything may happen, beside the plainest idea of what should come of it: whoever began and
 * lives has a connection to the peer it joined, as long as the machines of both run and nothing parts them.
 */
import { ChatPeer } from "@peerage/p2p-chat"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Schedule, Schema, Stream } from "effect"
import { elapse, id, ipOf, peer, reach, tableOf } from "./Network.ts"

/** Something that happens, and for how many seconds nothing else does. */
export const Happening = Schema.Struct({
  what: Schema.Literals(["Begin", "Begin", "Begin", "Begin", "Say", "Say", "Leave", "Kill", "Cut", "Split", "Heal"]),
  one: Schema.Natural,
  other: Schema.Natural,
  seconds: Schema.Literals([0, 0, 0, 1, 3, 20, 60])
})
export type Happening = typeof Happening.Type

/** A peer that somebody wants to be there. Without a service it has not found a way in yet. */
interface Member {
  readonly number: number
  /** The peer it joins; none for one that begins a network. */
  readonly parent: number | undefined
  readonly life: Fiber.Fiber<unknown, unknown>
  service: ChatPeer.ChatPeerService | undefined
}

/** A world of so many peers, none of which has begun. It lasts as long as the scope. */
export const make = Effect.fnUntraced(function*(size: number) {
  const scope = yield* Effect.scope
  return new World(size, yield* MemoryNetwork.MemoryNetwork, (life) => Effect.forkIn(life, scope))
})

type Fork = <A, E, R>(life: Effect.Effect<A, E, R>) => Effect.Effect<Fiber.Fiber<A, E>, never, R>

class World {
  /** What arrived, as `text at receiver`, and how often. */
  readonly arrived = new Map<string, number>()
  private readonly members = new Map<number, Member>()
  private readonly dead = new Set<number>()
  private readonly cuts = new Set<string>()
  private said = 0
  private readonly size: number
  private readonly network: MemoryNetwork.MemoryNetwork["Service"]
  private readonly fork: Fork

  constructor(size: number, network: MemoryNetwork.MemoryNetwork["Service"], fork: Fork) {
    this.size = size
    this.network = network
    this.fork = fork
  }

  /** Lets something happen, with the time that follows it. */
  happen({ one, other, seconds, what }: Happening) {
    const [a, b] = [one % this.size + 1, other % this.size + 1]
    const happens = {
      Begin: () => this.begin(a, b),
      Say: () => this.say(a, b),
      Leave: () => this.leave(a),
      Kill: () => this.kill(a),
      Cut: () => this.cut([a], [this.members.get(a)?.parent ?? b]),
      Split: () => this.split(b),
      Heal: () => this.heal()
    }
    return Effect.andThen(happens[what](), seconds === 0 ? Effect.void : elapse(`${seconds} seconds`))
  }

  /** Begins a peer on its own machine, which may have been dead, as often as it takes. */
  begin(number: number, parent: number) {
    if (this.members.has(number)) return Effect.void
    const upstream = this.members.has(parent) && !this.isBehind(parent, number) ? parent : undefined
    const config = { maxConnections: 300, maxHandshakes: 300 }
    const life = Effect.scoped(Effect.gen({ self: this }, function*() {
      const service = yield* peer(number, upstream, { rejoin: ChatPeer.patiently, config })
      yield* Effect.forkScoped(this.listen(number, service), { startImmediately: true })
      const member = this.members.get(number)
      if (member !== undefined) member.service = service
      return yield* Effect.never
    }))
    return Effect.gen({ self: this }, function*() {
      if (this.dead.delete(number)) yield* this.network.restart(ipOf(number))
      const fiber = yield* this.fork(Effect.retry(life, Schedule.spaced("5 seconds")))
      this.members.set(number, { number, parent: upstream, life: fiber, service: undefined })
    })
  }

  /** Ends all partitions and begins whoever is missing. */
  restore(parentOf: (number: number) => number) {
    return Effect.gen({ self: this }, function*() {
      yield* this.heal()
      for (let number = 1; number <= this.size; number++) yield* this.begin(number, parentOf(number))
    })
  }

  /** Everybody who can be reached, as `id: hops via nextHop`, in no order. */
  expected(from: number): ReadonlyArray<string> {
    const reached = reach(from, [...this.members.keys()], (a, b) => this.isConnected(a, b))
    return Array.from(reached, ([to, { hops, nextHop }]) => `${to}: ${hops} via ${nextHop}`)
  }

  /** What is wrong with who knows whom; nothing when everybody knows exactly those that can be reached. */
  readonly wrong = Effect.gen({ self: this }, function*() {
    const wrong: Array<string> = []
    for (const { number, parent, service } of this.members.values()) {
      const expected = this.expected(number)
      if (service === undefined) {
        if (parent === undefined || this.isOpen(number, parent)) wrong.push(`${number} never joined ${parent}`)
        continue
      }
      const known = new Set(yield* tableOf(service))
      for (const row of expected) if (!known.delete(row)) wrong.push(`${number} does not know ${row}`)
      for (const row of known) wrong.push(`${number} knows ${row}`)
    }
    return wrong
  })

  /** Has each say something to others that it can reach, `most` of them, and says what did not arrive just once. */
  readonly mishaps = Effect.fnUntraced(function*(this: World, most: number) {
    const awaited: Array<string> = []
    for (const { number } of this.members.values()) {
      const others = this.expected(number).map((row) => Number.parseInt(row))
      const stride = Math.max(1, Math.ceil(others.length / most))
      for (const other of others.filter((_, index) => index % stride === number % stride)) {
        awaited.push(`${yield* this.say(number, other)} at ${other}`)
      }
    }
    yield* elapse("5 seconds")
    const twice = [...this.arrived].filter(([, times]) => times > 1).map(([what]) => `${what} more than once`)
    return [...twice, ...awaited.filter((what) => !this.arrived.has(what))]
  })

  private readonly listen = (number: number, { events }: ChatPeer.ChatPeerService) =>
    Stream.runForEach(events, (event) =>
      Effect.sync(() => {
        if (event._tag !== "Message") return
        const what = `${event.data} at ${number}`
        this.arrived.set(what, (this.arrived.get(what) ?? 0) + 1)
      }))

  private say(from: number, to: number) {
    const text = `${this.said++} from ${from}`
    const service = from === to ? undefined : this.members.get(from)?.service
    return Effect.as(service === undefined ? Effect.void : service.send(id(to), text), text)
  }

  private leave(number: number) {
    const life = this.members.get(number)?.life
    this.members.delete(number)
    return life === undefined ? Effect.void : Fiber.interrupt(life)
  }

  private kill(number: number) {
    if (!this.members.has(number)) return Effect.void
    this.dead.add(number)
    return Effect.andThen(this.network.kill(ipOf(number)), this.leave(number))
  }

  /** Parts the machines of some from those of others. */
  private cut(some: ReadonlyArray<number>, others: ReadonlyArray<number>) {
    for (const a of some) for (const b of others) this.cuts.add(`${a} ${b}`).add(`${b} ${a}`)
    return this.network.partition(some.map(ipOf), others.map(ipOf))
  }

  /** Parts every second machine, or every third and so on, from all others. */
  private split(number: number) {
    const all = Array.from({ length: this.size }, (_, index) => index + 1)
    return this.cut(all.filter((it) => it % number === 0), all.filter((it) => it % number > 0))
  }

  private heal() {
    this.cuts.clear()
    return this.network.healAll
  }

  /** True when `number` is where joining leads to from `from`. */
  private isBehind(from: number, number: number): boolean {
    const parent = this.members.get(from)?.parent
    return from === number || (parent !== undefined && this.isBehind(parent, number))
  }

  /** True when `number` finds `other` on the network. */
  private isOpen(number: number, other: number): boolean {
    return this.members.get(other)?.service !== undefined && !this.cuts.has(`${number} ${other}`)
  }

  private isConnected(a: number, b: number): boolean {
    const [one, other] = [this.members.get(a), this.members.get(b)]
    const related = one?.parent === b || other?.parent === a
    return related && this.isOpen(a, b) && this.isOpen(b, a)
  }
}
