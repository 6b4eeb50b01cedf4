/** Both ends of one connection of a simulated network, and time under control. */
import { Machines, Stranger } from "@peerage/testing"
import { MemoryNetwork, type Pipe, Simulation } from "@peerage/transport"
import { Link } from "@peerage/wire"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../../src/codec/Frame.ts"

export const hostIp = "10.0.0.1"
export const joinerIp = "10.0.0.2"
export const inet = NetAddress.inetAddressFromStringUnsafe

export const { elapse, settle } = Simulation
export const { failsAfter, simulated, simulation } = Machines

/** A connection, as pipes. */
const connect = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(hostIp).listen(inet(`${hostIp}:4702`))
  const joiner = yield* network.transport(joinerIp).connect(inet(`${hostIp}:4702`))
  return { joiner, host: yield* Queue.take(listener.accepted) }
})

/** A link over one end, for the scope's life. */
export const linkOver = (pipe: Pipe.Pipe, limit?: number) => Link.make(pipe, { format, limit })

/** A joiner's link to a host that the test plays. */
export const toHost = Effect.gen(function*() {
  const { host, joiner } = yield* connect
  return { link: yield* linkOver(joiner), host: new Stranger(host) }
})

/** A host's link to a joiner that the test plays. */
export const toJoiner = Effect.gen(function*() {
  const { host, joiner } = yield* connect
  return { link: yield* linkOver(host, 2048), joiner: new Stranger(joiner) }
})
