/** `MemoryNetwork` with every host secured: what `npm run secured` puts in its place. */
import * as Transport from "@peerage/transport/Transport"
import { Effect, Layer, type Scope } from "effect"
import * as Plain from "../../transport/src/MemoryNetwork.ts"
import { Programs } from "./Clogging.ts"
import * as Securing from "./Securing.ts"

export * from "../../transport/src/MemoryNetwork.ts"

/** The same network, whose hosts have secure transports: one for each, however often it is asked for. */
const secured = Effect.fnUntraced(function*(network: Plain.MemoryNetwork["Service"]) {
  const services = yield* Effect.context<Scope.Scope>()
  const programs = new Programs()
  const transports = new Map<string, Transport.Transport["Service"]>()
  const transport = (host: Plain.Hosts): Transport.Transport["Service"] => {
    const name = [host].flat().join()
    const raw = network.transport(host)
    const known = transports.get(name)
    if (known !== undefined) return known
    const { backing } = Effect.runSyncWith(services)(Securing.over(raw, name))
    const made = Transport.make(programs.over(host, backing))
    transports.set(name, made)
    return made
  }
  return Plain.MemoryNetwork.of({ ...network, transport, clog: programs.set(true), unclog: programs.set(false) })
})

export const make: typeof Plain.make = (options) => Effect.flatMap(Plain.make(options), secured)

export const layer: typeof Plain.layer = (options) =>
  Layer.effect(Plain.MemoryNetwork, Effect.flatMap(Plain.MemoryNetwork, secured)).pipe(
    Layer.provideMerge(Plain.layer(options))
  )
