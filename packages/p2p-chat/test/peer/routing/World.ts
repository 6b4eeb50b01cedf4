/**
 * Networks of pure tables, without peers and time: each connection is two lines of announcements, heard in their order,
 * while chance decides whose turn it is. Originals take part with what the wire document says of them.
 */
import type { Random } from "effect"
import type { Join, Leave } from "../../../src/codec/Message.ts"
import type * as PeerId from "../../../src/codec/PeerId.ts"
import * as Announcing from "../../../src/peer/routing/Announcing.ts"
import * as Routing from "../../../src/peer/routing/Routing.ts"
import { id, reach } from "../Network.ts"

export type Said = ReadonlyArray<Join | Leave>
type Role = "Joiner" | "Server"

/** A step, and whether it changed a route. */
export interface Step extends Routing.Step {
  readonly changed: boolean
}

/** A member of such a network. */
export interface Member {
  readonly extended: boolean
  readonly isTaken: (id: PeerId.PeerId) => boolean
  /** `role` is what the neighbour is to this member. */
  readonly attach: (neighbour: PeerId.PeerId, role: Role, extended: boolean) => void
  readonly detach: (neighbour: PeerId.PeerId) => void
  readonly hear: (neighbour: PeerId.PeerId, said: Said) => void
  /** What it has to say to a neighbour at this moment. */
  readonly speak: (to: PeerId.PeerId) => Said
}

/** One of ours: a table, and what each neighbour may have to be told. */
export class Ours implements Member {
  readonly extended = true
  table: Routing.Table
  private readonly untold = new Map<PeerId.PeerId, Set<PeerId.PeerId>>()

  constructor(self: PeerId.PeerId, limits: Routing.Limits = { maxHops: 256, maxPeers: 1000 }) {
    this.table = Routing.empty(self, limits)
  }

  isTaken(id: PeerId.PeerId): boolean {
    return Routing.isTaken(this.table, id)
  }

  attach(neighbour: PeerId.PeerId, role: Role = "Joiner", extended = true): Step {
    this.untold.set(neighbour, new Set(Routing.peers(this.table).map(({ id }) => id)))
    return this.advance({ _tag: "Attached", neighbour, extended, joined: role === "Joiner" })
  }

  detach(neighbour: PeerId.PeerId): Step {
    this.untold.delete(neighbour)
    return this.advance({ _tag: "Detached", neighbour })
  }

  hear(neighbour: PeerId.PeerId, announcements: Said): Step {
    return this.advance({ _tag: "Received", neighbour, announcements })
  }

  speak(to: PeerId.PeerId): Said {
    const untold = this.untold.get(to)
    const { again, announcements, table } = Announcing.announce(this.table, to, [...untold ?? []])
    untold?.clear()
    for (const id of again) untold?.add(id)
    this.table = table
    return announcements
  }

  private advance(event: Routing.Event): Step {
    const step = Routing.step(this.table, event)
    const changed = step.table.routes !== this.table.routes
    this.table = step.table
    for (const untold of this.untold.values()) for (const id of step.affected) untold.add(id)
    return { ...step, changed }
  }
}

/** An original: one entry for each id, nothing passed on, and the end of a connection at a LEAVE that it does not know. */
export class Original implements Member {
  readonly extended = false
  /** What it cannot bear that happened to it. */
  readonly harm: Array<string> = []
  joined = false
  private readonly entries = new Map<PeerId.PeerId, "Direct" | "Remote">()
  private readonly neighbours = new Map<PeerId.PeerId, { readonly role: Role; readonly unsaid: Array<Join | Leave> }>()
  private readonly self: PeerId.PeerId

  constructor(self: PeerId.PeerId) {
    this.self = self
  }

  isTaken(id: PeerId.PeerId): boolean {
    return id === this.self || this.entries.has(id)
  }

  attach(neighbour: PeerId.PeerId, role: Role): void {
    this.joined ||= role === "Server"
    if (role === "Joiner") this.broadcast({ _tag: "Join", id: neighbour, via: this.self, hops: 0 })
    const share = role === "Joiner" ? [...this.entries.keys()] : []
    const unsaid = share.map((id) => ({ _tag: "Join", id, via: this.self, hops: 0 } as const))
    this.neighbours.set(neighbour, { role, unsaid })
    this.entries.set(neighbour, "Direct")
  }

  detach(neighbour: PeerId.PeerId): void {
    const role = this.neighbours.get(neighbour)?.role
    this.neighbours.delete(neighbour)
    this.entries.delete(neighbour)
    if (role === "Joiner") this.broadcast({ _tag: "Leave", id: neighbour })
  }

