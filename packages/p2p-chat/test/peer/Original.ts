/**
 * An original p2p-chat peer, simulated from docs/wire/p2p-chat.md alone, with its faults, and with a record of what killed its
 * connections. It does everything at once, where the original takes a thread switch.
 */
import { MemoryNetwork, type Pipe } from "@peerage/transport"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Chat, Join, Leave, PeerMessage } from "../../src/codec/Message.ts"
import type { PeerId } from "../../src/codec/PeerId.ts"
import { addressOf, id as idOf, ipOf, settle } from "./Network.ts"
import { type Owner, Worker } from "./OriginalWorker.ts"

/** Section 4: an entry has a connection or the id of the next hop. */
interface Entry {
  readonly worker?: Worker
  readonly via?: PeerId
}

/** What ended a connection, or lost its stream, and who was at the other end. */
export interface Harm {
  readonly from: PeerId | undefined
  readonly by: string
}

// Section 3.2, 1: for ever, closed ones and failed handshakes too.
const lifetimeLimit = 10

/** So often one passes on the same text of one peer to another: far more often than any test says it. */
const circleLimit = 1000

/** An original. */
export class Original implements Owner {
  readonly self: PeerId
  /** What it printed, as `sender: text`. */
  readonly heard: Array<string> = []
  readonly harm: Array<Harm> = []
  /** Why it ended while it began; undefined while it runs. */
  exited: string | undefined = undefined
  /** Connections that were accepted so far. */
  accepted = 0
  private readonly table = new Map<PeerId, Entry>()
  private readonly kept = new Map<PeerId, Array<Chat>>()
  private readonly workers = new Set<Worker>()
  /** The connection to the peer that it joined. */
  private upstream: Worker | undefined = undefined
  /** Its main thread is gone: what is connected is served still, nobody else is. */
  private headless = false
  private gone = false

  constructor(self: PeerId) {
    this.self = self
  }

  /** Whom it knows, in their numerical order. */
  get known(): ReadonlyArray<number> {
    return Array.from(this.table.keys(), Number).sort((one, other) => one - other)
  }

  /** How many messages it keeps, by receiver. Section 4.2: emptied ones are still listed. */
  get buffer(): ReadonlyArray<readonly [number, number]> {
    return Array.from(this.kept, ([id, chats]) => [Number(id), chats.length] as const)
  }

  /** Neighbours that a text went to again and again. */
  readonly circling: Array<PeerId> = []
  private readonly passed = new Map<string, number>()

  /** Section 3.1: asks for its id on its one outgoing connection. */
  join(pipe: Pipe.Pipe): void {
    const worker = new Worker(pipe, "Joiner", this)
    this.workers.add(worker)
    worker.say({ _tag: "HandshakeStart", id: this.self, extension: 0 })
  }

  /** Section 3.2, 1: takes a connection, or closes it at once. */
  accept(pipe: Pipe.Pipe): void {
    if (this.gone || this.headless || this.accepted === lifetimeLimit) return pipe.close()
    this.accepted++
    this.workers.add(new Worker(pipe, "Server", this))
  }

  /** Section 5: sends what was typed, in lower case, unless it has forgotten the way; then the console is gone. */
  type(to: PeerId, text: string): void {
    const chat: Chat = { _tag: "Chat", from: this.self, to, text: text.trim().toLowerCase() }
    if (this.pass(chat) !== undefined) this.headless = true
  }

  /** Section 3.4: closes everything, without a word of its own. */
  leave(): void {
    this.gone = true
    for (const worker of [...this.workers]) worker.close()
  }

  hear(worker: Worker, message: PeerMessage): string | undefined {
    if (worker.stage === "Conversation") return this.converse(message)
    return worker.stage === "Server" ? this.respond(worker, message) : this.settleIn(worker, message)
  }

  harmed({ id }: Worker, by: string): void {
    this.harm.push({ from: id, by })
  }

  // Section 3.4: the server end tells all its neighbours, the joiner end nobody. What led that way stays.
  ended(worker: Worker): void {
    this.workers.delete(worker)
    if (worker.stage === "Joiner") this.exited ??= "closed while it waited for the answer"
    // Section 3.2, 5: id 0 is never forgotten.
    if (worker.id === undefined || worker.id === 0n) return
    this.table.delete(worker.id)
    if (worker !== this.upstream && !this.gone) this.broadcast({ _tag: "Leave", id: worker.id })
  }

