/** A host of a simulated network: its addresses, its ports, and who listens on them. */
import * as NetAddress from "effect/net/NetAddress"
import type { Accept } from "../Options.ts"
import type { Errno } from "../SocketFailure.ts"
import type { DatagramPort } from "./DatagramPort.ts"
import { MemoryPipe } from "./MemoryPipe.ts"
import type { Datagram, Node, Owner, Packet, Wire } from "./Packet.ts"
import { Route } from "./Route.ts"

const firstEphemeral = 32_768 // Linux ip_local_port_range
const lastEphemeral = 60_999

/** A listening socket. */
export interface ListeningPort {
  /** `port host` as bound. */
  readonly key: string
  /** IP address as bound. */
  readonly host: string
  readonly address: NetAddress.InetAddress
  readonly keepAlive: number | undefined
  readonly accept: Accept
}

/** True for addresses that every host has for itself. */
export const isLoopback = (host: string): boolean => host === "::1" || host.startsWith("127.")

/** One host. */
export class Host implements Node {
  /** First use makes a host; before that nothing answers at its address. */
  state: "Absent" | "Up" | "Dead" = "Absent"
  clogged = false
  readonly addresses: Array<string> = []
  readonly sockets = new Map<string, MemoryPipe>()
  readonly datagrams = new Set<DatagramPort>()
  private readonly listeners = new Map<string, ListeningPort>()
  private readonly wire: Wire
  private nextPort = firstEphemeral

  constructor(wire: Wire) {
    this.wire = wire
  }

  get up(): boolean {
    return this.state === "Up"
  }

  readonly socket = (key: string): Owner | undefined => this.sockets.get(key)

  /** True when a socket of this host may be bound to the address. */
  owns(address: string): boolean {
    return isLoopback(address) || this.addresses.includes(address)
  }

  /** True when a socket bound to `bound` receives what is sent to `address`. `::` covers IPv4 too. */
  private static covers(bound: string, address: string): boolean {
    return bound === address || bound === "::" || (bound === "0.0.0.0" && !address.includes(":"))
  }

  /** Binds a listener. Returns it, or the errno of bind. */
  listen(address: NetAddress.InetAddress, port: Pick<ListeningPort, "keepAlive" | "accept">): ListeningPort | Errno {
    const host = NetAddress.formatIp(address.address)
    if (!this.up || (!NetAddress.isUnspecified(address.address) && !this.owns(host))) return "EADDRNOTAVAIL"
    const number = address.port === 0 ? this.ephemeral((candidate) => !this.taken(host, candidate)) : address.port
    if (number === undefined || this.taken(host, number)) return "EADDRINUSE"
    const key = `${number} ${host}`
    const listening = { ...port, key, host, address: NetAddress.inetAddressUnsafe(address.address, number) }
    this.listeners.set(key, listening)
    return listening
  }

  /** Ends a listener; its connections go on. */
  unlisten(listening: ListeningPort): void {
    if (this.listeners.get(listening.key) === listening) this.listeners.delete(listening.key)
  }

  /** True when a listener holds the port for this address, or for one that overlaps it. */
  taken(host: string, port: number): boolean {
    for (const { address, host: bound } of this.listeners.values()) {
      if (address.port === port && (Host.covers(bound, host) || Host.covers(host, bound))) return true
    }
    return false
  }

  /** True when a datagram socket that does not share holds the port. */
  takenForDatagrams(host: string, port: number, shared: boolean): boolean {
    for (const bound of this.datagrams) {
      const overlaps = Host.covers(bound.host, host) || Host.covers(host, bound.host)
      if (bound.port === port && overlaps && !(shared && bound.shared)) return true
    }
    return false
  }

  /** The next port that is free by `free`; `undefined` when none is. */
  ephemeral(free: (port: number) => boolean): number | undefined {
    for (let tries = firstEphemeral; tries <= lastEphemeral; tries++) {
      const port = this.nextPort
      this.nextPort = port === lastEphemeral ? firstEphemeral : port + 1
      if (free(port)) return port
    }
    return undefined
  }

  /** Takes in a TCP segment. */
  readonly receive = (packet: Packet): void => {
    const socket = this.sockets.get(packet.route.key)
    if (socket !== undefined) return socket.receive(packet)
    if (packet.kind === "SYN") return this.onSyn(packet)
    // A bare ACK to a forgotten socket would only provoke an RST about a connection both sides have ended.
    if (packet.kind !== "RST" && packet.kind !== "ACK") this.refuse(packet)
  }

  private listenerFor(host: string, port: number): ListeningPort | undefined {
    for (const bound of host.includes(":") ? [host, "::"] : [host, "0.0.0.0", "::"]) {
      const listening = this.listeners.get(`${port} ${bound}`)
      if (listening !== undefined) return listening
    }
    return undefined
  }

  private onSyn(packet: Packet): void {
    const { host, remote: local, local: remote } = packet.route
    const listening = this.listenerFor(host, local.port)
    if (listening === undefined) return this.refuse(packet)
    const pipe = new MemoryPipe({
      wire: this.wire,
      node: this,
      local,
      remote,
      keepAlive: listening.keepAlive,
      clogged: this.clogged,
      opened: (pipe) => this.accept(listening, pipe),
      refused: () => {},
      gone: this.forget
    })
    this.sockets.set(pipe.key, pipe)
    pipe.greet("SYN-ACK")
  }

  private accept(listening: ListeningPort, pipe: MemoryPipe): () => void {
    if (this.listeners.get(listening.key) === listening) return listening.accept(pipe)
    pipe.reset()
    return () => {}
  }

  /** Forgets a socket that is over. */
  readonly forget = (pipe: MemoryPipe): void => {
    if (this.sockets.get(pipe.key) === pipe) this.sockets.delete(pipe.key)
  }

  /**
   * Answers a segment that no socket wants with RST. If that does not arrive, the segment stays unanswered, as if it had
   * been lost itself.
   */
  private refuse(packet: Packet): void {
    const owner = { lost: () => packet.owner?.lost(packet), unheard: () => {} }
    new Route(this.wire, this, packet.route.remote, packet.route.local).send("RST", owner, { next: 0, edge: () => 0 })
  }

  /**
   * Takes in a datagram. One address reaches the socket bound last; a broadcast reaches all sockets bound to all
   * addresses or to the broadcast address, as on Linux.
   */
  readonly hear = (datagram: Datagram, broadcast: boolean): boolean => {
    const hears = (bound: DatagramPort) => bound.port === datagram.port && Host.covers(bound.host, datagram.host)
    const hearing = [...this.datagrams].filter(hears)
    const chosen = broadcast ? hearing : hearing.slice(-1)
    for (const port of chosen) port.deliver(datagram.bytes.slice(), datagram.sourceHost, datagram.sourcePort)
    return chosen.length > 0
  }

  /** Dies without a word to anyone. Its own program sees its sockets fail. */
  kill(): void {
    if (this.state === "Up") this.state = "Dead"
    this.listeners.clear()
    const tell = [...this.sockets.values()].map((socket) => socket.cut("ECONNABORTED"))
    const datagrams = [...this.datagrams]
    this.datagrams.clear()
    this.wire.scheduler.at(0, () => {
      for (const mourn of tell) mourn?.()
      for (const port of datagrams) port.fail()
    })
  }

  /** Runs again, with no socket of before. */
  restart(): void {
    this.kill()
    this.state = "Up"
  }
}
