/** A machine behind NAT: it takes itself for one address, and everybody else sees another. */
import { Machines, Piped } from "@peerage/testing"
import { type Options, type Pipe, Transport } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"

/** How others see the machine, and which of its ports are forwarded from another one. */
export interface Nat {
  readonly inside: string
  readonly outside: string
  /** Connections to the first port of a pair come to the machine's second. */
  readonly forwarded?: ReadonlyArray<readonly [outside: number, inside: number]>
}

/** The end of a connection as the machine sees it. */
const seenInside = (pipe: Pipe.Pipe, inside: NetAddress.IpAddress): Pipe.Pipe =>
  Piped.over(pipe, { local: NetAddress.inetAddressUnsafe(inside, pipe.local.port) })

/** Runs something on the machine behind NAT. */
export const behind = <A, E, R>({ forwarded = [], inside, outside }: Nat, effect: Effect.Effect<A, E, R>) =>
  Machines.on(
    outside,
    Effect.flatMap(Transport.Transport, (transport) => {
      const [inner, outer] = [NetAddress.ipFromStringUnsafe(inside), NetAddress.ipFromStringUnsafe(outside)]
      const translated = (options: Options.DialOptions = {}): Options.DialOptions => ({
        ...options,
        from: options.from?.host === undefined ? options.from : { ...options.from, host: outer }
      })
      const outsidePort = (port: number) => forwarded.find(([, to]) => to === port)?.[0] ?? port
      return Effect.provideService(effect, Transport.Transport, {
        ...transport,
        listen: (address, options) =>
          Effect.map(
            transport.listen(NetAddress.inetAddressUnsafe(address.address, outsidePort(address.port)), options),
            (listener) => ({ ...listener, address })
          ),
        connect: (address, options) =>
          Effect.map(transport.connect(address, translated(options)), (pipe) => seenInside(pipe, inner)),
        request: (address, bytes, options) => transport.request(address, bytes, { ...options, ...translated(options) }),
        requestAll: (requests, options) =>
          transport.requestAll(requests.map((request) => ({ ...request, ...translated(request) })), options)
      })
    })
  )
