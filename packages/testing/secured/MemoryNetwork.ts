/** `MemoryNetwork` with every host secured: what `npm run secured` puts in its place. */
import * as Transport from "@peerage/transport/Transport"
import { Clock, Effect, Layer, type Scope } from "effect"
import * as Plain from "../../transport/src/MemoryNetwork.ts"
import { Programs } from "./Clogging.ts"
import * as Securing from "./Securing.ts"
import { Traces } from "./Tracing.ts"

export * from "../../transport/src/MemoryNetwork.ts"

/** The same network, whose hosts have secure transports: one for each, however often it is asked for. */
const secured = (options: Plain.Options = {}) =>
  Effect.fnUntraced(function*(network: Plain.MemoryNetwork["Service"]) {
    const services = yield* Effect.context<Scope.Scope>()
    const clock = yield* Clock.Clock
    const programs = new Programs()
    const traces = new Traces({ ...options, now: () => clock.currentTimeMillisUnsafe() })
    const transports = new Map<string, Transport.Transport["Service"]>()
    const transport = (host: Plain.Hosts): Transport.Transport["Service"] => {
      const name = [host].flat().join()
      const raw = network.transport(host)
      const known = transports.get(name)
      if (known !== undefined) return known
      // With the scheduler that is here: the one that `runSyncWith` runs with is one of which the clock knows nothing.
      const securing = Effect.provideContext(Securing.over(raw, name, options.sendBuffer), services)
      const { backing } = Effect.runSyncWith(services)(securing)
      const made = Transport.make(traces.over(name, programs.over(host, backing)))
      transports.set(name, made)
      return made
    }
    return Plain.MemoryNetwork.of({
      ...network,
      transport,
      clog: programs.set(true),
      unclog: programs.set(false),
      trace: Effect.map(network.trace, (below) => traces.among(below))
    })
  })

export const make: typeof Plain.make = (options) => Effect.flatMap(Plain.make(options), secured(options))

export const layer: typeof Plain.layer = (options) =>
  Layer.effect(Plain.MemoryNetwork, Effect.flatMap(Plain.MemoryNetwork, secured(options))).pipe(
    Layer.provideMerge(Plain.layer(options))
  )