  hear(neighbour: PeerId.PeerId, said: Said): void {
    for (const { _tag, id } of said) {
      if (_tag === "Join" && this.neighbours.has(id)) this.harm.push(`lost its neighbour ${id} to ${neighbour}`)
      if (_tag === "Join") this.entries.set(id, "Remote")
      else if (!this.entries.delete(id)) this.harm.push(`died of LEAVE ${id} from ${neighbour}`)
    }
  }

  speak(to: PeerId.PeerId): Said {
    return this.neighbours.get(to)?.unsaid.splice(0) ?? []
  }

  private broadcast(announcement: Join | Leave): void {
    for (const { unsaid } of this.neighbours.values()) unsaid.push(announcement)
  }
}

/** One direction of a connection. */
interface Line {
  readonly from: number
  readonly to: number
  readonly waiting: Array<Said>
  /** The sender is gone: behind what waits comes the end. */
  ended: boolean
}

/** Members by number, and what is said between them. */
export class World<M extends Member> {
  readonly members: ReadonlyMap<number, M>
  /** Announcements heard so far. */
  heard = 0
  private readonly lines = new Map<string, Line>()
  private readonly random: Random.Random

  constructor(members: ReadonlyMap<number, M>, random: Random.Random) {
    this.members = members
    this.random = random
  }

  /** True when the two are neighbours at this moment, at both ends. */
  connected(a: number, b: number): boolean {
    return [this.lines.get(`${a} ${b}`), this.lines.get(`${b} ${a}`)].every((line) => line?.ended === false)
  }

  /** Connections to cross from a member to each that it can reach, and the first one on the way. */
  reach(from: number): ReadonlyMap<number, { readonly hops: number; readonly nextHop: number }> {
    return reach(from, [...this.members.keys()], (a, b) => this.connected(a, b))
  }

  /** Lets one join another, where both know nothing against it and no circle comes of it. */
  join(joiner: number, server: number): void {
    const [a, b] = [this.members.get(joiner), this.members.get(server)]
    if (a === undefined || b === undefined || joiner === server || this.reach(joiner).has(server)) return
    if (!a.isTaken(id(server)) && !b.isTaken(id(joiner))) this.connect(joiner, server)
  }

  /** Lets one join another, whatever comes of it. */
  connect(joiner: number, server: number): void {
    const [a, b] = [this.members.get(joiner), this.members.get(server)]
    b?.attach(id(joiner), "Joiner", a?.extended ?? true)
    a?.attach(id(server), "Server", b?.extended ?? true)
    for (const [from, to] of [[joiner, server], [server, joiner]] as const) {
      this.lines.set(`${from} ${to}`, { from, to, waiting: [], ended: false })
    }
  }

  /** Lets `from` leave its neighbour, who learns it behind whatever was said to it before. */
  part(from: number, neighbour: number): void {
    const line = this.lines.get(`${from} ${neighbour}`)
    if (line === undefined || line.ended) return
    this.members.get(from)?.detach(id(neighbour))
    this.lines.delete(`${neighbour} ${from}`)
    line.ended = true
  }

  /** One that has something to say says it, or one that was told something hears it; false when there is nobody. */
  turn(): boolean {
    const lines = [...this.lines.values()]
    const first = this.random.nextIntUnsafe()
    for (const [offset] of lines.entries()) {
      const line = lines[Math.abs(first + offset) % lines.length]
      if (line === undefined) continue
      const speaksFirst = this.random.nextDoubleUnsafe() < 0.5
      if (speaksFirst ? this.say(line) || this.listen(line) : this.listen(line) || this.say(line)) return true
    }
    return false
  }

  /** Takes turns until nobody has anything to say. False when that takes more than so many turns. */
  settle(turns = 100_000): boolean {
    for (let turn = 0; turn < turns; turn++) if (!this.turn()) return true
    return false
  }

  private say(line: Line): boolean {
    if (line.ended) return false
    const said = this.members.get(line.from)?.speak(id(line.to)) ?? []
    if (said.length > 0) line.waiting.push(said)
    return said.length > 0
  }

  private listen(line: Line): boolean {
    const said = line.waiting.shift()
    const listener = this.members.get(line.to)
    if (said !== undefined) {
      this.heard += said.length
      listener?.hear(id(line.from), said)
      return true
    }
    if (!line.ended) return false
    this.lines.delete(`${line.from} ${line.to}`)
    listener?.detach(id(line.from))
    return true
  }
}
