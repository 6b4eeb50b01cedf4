/**
 * Machines of a simulated network whose connections are known by keys, as over a secure transport: who dials proves a key
 * and a passphrase, and who listens may refuse. Nothing is encrypted, and nothing more is on the wire.
 */
import {
  type MemoryNetwork,
  MemoryTransport,
  type Options,
  PeerKey,
  SocketFailure,
  Transport
} from "@peerage/transport"
import { Effect, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Piped from "./Piped.ts"

/** Who dials: the address it comes from, and its key. */
export interface Dialer {
  readonly host: string
  readonly key: PeerKey.PeerKey
}

/** Who may come in, as plain callbacks. */
export interface Gate {
  readonly judge: (peer: Dialer & { readonly known: boolean }) => "Pass" | SocketFailure.Refusal
  readonly guessed: (peer: Dialer) => void
  readonly admitted: (peer: Dialer) => void
}

/** A program's machine and key. */
export interface Machine {
  readonly ip: string
  readonly key: PeerKey.PeerKey
  /** Default: the empty one. */
  readonly passphrase?: string | undefined
  /** Default: everybody may come in. */
  readonly gate?: Gate | undefined
}

/** One end of a connection that was dialed. */
interface End {
  readonly key: PeerKey.PeerKey
  readonly refused: SocketFailure.Refusal | undefined
}

/** A machine, and the keys that have proved the passphrase to it. */
interface Place extends Machine {
  readonly known: Set<PeerKey.PeerKey>
}

/** The machines of one network. */
export interface Keyed {
  /** Runs something on a machine, which several programs may share, each with its key. */
  readonly on: <A, E, R>(
    machine: Machine,
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, Exclude<R, Transport.Transport> | MemoryNetwork.MemoryNetwork>
}

/** A key for tests, one for each number up to 255. */
export const keyOf = (number: number): PeerKey.PeerKey => {
  const key = PeerKey.fromBytes(new Uint8Array(PeerKey.length).fill(number))
  if (key === undefined) throw new RangeError("not a key")
  return key
}

const refusalOf = (dialer: Dialer & Pick<Machine, "passphrase">, { gate, known, passphrase }: Place) => {
  const verdict = gate?.judge({ ...dialer, known: known.has(dialer.key) }) ?? "Pass"
  if (verdict !== "Pass") return verdict
  if (!known.has(dialer.key) && passphrase !== dialer.passphrase) {
    gate?.guessed(dialer)
    return "WrongPassphrase"
  }
  known.add(dialer.key)
  gate?.admitted(dialer)
  return undefined
}

/** Fails a dial for the reason that a secure transport would. */
export const refused = (code: SocketFailure.Refusal) =>
  Result.fail(SocketFailure.openFailed(Object.assign(new Error(`Refused: ${code}.`), { code })))

/** Machines of the network that `on` is run in. */
export const make = (): Keyed => {
  const listening = new Map<string, Place>()
  const ends = new Map<string, End>()

  const secured = (machine: Place, backing: Options.Backing): Options.Backing => ({
    ...backing,
    listen: (address, options, accept) =>
      backing.listen(address, options, (pipe) => {
        const end = ends.get(NetAddress.formatInet(pipe.remote))
        if (end?.refused === undefined && end !== undefined) return accept(Piped.over(pipe, { identity: end.key }))
        pipe.close()
        return () => {}
      }).pipe(Effect.tap(({ port }) => Effect.sync(() => listening.set(`${machine.ip}:${port}`, machine)))),
    dial: (address, options, dialed) =>
      backing.dial(address, options, (result) => {
        if (Result.isFailure(result)) return dialed(result)
        const pipe = result.success
        const place = listening.get(NetAddress.formatInet(pipe.remote))
        const dialer = {
          host: NetAddress.formatHost(pipe.local),
          key: machine.key,
          passphrase: machine.passphrase
        }
        const refusal = place === undefined ? "PlainPeer" : refusalOf(dialer, place)
        ends.set(NetAddress.formatInet(pipe.local), { key: machine.key, refused: refusal })
        if (place !== undefined && refusal === undefined) {
          return dialed(Result.succeed(Piped.over(pipe, { identity: place.key })))
        }
        pipe.close()
        dialed(refused(refusal ?? "PlainPeer"))
      })
  })

  return {
    on: (machine, effect) =>
      Effect.flatMap(MemoryTransport.make(machine.ip), ({ backing }) =>
        Effect.provideService(
          effect,
          Transport.Transport,
          Transport.make(secured({ ...machine, known: new Set() }, backing))
        ))
  }
}
