/** The commands about the connections of a PeerPy room: who is connected, who wants to be, and who can be found. */
import { call, readCall } from "@peerage/console/Calling"
import { type Call, type Connected, connected, type Readable } from "@peerage/console/Connections"
import type { PendingOffers } from "@peerage/console/PendingOffers"
import { printable } from "@peerage/console/Printable"
import type { Peer, PeerPyError } from "@peerage/peerpy"
import { Effect, Result, Struct, SubscriptionRef } from "effect"
import { addressOf } from "../Addresses.ts"
import { leave, type Mistake, mistake, nothing, roomCommand } from "../room/Command.ts"
import { counted, orNone } from "../room/Style.ts"
import { first } from "../room/Words.ts"
import { Encryption } from "../secure/Encryption.ts"
import { keysOf, suffix } from "../secure/Keys.ts"
import { choose } from "./Choosing.ts"
import { elsewhere, type Event, kindOf, type PeerPyView } from "./Narrate.ts"

/** What these commands work on. */
export interface ConnectionRoom {
  readonly peer: Pick<Peer.PeerService, "connections" | "discover" | "invisible">
  readonly open: (call: Call) => Effect.Effect<Readable, PeerPyError.ConnectError>
  readonly offers: Pick<PendingOffers, "waiting">
}

const command = roomCommand<ConnectionRoom, PeerPyView, Event>()

// What is said where there is nobody.
const nobody = "Nobody is connected. /peers shows who is; others need your address, /discover finds theirs."

/** The connection that a name means. */
export const chosen = ({ peer }: ConnectionRoom, name: string | undefined): Effect.Effect<Connected, Mistake> =>
  Effect.flatMap(connected(peer), (all) => Effect.fromResult(choose(all, name, nobody)))

/** The names of connected peers. */
export const peerNames = ({ peer }: ConnectionRoom): ReadonlyArray<string> =>
  SubscriptionRef.getUnsafe(peer.connections).map((connection) => connection.peer)

const oneName = (rest: string): Result.Result<string | undefined, Mistake> => {
  const [name, more] = first(rest)
  return more === "" ? Result.succeed(name === "" ? undefined : name) : mistake("One peer at a time: its host:port.")
}

const peers = command({
  usage: "/peers",
  does: "who is connected, and who waits for an answer",
  parse: nothing,
  answers: ["Peers"],
  run: (_, { offers, peer }) =>
    Effect.gen(function*() {
      const all = yield* connected(peer)
      const keys = yield* keysOf(all.map(({ remote }) => remote))
      return [{
        _tag: "Peers",
        peers: all.map(({ connection: { initiated, stream, strict, type }, peer, remote }) => (
          { peer, remote, type, strict, stream, initiated }
        )),
        offers: offers.waiting().map(Struct.omit(["decide", "since"])),
        ...(keys === undefined ? {} : { keys })
      }]
    }),
  show: ({ keys, offers, peers }, { name, style }) => [
    ...orNone(
      peers.map((one) =>
        `${name(one.peer)} (${kindOf(one)}), opened ${one.initiated ? "here" : "by it"}${elsewhere(one)}${
          suffix(keys, one.remote, style)
        }`
      ),
      "Nobody is connected."
    ),
    ...offers.map((offer) => `${name(offer.peer)} (${kindOf(offer)}) waits for an answer${elsewhere(offer)}`)
  ]
})

/** Decides about an offer; the library's own events report what comes of it. */
const decision = (usage: string, does: string, accepted: boolean) =>
  command({
    usage,
    does,
    parse: oneName,
    run: (name, { offers }) =>
      Effect.fromResult(choose(offers.waiting(), name, "Nobody waits for an answer.")).pipe(
        Effect.flatMap((offer) => offer.decide(accepted)),
        Effect.as([])
      ),
    complete: ({ offers }) => offers.waiting().map(({ peer }) => peer)
  })

const accept = decision("/accept [PEER]", "take the connection that a peer wants", true)

const deny = decision("/deny [PEER]", "turn it away", false)

// The library's own event reports the connection.
const connect = command({
  usage: "/connect HOST:PORT [TYPE]",
  does: "open a connection for json, bytes or raw; json if not said",
  parse: (rest) => {
    const [text, word] = first(rest)
    return Result.orElse(readCall(text, word), mistake)
  },
  run: (wanted, room) => Effect.as(call({ ...room, lookup: (at) => addressOf(at, at.port) }, wanted), [])
})

const closing = { usage: "/close [PEER]", does: "close a connection", parse: oneName, complete: peerNames }

const close = command({
  ...closing,
  run: (name, room) => Effect.flatMap(chosen(room, name), ({ connection }) => Effect.as(connection.close, []))
})

// In a room of one connection: leaving closes it.
const closeAndLeave = command({
  ...closing,
  run: (name, room) => Effect.as(chosen(room, name), leave)
})

/** Fails where discovery is off, because nothing encrypts it. */
export const discoverable = Effect.flatMap(
  Encryption,
  (secured): Effect.Effect<void, Mistake> =>
    secured === undefined || secured.plainDiscovery ? Effect.void : Effect.fail({
      reason: "PlainOnly",
      message: "Discovery is never encrypted, so it is off here. Start with --plain-discovery, or connect to HOST:PORT."
    })
)

const discover = command({
  usage: "/discover",
  does: "who else is on this network",
  parse: nothing,
  answers: ["Found", "Discovered"],
  run: (_, { peer }) =>
    Effect.map(Effect.andThen(discoverable, peer.discover), (found) => [
      ...found.map((one) => ({ _tag: "Found", peer: one }) as const),
      { _tag: "Discovered", found: found.length }
    ]),
  show: (event, { name }) => {
    if (event._tag === "Found") return [`  ${name(event.peer)}`]
    return [event.found === 0 ? "Nobody answered on this network." : `${counted(event.found, "peer")} on this network.`]
  }
})

const settings = new Map([["on", true], ["off", false], ["", undefined]])

const invisible = command({
  usage: "/invisible [on|off]",
  does: "whether others who look for peers find you",
  parse: (rest) =>
    settings.has(rest.toLowerCase())
      ? Result.succeed(settings.get(rest.toLowerCase()))
      : mistake(`Say /invisible on or /invisible off, not "${printable(rest)}".`),
  answers: ["Visibility"],
  run: Effect.fnUntraced(function*(wanted: boolean | undefined, { peer }: ConnectionRoom) {
    if (wanted === false) yield* discoverable
    if (wanted !== undefined) yield* SubscriptionRef.set(peer.invisible, wanted)
    return [{ _tag: "Visibility", invisible: yield* SubscriptionRef.get(peer.invisible) } as const]
  }),
  show: ({ invisible }) => [invisible ? "Nobody who looks for peers finds you." : "Whoever looks for peers finds you."],
  complete: () => ["on", "off"]
})

/** The commands that only a listening peer has. */
export const listenersOnly = [accept, deny, connect, invisible] as const

/** The commands of a listening peer, in the order of the help. */
export const listenerCommands = [peers, accept, deny, connect, close, discover, invisible] as const

/** The commands of a peer with a single connection. */
export const connectorCommands = [peers, closeAndLeave, discover] as const