  // Section 3.1, 3 and 4: only one try.
  private settleIn(worker: Worker, message: PeerMessage): string | undefined {
    if (message._tag !== "HandshakeResponse") this.exited = "another message than the answer"
    else if (message.error) this.exited = "the id is in use"
    else if (message.id <= 0n) this.exited = "the server's id is none"
    if (message._tag !== "HandshakeResponse" || this.exited !== undefined) {
      worker.stage = "Conversation"
      worker.close()
      return undefined
    }
    worker.stage = "Conversation"
    worker.id = message.id
    this.upstream = worker
    this.table.set(message.id, { worker })
    return undefined
  }

  private respond(worker: Worker, message: PeerMessage): string | undefined {
    if (message._tag !== "HandshakeStart") return "another message than the start"
    worker.stage = "Conversation"
    const { id } = message
    // Section 3.2, 3: the connection goes on without a name.
    if (id === this.self || this.table.has(id)) {
      return worker.say({ _tag: "HandshakeResponse", id: idOf(0), error: true, extension: 0 })
    }
    return this.welcome(worker, id)
  }

  // Section 3.2, 4: in the order a, b, c, d.
  private welcome(worker: Worker, newcomer: PeerId): string | undefined {
    worker.id = newcomer
    worker.say({ _tag: "HandshakeResponse", id: this.self, error: false, extension: 0 })
    for (const chat of this.kept.get(newcomer)?.splice(0) ?? []) worker.say(chat)
    for (const id of this.table.keys()) worker.say(this.announcement(id))
    this.table.set(newcomer, { worker })
    return this.broadcast(this.announcement(newcomer), worker)
  }

  private announcement(peer: PeerId): Join {
    return { _tag: "Join", id: peer, via: this.self, hops: 0 }
  }

  private broadcast(announcement: Join | Leave, except?: Worker): string | undefined {
    for (const { worker } of [...this.table.values()]) {
      if (worker === undefined || worker === except) continue
      const broken = worker.say(announcement)
      if (broken !== undefined) return broken
    }
    return undefined
  }

  // Section 3.3: one entry for an id, nothing passed on; other types only make it warn.
  private converse(message: PeerMessage): string | undefined {
    if (message._tag === "Chat") {
      if (message.to !== this.self) return this.pass(message)
      this.heard.push(`${message.from}: ${message.text}`)
    }
    if (message._tag === "Join") this.table.set(message.id, { via: message.via })
    if (message._tag === "Leave" && !this.table.delete(message.id)) return `LEAVE ${message.id}`
    return undefined
  }

  private pass(chat: Chat): string | undefined {
    const route = this.routeTo(chat.to)
    if (typeof route === "string") return route
    if (route !== undefined) return this.circles(chat, route) ? undefined : route.say(chat)
    this.kept.set(chat.to, [...this.kept.get(chat.to) ?? [], chat])
    return undefined
  }

  // Section 4: two with stale routes pass a text to and fro without end, and simulated time would stand still.
  private circles({ from, text, to }: Chat, { id }: Worker): boolean {
    const said = `${from} ${to} ${text}`
    const times = (this.passed.get(said) ?? 0) + 1
    this.passed.set(said, times)
    if (times === circleLimit && id !== undefined) this.circling.push(id)
    return times >= circleLimit
  }

  // Section 4: from next hop to next hop; one that is not in the table raises.
  private routeTo(to: PeerId): Worker | string | undefined {
    let entry = this.table.get(to)
    for (let steps = this.table.size; steps > 0 && entry !== undefined; steps--) {
      if (entry.worker !== undefined) return entry.worker
      if (entry.via === undefined || entry.via === 0n) return undefined
      const { via } = entry
      entry = this.table.get(via)
      if (entry === undefined) return `KeyError ${via}`
    }
    return undefined
  }
}

/** An original that has begun, and joined where it was to; it lives until the test ends. */
export const original = Effect.fnUntraced(function*(number: number, join?: number) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const transport = network.transport(ipOf(number))
  const peer = new Original(idOf(number))
  if (join !== undefined) {
    peer.join(yield* transport.connect(NetAddress.inetAddressFromStringUnsafe(addressOf(join))))
    yield* settle
    if (peer.exited !== undefined) return peer
  }
  const listener = yield* transport.listen(NetAddress.inetAddressFromStringUnsafe(addressOf(number)))
  yield* Effect.forkScoped(Effect.forever(Effect.map(Queue.take(listener.accepted), (pipe) => peer.accept(pipe))))
  yield* settle
  return peer
})
