/** A Pyile room, the same for host and member: a peer, and the commands that work on it. */
import type { Invite } from "@peerage/console/About"
import * as Journal from "@peerage/console/Journal"
import { AdmissionState, type AuthPeer, type JoinPeer, type PyileEvent } from "@peerage/pyile"
import { Effect, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { alsoAt, hostFor } from "../Addresses.ts"
import { type Keep, known } from "../Passphrase.ts"
import * as Room from "../room/Room.ts"
import type { Screen } from "../room/Screen.ts"
import { Encryption, type Secrets } from "../secure/Encryption.ts"
import { keysOf } from "../secure/Keys.ts"
import * as Welcome from "../secure/Welcome.ts"
import { remember } from "./Aliases.ts"
import { hostTable, memberTable } from "./Commands.ts"
import { type Event, narrate, pyileViewOf } from "./Narrate.ts"

/** How a room begins. */
export interface Entry {
  /** Reported first. */
  readonly opening: ReadonlyArray<PyileEvent.PyileEvent>
  /** For people, in place of `Listening`. */
  readonly welcome?: ReadonlyArray<string> | undefined
  /** True when a session that ends is begun again. */
  readonly reconnects?: boolean | undefined
  /** How a host keeps its passphrase. */
  readonly keep?: Keep | undefined
  /** Where others join a host, as `host:port`. */
  readonly reached?: string | undefined
  /** How others join, for a page. */
  readonly invite?: Effect.Effect<Invite> | undefined
}

/** Lasts until somebody leaves; fails when the session has ended for good. */
export const run = Effect.fnUntraced(function*(
  screen: Screen,
  peer: AuthPeer.AuthPeerService | JoinPeer.JoinPeerService,
  { invite, keep = known, opening, reached, reconnects = false, welcome = [] }: Entry
) {
  const { history } = peer
  const secured = yield* Encryption
  const keyed = secured !== undefined
  const aliases = new Map<string, string>()
  const room = { peer, history, journal: history, aliases }
  yield* Effect.forkScoped(Stream.runForEach(history.lines, Journal.copy), { startImmediately: true })
  const parts = {
    screen,
    narrate,
    view: pyileViewOf(screen.style, {
      aliases,
      self: peer.self,
      welcome,
      reconnects,
      secret: AdmissionState.secretAt(keyed),
      compared: secured?.fingerprint
    }),
    note: (event: Event) =>
      Effect.sync(() => event._tag === "AliasSeen" ? remember(aliases, event.peer, event.alias) : undefined),
    // Who got a sent message is the answer to the command that sent it.
    events: [Stream.filter(peer.events, (event) => event._tag !== "Sent")],
    keyOf: (event: Event) => Effect.succeed(event._tag === "Joined" ? event.key : undefined),
    opening: Effect.gen(function*() {
      const peers = yield* SubscriptionRef.get(peer.peers)
      const keys = yield* keysOf(peers, yield* peer.keys)
      const here: Event = { _tag: "Peers", peers, ...(keys === undefined ? {} : { keys }) }
      return [...opening, here]
    }),
    over: peer.left,
    panel: Effect.map(
      Effect.promise(() => import("@peerage/console/Pyile")),
      (panels) => panels.make(peer, { invite, fingerprint: secured?.fingerprint })
    ),
    reached
  }
  yield* "ban" in peer
    ? Room.run({ ...parts, table: hostTable, room: { ...room, moderation: peer, keep, keyed } })
    : Room.run({ ...parts, table: memberTable, room })
})

/** Where others join a host. */
export const reachedAt = (address: NetAddress.InetAddress, advertise: string | undefined): string =>
  `${advertise ?? hostFor(address)}:${address.port}`

/** What a host shows first: where it listens, its passphrase, and how others join. `joins` is the command for that. */
export const welcomeOf = (joins: string, { advertise, passphrase, peer: { address }, screen, secured }: Secrets & {
  readonly peer: Pick<AuthPeer.AuthPeerService, "address">
  readonly advertise: string | undefined
  readonly screen: Pick<Screen, "size">
}): ReadonlyArray<string> => {
  const reached = reachedAt(address, advertise)
  const password = passphrase === undefined || secured !== undefined ? "" : ` --password ${passphrase}`
  return [
    ...Welcome.pictured(secured, reached, screen),
    `Listening at ${NetAddress.formatInet(address)}${Welcome.encrypted(secured)}. Join from another terminal:`,
    `  ${joins} ${Welcome.named(secured, reached)}${password}`,
    ...(advertise === undefined ? alsoAt(address) : []),
    ...Welcome.madeUp(passphrase, secured, "unless /keep keeps it in a file of yours."),
    ...Welcome.closing(secured, "Nothing here is encrypted, neither the password nor what is said.")
  ]
}
