/** A link of ours, and the other end of its connection in the hand of the test. */
import { MemoryNetwork, type Pipe } from "@peerage/transport"
import { PipeLink } from "@peerage/wire"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../../src/codec/Frame.ts"
import { addressOf, ipOf } from "../peer/Network.ts"
import { Raw } from "../peer/Raw.ts"

const inet = NetAddress.inetAddressFromStringUnsafe

const linkOver = (pipe: Pipe.Pipe) =>
  Effect.as(
    Effect.addFinalizer(() => Effect.sync(() => pipe.close())),
    PipeLink.make(pipe, { format })
  )

/** Peer 11 has dialed peer 10; `us` says which of them the link is. */
export const pair = Effect.fnUntraced(function*(us: "Joiner" | "Server") {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(ipOf(10)).listen(inet(addressOf(10)))
  const joiner = yield* network.transport(ipOf(11)).connect(inet(addressOf(10)))
  const server = yield* Queue.take(listener.accepted)
  return us === "Joiner"
    ? { link: yield* linkOver(joiner), other: new Raw(server) }
    : { link: yield* linkOver(server), other: new Raw(joiner) }
})
