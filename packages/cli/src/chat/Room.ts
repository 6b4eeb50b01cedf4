/** A chat room: a peer, the commands that work on it, and what the room remembers. */
import { type Message, remember } from "@peerage/console/ChatTalk"
import * as Conversations from "@peerage/console/Conversations"
import * as Journal from "@peerage/console/Journal"
import type { ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { alsoAt, hostFor } from "../Addresses.ts"
import { plainView, viewOf } from "../room/Narrate.ts"
import * as Room from "../room/Room.ts"
import type { Screen } from "../room/Screen.ts"
import type { Secrets } from "../secure/Encryption.ts"
import * as Welcome from "../secure/Welcome.ts"
import { chatCommands, type ChatRoom } from "./Commands.ts"
import { type Event, narrate } from "./Narrate.ts"

/** How a room begins. */
export interface Entry {
  /** The address of the peer that was joined; `undefined` for a new network. */
  readonly joined: string | undefined
  /** For people, in place of `Listening`. */
  readonly welcome: ReadonlyArray<string>
}

/** Remembers an event: a message in its conversation, anything else in the log. */
const noting = (room: ChatRoom) => (event: Event): Effect.Effect<void> =>
  event._tag === "Message" ? remember(room, event) : room.journal.note(event)

/** Lasts until somebody leaves; fails when the peer has left the network for good. */
export const run = Effect.fnUntraced(function*(
  screen: Screen,
  peer: ChatPeer.ChatPeerService,
  { joined, welcome }: Entry
) {
  const room = {
    peer,
    conversations: Conversations.make<PeerId.PeerId, Message>(),
    journal: Journal.make<Event>((event) => narrate(event, plainView))
  }
  yield* Room.run({
    screen,
    room,
    table: chatCommands,
    narrate,
    view: viewOf(screen.style, welcome),
    note: noting(room),
    // What became of a sent message is the answer to the command that sent it.
    events: [Stream.filter(peer.events, (event) => event._tag !== "Sent")],
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
    reached: `${hostFor(peer.address)}:${peer.address.port}`
  })
})

/** What a peer shows first: where it listens, its id, and how others join. `command` is how this command was called. */
export const welcomeOf = (
  command: string,
  { address, self }: Pick<ChatPeer.ChatPeerService, "address" | "self">,
  { passphrase, secured }: Secrets
): ReadonlyArray<string> => {
  const host = hostFor(address)
  // A peer that joins over the loopback needs to listen nowhere else.
  const theirs = NetAddress.isLoopback(address.address) ? host : "0.0.0.0"
  return [
    `Listening at ${NetAddress.formatInet(address)}${
      Welcome.encrypted(secured)
    } as ${self}. Join from another terminal:`,
    `  ${command} chat ${theirs}:0 ${Welcome.named(secured, `${host}:${address.port}`)}`,
    ...alsoAt(address),
    ...Welcome.madeUp(passphrase, secured, "unless you give it with --passphrase-file."),
    ...Welcome.closing(secured, "Nothing here is encrypted, and nobody has to prove an id.")
  ]
}
