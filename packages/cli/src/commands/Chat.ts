/** `peerage chat`: takes part in a routed chat network and sits in its room. */
import { ChatConfig, type ChatEvent, ChatPeer } from "@peerage/p2p-chat"
import { type Array, Console, Effect, SubscriptionRef } from "effect"
import { Command } from "effect/cli"
import * as NetAddress from "effect/net/NetAddress"
import * as Room from "../chat/Room.ts"
import * as Welcome from "../chat/Welcome.ts"
import { argument, text } from "../Flags.ts"
import { addressOf } from "../Lookup.ts"
import { invoked } from "../room/Invitation.ts"
import type { Given } from "../Usage.ts"
import * as Values from "../Values.ts"
import * as About from "./About.ts"
import { perform, tuning } from "./Common.ts"

const name = "peerage chat"

const flags = {
  local: argument("LOCAL_ADDRESS", "Where others reach you, as 0.0.0.0:5000 (port 0 is a free one)"),
  peer: argument(
    "PEER_ADDRESS",
    "The peer to join, as 192.0.2.1:5000; none begins a new network. A lost connection to it is made again by itself"
  ),
  desiredId: text("desired-id", {
    metavar: "N",
    description: "The id to go by, from 1 to 9223372036854775807 (default: one that is made up)"
  })
}

/** Quirk: the original takes an empty PEER_ADDRESS for none, and scripts written for it may give one. */
const present = (given: Given | undefined) => given?.text === "" ? undefined : given

const eventBuffer = 65_536

/**
 * The library's numbers, but for the events that it holds for the screen: one read from a socket can be thousands of
 * messages, and here none may be missed.
 */
const tuned = Effect.map(tuning(name, ChatConfig.config), (config) => ({
  ...config,
  eventBuffer: config.eventBuffer === ChatConfig.defaults.eventBuffer ? eventBuffer : config.eventBuffer
}))

/** What is told first. The joined peer is the first one to be known. */
const opening = Effect.fnUntraced(function*(peer: ChatPeer.ChatPeerService, joined: string | undefined) {
  const [first] = yield* SubscriptionRef.get(peer.peers)
  const events: Array.NonEmptyReadonlyArray<ChatEvent.ChatEvent> = [
    { _tag: "Listening", address: NetAddress.formatInet(peer.address) },
    ...(joined === undefined || first === undefined
      ? []
      : [{ _tag: "Connected", peer: first.id, address: joined } as const])
  ]
  return events
})

/** The command. */
export const chat = Command.make("chat", flags, (given) =>
  perform(
    name,
    Effect.fnUntraced(function*({ json, values }) {
      if (given.local === undefined) {
        values.mistake("LOCAL_ADDRESS is missing: where others reach you, such as 0.0.0.0:5000")
      }
      const local = values.optional(given.local, Values.localAddress) ?? { host: "", port: 0 }
      const remote = values.optional(present(given.peer), Values.remoteAddress)
      const id = values.optional(given.desiredId, Values.peerId)
      yield* values.done

      const joined = remote === undefined ? undefined : yield* addressOf(remote, remote.port)
      const config = yield* tuned
      const command = yield* invoked
      const { enter, stage } = yield* Room.open(json)
      yield* Effect.gen(function*() {
        const peer = yield* ChatPeer.make({
          listen: `${local.host}:${local.port}`,
          join: joined,
          id,
          rejoin: ChatPeer.patiently,
          config
        })
        yield* enter(peer, { opening: yield* opening(peer, joined), welcome: Welcome.lines(command, peer) })
      }).pipe(Effect.provideService(Console.Console, stage.console))
    }, Effect.scoped)
  )).pipe(
    Command.withDescription(About.sentences.chat),
    Command.withExamples([
      {
        command: "peerage chat 192.0.2.1:5000 --desired-id 10",
        description: "Begin a network as 10, and wait for others"
      },
      {
        command: "peerage chat 0.0.0.0:0 192.0.2.1:5000 --desired-id 11",
        description: "Join it as 11, and come back whenever the connection to 192.0.2.1:5000 was lost"
      }
    ])
  )
