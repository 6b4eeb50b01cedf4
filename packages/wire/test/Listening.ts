/** A listener of a simulated network, and the other end of its connections in the hand of a test. */
import { Stranger } from "@peerage/testing"
import { MemoryNetwork, type Options } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"

/** A listener at 10.0.0.1. */
export const listen = Effect.fnUntraced(function*(options: Options.ListenOptions = {}) {
  const network = yield* MemoryNetwork.MemoryNetwork
  return yield* network.transport("10.0.0.1").listen(NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4702"), options)
})

/** Dials the listener from an address. */
export const dial = (from = "10.0.0.2") => Stranger.dial(from, "10.0.0.1:4702")
