/** A chat room: a peer, the commands that work on it, and what the room remembers. */
import type { Invite } from "@peerage/console/About"
import { type Message, remember } from "@peerage/console/ChatTalk"
import * as Conversations from "@peerage/console/Conversations"
import * as Journal from "@peerage/console/Journal"
import type { ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { alsoAt, hostFor } from "../Addresses.ts"
import * as Invites from "../console/Invites.ts"
import { plainView, viewOf } from "../room/Narrate.ts"
import * as Room from "../room/Room.ts"
import type { Screen } from "../room/Screen.ts"
import { Encryption, type Secrets } from "../secure/Encryption.ts"
import * as Welcome from "../secure/Welcome.ts"
import { chatCommands, type ChatRoom } from "./Commands.ts"
import { type Event, narrate } from "./Narrate.ts"

/** How a room begins. */
export interface Entry {
  /** The address of the peer that was joined; `undefined` for a new network. */
  readonly joined: string | undefined
  /** For people, in place of `Listening`. */
  readonly welcome: ReadonlyArray<string>
  /** How others join, for a page. */
  readonly invite: Invite
}

/** Remembers an event: a message in its conversation, anything else in the log. */
const noting = (room: ChatRoom) => (event: Event): Effect.Effect<void> =>
  event._tag === "Message" ? remember(room, event) : room.journal.note(event)

/** Lasts until somebody leaves; fails when the peer has left the network for good. */
export const run = Effect.fnUntraced(function*(
  screen: Screen,
  peer: ChatPeer.ChatPeerService,
  { invite, joined, welcome }: Entry
) {
  const room = {
    peer,
    conversations: Conversations.make<PeerId.PeerId, Message>(),
    journal: Journal.make<Event>((event) => narrate(event, plainView))
  }
  const secured = yield* Encryption
  yield* Room.run({
    screen,
    room,
    table: chatCommands,
    narrate,
    view: viewOf(screen.style, welcome),
    note: noting(room),
    // What became of a sent message is the answer to the command that sent it.
    events: [Stream.filter(peer.events, (event) => event._tag !== "Sent")],
    keyOf: (event) =>
      event._tag === "Joined" ? Effect.map(peer.keys, (keys) => keys.get(event.peer)) : Effect.undefined,
    opening: Effect.map(SubscriptionRef.get(peer.peers), (peers) => {
      // The joined peer is the first one to be known.
      const [first] = peers
      const connected = first === undefined || joined === undefined
        ? []
        : [{ _tag: "Connected", peer: first.id, address: joined } as const]
      return [
        { _tag: "Listening", address: NetAddress.formatInet(peer.address) },
        { _tag: "Self", id: peer.self },
        ...connected,
        { _tag: "Peers", peers }
      ]
    }),
    over: peer.left,
    panel: Effect.flatMap(
      Effect.promise(() => import("@peerage/console/Chat")),
      (panels) => panels.make(peer, { room, invite: Effect.succeed(invite), fingerprint: secured?.fingerprint })
    ),
    reached: reachedAt(peer)
  })
})

/** What others type before the address of a peer, to join it. `command` is how this command was called. */
const joinsWith = (command: string, { address }: Pick<ChatPeer.ChatPeerService, "address">): string => {
  // A peer that joins over the loopback needs to listen nowhere else.
  const theirs = NetAddress.isLoopback(address.address) ? hostFor(address) : "0.0.0.0"
  return `${command} chat ${theirs}:0`
}

const reachedAt = ({ address }: Pick<ChatPeer.ChatPeerService, "address">): string =>
  `${hostFor(address)}:${address.port}`

/** How others join, as a page shows it. */
export const inviteOf = (
  command: string,
  peer: Pick<ChatPeer.ChatPeerService, "address">,
  { passphrase, secured }: Secrets
): Invite =>
  Invites.make({
    command: joinsWith(command, peer),
    reached: reachedAt(peer),
    secured,
    needs: secured === undefined ? undefined : Invites.secretOf(secured, passphrase !== undefined)
  })

/** What a peer shows first: where it listens, its id, and how others join. `command` is how this command was called. */
export const welcomeOf = (
  command: string,
  peer: Pick<ChatPeer.ChatPeerService, "address" | "self">,
  { passphrase, secured }: Secrets
): ReadonlyArray<string> => {
  const { address, self } = peer
  return [
    `Listening at ${NetAddress.formatInet(address)} as ${self}${
      Welcome.encrypted(secured)
    }. Join from another terminal:`,
    `  ${joinsWith(command, peer)} ${Welcome.named(secured, reachedAt(peer))}`,
    ...alsoAt(address),
    ...Welcome.madeUp(passphrase, secured, "unless you give it with --passphrase-file."),
    ...Welcome.closing(secured, "Nothing here is encrypted, and nobody has to prove an id.")
  ]
}
