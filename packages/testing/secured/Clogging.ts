/**
 * Programs that stop reading, over secure transports: nothing is taken from their streams, while their sessions go on. On
 * the carriers below, a host that stops reading could not even come into a session.
 */
import type * as MemoryNetwork from "@peerage/transport/MemoryNetwork"
import type * as Options from "@peerage/transport/Options"
import type * as Pipe from "@peerage/transport/Pipe"
import * as SocketFailure from "@peerage/transport/SocketFailure"
import { Effect, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Piped from "../src/Piped.ts"

const nameOf = ({ local, remote }: MemoryNetwork.ConnectionEnd): string =>
  `${NetAddress.formatInet(local)}>${NetAddress.formatInet(remote)}`

const listOf = (hosts: MemoryNetwork.Hosts): ReadonlyArray<string> => [hosts].flat()

/** One end of a connection, which can be stopped from reading. */
class Clogged {
  readonly pipe: Pipe.Pipe
  #clogged: boolean
  #readable = () => {}

  constructor(pipe: Pipe.Pipe, clogged: boolean) {
    this.#clogged = clogged
    const ended = () => {
      const end = pipe.ended()
      return end !== undefined && this.#clogged && SocketFailure.isFin(end) ? undefined : end
    }
    this.pipe = Piped.over(pipe, {
      take: () => this.#clogged ? undefined : pipe.take(),
      ended,
      observe: (observer) => {
        this.#readable = () => {
          if (!this.#clogged || ended() !== undefined) observer.readable()
        }
        pipe.observe({
          readable: () => this.#readable(),
          drained: () => observer.drained(),
          closed: () => observer.closed()
        })
      }
    })
  }

  set(clogged: boolean): void {
    this.#clogged = clogged
    this.#readable()
  }
}

/** The programs of one network. */
export class Programs {
  readonly #clogged = new Set<string>()
  readonly #ends = new Map<string, Set<Clogged>>()

  /** The backing of the hosts with these addresses. */
  over(hosts: MemoryNetwork.Hosts, backing: Options.Backing): Options.Backing {
    const end = (pipe: Pipe.Pipe): Clogged => {
      const clogged = new Clogged(pipe, listOf(hosts).some((host) => this.#clogged.has(host)))
      for (const name of [...listOf(hosts), nameOf(pipe)]) {
        this.#ends.set(name, (this.#ends.get(name) ?? new Set()).add(clogged))
      }
      return clogged
    }
    return {
      ...backing,
      listen: (address, options, accept) => backing.listen(address, options, (pipe) => accept(end(pipe).pipe)),
      dial: (address, options, dialed) =>
        backing.dial(address, options, (result) => dialed(Result.map(result, (pipe) => end(pipe).pipe)))
    }
  }

  /** `clog` and `unclog` of the network. */
  readonly set = (clogged: boolean) => (target: MemoryNetwork.Hosts | MemoryNetwork.ConnectionEnd) =>
    Effect.sync(() => {
      const hosts = typeof target === "string" || !("local" in target) ? listOf(target) : []
      for (const host of hosts) {
        if (clogged) this.#clogged.add(host)
        else this.#clogged.delete(host)
      }
      const names = typeof target !== "string" && "local" in target ? [nameOf(target)] : hosts
      for (const end of new Set(names.flatMap((name) => [...this.#ends.get(name) ?? []]))) end.set(clogged)
    })
}
