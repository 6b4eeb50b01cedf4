/** `peerage chat`: takes part in a routed chat network and sits in its room. */
import { remoteAddress } from "@peerage/console/Address"
import { inChat as inWords } from "@peerage/console/Reasons"
import { ChatConfig, ChatPeer } from "@peerage/p2p-chat"
import { Effect } from "effect"
import { Argument } from "effect/cli"
import { addressOf } from "../Addresses.ts"
import * as Room from "../chat/Room.ts"
import * as ConsoleFlag from "../console/Flag.ts"
import { argument, optionalArgument, text, yes } from "../Flags.ts"
import * as Countdown from "../room/Countdown.ts"
import { within } from "../secure/Encryption.ts"
import { invited } from "../secure/Invited.ts"
import * as Secure from "../secure/SecureFlags.ts"
import { optional, required } from "../Usage.ts"
import { localAddress, peerId } from "../Values.ts"
import * as About from "./About.ts"
import { define, tuned } from "./Common.ts"

const flags = {
  local: argument("LOCAL_ADDRESS", "Where others reach you, as 0.0.0.0:5000 (port 0 is a free one)").pipe(
    Argument.map(required(localAddress, "where others reach you, such as 0.0.0.0:5000"))
  ),
  remote: optionalArgument(
    "PEER_ADDRESS",
    "The peer to join, as 192.0.2.1:5000 or its invitation; none begins a new network. A lost connection to it is made again by itself"
  ).pipe(
    // Quirk: the original takes an empty PEER_ADDRESS for none, and scripts written for it may give one.
    Argument.map(({ name, text }) =>
      optional(invited("p2p-chat", remoteAddress))({ name, text: text === "" ? undefined : text })
    )
  ),
  id: text("desired-id", peerId, "The id to go by, from 1 to 9223372036854775807 (default: one that is made up)"),
  reconnect: yes(
    "reconnect",
    "Try again when PEER_ADDRESS cannot be reached or breaks off at the beginning, with growing pauses"
  ),
  console: ConsoleFlag.flag,
  security: Secure.dialing
}

/** The command. */
export const command = define(
  {
    name: "peerage chat",
    about: About.sentences.chat,
    flags,
    examples: {
      "peerage chat 192.0.2.1:5000 --desired-id 10": "Begin a network as 10, and wait for others",
      "peerage chat 0.0.0.0:0 192.0.2.1:5000 --desired-id 11":
        "Join it as 11, and come back whenever the connection to 192.0.2.1:5000 was lost"
    }
  },
  Effect.fnUntraced(function*({ given: { security, ...given }, invoked, json, name, read, screen }) {
    const secret = yield* Secure.checks(security, { named: given.remote })
    const { id, local, reconnect, remote, ...values } = yield* read({ ...given, ...secret })
    const joined = remote === undefined ? undefined : yield* addressOf(remote, remote.port)
    const config = yield* tuned(name, ChatConfig)
    const secured = yield* Secure.begin(values, { protocol: "p2p-chat", named: joined, begins: joined === undefined })
    const waiting = Countdown.make(screen, {
      peer: joined ?? "",
      inWords,
      told: secured === undefined ? Countdown.ofBreakingOff : undefined
    })
    yield* within(secured)(Effect.gen(function*() {
      const begin = ChatPeer.make({
        listen: `${local.host}:${local.port}`,
        join: joined,
        id,
        rejoin: ChatPeer.patiently,
        waiting,
        config
      })
      const peer = yield* Countdown.persisting(reconnect, begin, waiting)
      const passphrase = yield* Secure.tellPrograms(json, secured)
      yield* Room.run(screen, peer, {
        joined,
        invite: Room.inviteOf(invoked, peer, { passphrase, secured }),
        welcome: Room.welcomeOf(invoked, peer, { passphrase, secured })
      })
    }))
  })
)
