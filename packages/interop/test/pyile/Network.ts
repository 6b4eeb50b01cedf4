/** Networks of our peers, made by the public interface with its defaults, and of originals, each in its process. */
import { AuthPeer, JoinPeer, PeerAddress } from "@peerage/pyile"
import { Effect, Redacted, Schema, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { loopback, soon } from "../Events.ts"
import * as Original from "../Original.ts"

const password = "sesame ✓"

/** A password that opens nothing. */
export const wrong = "sésame"

/** A host of ours at an address of its own, with the place where joiners come to. */
export const ourHost = Effect.fnUntraced(function*(options: Partial<AuthPeer.AuthPeerOptions> = {}) {
  const listen = `${yield* loopback}:0`
  const peer = yield* AuthPeer.make({ password: Redacted.make(password), listen, alias: "our host", ...options })
  return { ...peer, place: NetAddress.formatInet(peer.address) }
})

/** A joiner of ours at an address of its own. */
export const ourJoiner = Effect.fnUntraced(function*(
  place: string,
  { secret = password, ...options }: Partial<JoinPeer.JoinPeerOptions> & { readonly secret?: string } = {}
) {
  const listen = yield* loopback
  return yield* JoinPeer.make({
    host: place,
    password: Redacted.make(secret),
    listen,
    alias: "our joiner",
    ...options
  })
})

/** What the driver says of a new host and of a new joiner. */
const Host = Schema.Struct({ auth: Schema.String, self: PeerAddress.PeerAddress })
const Joiner = Schema.Struct({ authenticated: Schema.NullOr(Schema.Boolean), self: PeerAddress.PeerAddress })

/** A process for originals, which knows each by its alias. */
export const originals = Original.start("pyile_peer")

/** An original's try to join: true, false after a wrong password, null when banned. */
export const attempt = (
  program: Original.Original,
  { alias, ip, place, secret = password }: {
    readonly alias: string
    readonly ip: string
    readonly place: string
    readonly secret?: string
  }
) => program.ask(Joiner, "join", { alias, ip, to: place, password: secret })

const speaker = (program: Original.Original, alias: string, self: PeerAddress.PeerAddress) => ({
  program,
  alias,
  self,
  send: (to: PeerAddress.PeerAddress, data: Schema.Json) => program.ask(Schema.Null, "send", { alias, to, data }),
  broadcast: (data: Schema.Json) => program.ask(Schema.Null, "broadcast", { alias, data }),
  leave: program.ask(Schema.Null, "leave", { alias }),
  /** Waits for a message that it did not say itself. */
  hears: (fields: Readonly<Record<string, unknown>>) => program.tells("message", { at: alias, own: false, ...fields }),
  /** Waits until it has left, be it by itself. */
  gone: program.tells("left", { at: alias }),
  /** Waits for a line of its log. */
  logs: (text: RegExp) =>
    program.until(
      `${text} in the log`,
      () => program.told("log", { at: alias }).find((line) => text.test(String(line["text"])))
    ),
  /** Who is there in its opinion, itself included. */
  listed: (): ReadonlyArray<unknown> => {
    const last = program.told("peers", { at: alias }).at(-1)?.["peers"]
    return Array.isArray(last) ? last : []
  }
})

/** An original that is there. */
export type OriginalPeer = ReturnType<typeof speaker>

/**
 * An original host in a process of its own, with the place where joiners come to. At 127.0.0.1, where everything comes
 * from that originals of this machine say; they hear only who comes from a member's address.
 */
export const originalHost = Effect.fnUntraced(function*(attempts = 3) {
  const program = yield* originals
  const { auth, self } = yield* program.ask(Host, "host", { alias: "theirs", ip: "127.0.0.1", password, attempts })
  return { ...speaker(program, "theirs", self), place: auth }
})

/** An original joiner in a process of its own, which was let in. */
export const originalJoiner = Effect.fnUntraced(function*(place: string, ip?: string) {
  const program = yield* originals
  const { authenticated, self } = yield* attempt(program, { alias: "theirs", ip: ip ?? (yield* loopback), place })
  return authenticated === true
    ? speaker(program, "theirs", self)
    : yield* Effect.die(new Error("the original was not let in"))
})

/**
 * An original host, an original joiner and one of ours that know one another. Where the machine is busy, two originals
 * may miss each other, as nothing but Nagle's algorithm keeps their messages apart; then another network is made.
 */
export const mixed = Effect.gen(function*() {
  const host = yield* originalHost()
  const ours = yield* ourJoiner(host.place)
  const joiner = yield* Effect.tapError(originalJoiner(host.place), () => host.program.kill)
  yield* knows(ours, [host.self, joiner.self])
  for (const original of [host, joiner]) yield* lists(original, [host.self, ours.self, joiner.self])
  return { host, ours, joiner }
}).pipe(Effect.retry({ times: 5, while: (error) => error._tag === "Raised" }))

interface Knowing {
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
}

const same = (some: ReadonlyArray<unknown>, others: ReadonlyArray<unknown>): boolean =>
  [...some].sort().join() === [...others].sort().join()

/** Waits until a peer of ours knows exactly these others, in whatever order. */
export const knows = (peer: Knowing, others: ReadonlyArray<PeerAddress.PeerAddress>) =>
  soon(
    `knowing ${others.join()}`,
    Stream.runHead(Stream.filter(SubscriptionRef.changes(peer.peers), (list) => same(list, others)))
  )

/** Waits until an original knows exactly these, itself included. */
export const lists = (original: OriginalPeer, all: ReadonlyArray<PeerAddress.PeerAddress>) =>
  original.program.until(`listing ${all.join()}`, () => same(original.listed(), all) ? true : undefined)
