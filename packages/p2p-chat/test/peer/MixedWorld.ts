/**
 * Networks of ours and of originals that come and go, and beside them what each is told as long as nobody goes: an
 * original passes nothing on, ours passes everything on (docs/wire/p2p-chat.md, sections 3.2, 3.3 and 7).
 */
import type { ChatPeer } from "@peerage/p2p-chat"
import { Effect, Exit, Option, Schema, Scope } from "effect"
import { elapse, heardBy, id, reached, visit, type Visitor } from "./Network.ts"
import { Original, original } from "./Original.ts"

export type Kind = "Ours" | "Original"

/** Who is told of whom. */
class Knowledge {
  private readonly nodes = new Map<
    number,
    { readonly kind: Kind; readonly known: Set<number>; readonly beside: Set<number> }
  >()

  /** A newcomer that begins a network, or joins a peer that is here. */
  join(newcomer: number, kind: Kind, server: number | undefined): void {
    const node = { kind, known: new Set<number>(), beside: new Set<number>() }
    this.nodes.set(newcomer, node)
    const host = server === undefined ? undefined : this.nodes.get(server)
    if (server === undefined || host === undefined) return
    for (const peer of [server, ...host.known]) node.known.add(peer)
    node.beside.add(server)
    host.known.add(newcomer)
    for (const neighbour of host.beside) this.tell(neighbour, newcomer, server)
    host.beside.add(newcomer)
  }

  /** Whom a peer knows, in their numerical order. */
  of(number: number): ReadonlyArray<number> {
    return [...this.nodes.get(number)?.known ?? []].sort((one, other) => one - other)
  }

  private tell(to: number, peer: number, from: number): void {
    const node = this.nodes.get(to)
    if (node === undefined || node.known.has(peer)) return
    node.known.add(peer)
    if (node.kind === "Original") return
    for (const neighbour of node.beside) if (neighbour !== from) this.tell(neighbour, peer, to)
  }
}

/** Something that happens, to those of whoever is here that `one` and `other` fall on. */
export const Happening = Schema.Struct({
  what: Schema.Literals(["Join", "Join", "Join", "Leave", "Say"]),
  one: Schema.Natural,
  other: Schema.Natural,
  kind: Schema.Literals(["Ours", "Original"])
})
export type Happening = typeof Happening.Type

const crowd = 12

/** What an original can take in its life. */
const places = 10

/** Everybody who was ever here. */
export class MixedWorld {
  readonly knowledge = new Knowledge()
  readonly originals = new Map<number, Original>()
  readonly ours = new Map<number, Visitor>()
  /** The peer that each of those here joined, where it is one of ours as well as they are. */
  readonly parents = new Map<number, number>()
  /** Of what kind those were that originals passed a text to again and again. */
  readonly circled: Array<Kind> = []
  /** Every original that was ever here. */
  readonly veterans: Array<Original> = []
  /** What those who are here live in. */
  private readonly processes = new Map<number, Scope.Closeable>()

  /** Lets it happen, with the time that it takes. Ids of those who left come again. */
  readonly happen = Effect.fnUntraced({ self: this }, function*({ kind, one, other, what }: Happening) {
    const here = this.numbers
    const [a, b] = [here[one % here.length], here[other % here.length]]
    if (what === "Join" || a === undefined || b === undefined) {
      yield* this.join(one % crowd + 1, kind, b ?? 0)
    } else if (what === "Leave") yield* this.leave(a)
    else yield* this.say(a, b, "hello")
    yield* elapse("100 millis")
    for (const { circling } of this.veterans) {
      this.circled.push(...circling.splice(0).map((peer) => this.ours.has(Number(peer)) ? "Ours" : "Original"))
    }
  })

  /** Lets a peer come that is not here, unless it is refused. */
  readonly join = Effect.fnUntraced({ self: this }, function*(number: number, kind: Kind, at: number) {
    if (this.isHere(number)) return
    const server = this.hasPlace(at) ? at : undefined
    const process = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
    const isIn = yield* Scope.provide(
      kind === "Ours" ? this.beginOurs(number, server) : this.beginOriginal(number, server),
      process
    )
    if (!isIn) return yield* Scope.close(process, Exit.void)
    this.processes.set(number, process)
    this.knowledge.join(number, kind, server)
  })

  private readonly beginOurs = Effect.fnUntraced({ self: this }, function*(number: number, server: number | undefined) {
    const visitor = yield* Effect.option(visit(number, server, { config: { maxConnections: 20 } }))
    if (Option.isNone(visitor)) return false
    this.ours.set(number, visitor.value)
    if (server !== undefined && this.ours.has(server)) this.parents.set(number, server)
    return true
  })

  private readonly beginOriginal = Effect.fnUntraced(
    { self: this },
    function*(number: number, server: number | undefined) {
      const newcomer = yield* original(number, server)
      if (newcomer.exited !== undefined) return false
      this.originals.set(number, newcomer)
      this.veterans.push(newcomer)
      return true
    }
  )

  /** Lets one of those here say something to whomever, in lower case as an original would. */
  readonly say = Effect.fnUntraced({ self: this }, function*(from: number, to: number, text: string) {
    this.originals.get(from)?.type(id(to), text)
    const ours = this.ours.get(from)
    if (ours !== undefined && from !== to) yield* ours.send(id(to), text)
  })

  /** What a peer heard, as `sender: text`. */
  heardBy(number: number): ReadonlyArray<string> {
    const ours = this.ours.get(number)
    return ours === undefined ? this.originals.get(number)?.heard ?? [] : heardBy(ours)
  }

  /** Whom a peer knows. */
  known(number: number): Effect.Effect<ReadonlyArray<number>> {
    const ours: Pick<ChatPeer.ChatPeerService, "peers"> | undefined = this.ours.get(number)
    return ours === undefined ? Effect.succeed(this.originals.get(number)?.known ?? []) : reached(ours)
  }

  /** Everybody who is here. */
  get numbers(): ReadonlyArray<number> {
    return [...this.ours.keys(), ...this.originals.keys()].sort((one, other) => one - other)
  }

  private isHere(number: number): boolean {
    return this.ours.has(number) || this.originals.has(number)
  }

  private hasPlace(number: number): boolean {
    return this.ours.has(number) || (this.originals.get(number)?.accepted ?? places) < places
  }

  private readonly leave = Effect.fnUntraced({ self: this }, function*(number: number) {
    this.originals.get(number)?.leave()
    const process = this.processes.get(number)
    if (process !== undefined) yield* Scope.close(process, Exit.void)
    this.processes.delete(number)
    this.ours.delete(number)
    this.originals.delete(number)
    this.parents.delete(number)
    for (const [joiner, server] of this.parents) if (server === number) this.parents.delete(joiner)
  })
}
