/** A link of ours, and the other end of its connection in the hand of the test. */
import { MemoryNetwork } from "@peerage/transport"
import { Link } from "@peerage/wire"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../../src/codec/Frame.ts"
import { addressOf, ipOf } from "../peer/Network.ts"
import { Raw } from "../peer/Raw.ts"

const inet = NetAddress.inetAddressFromStringUnsafe

/** Peer 11 has dialed peer 10; `us` says which of them the link is. */
export const pair = Effect.fnUntraced(function*(us: "Joiner" | "Server") {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(ipOf(10)).listen(inet(addressOf(10)))
  const joiner = yield* network.transport(ipOf(11)).connect(inet(addressOf(10)))
  const server = yield* Queue.take(listener.accepted)
  const [ours, other] = us === "Joiner" ? [joiner, server] : [server, joiner]
  return { link: yield* Link.make(ours, { format }), other: new Raw(other) }
})
