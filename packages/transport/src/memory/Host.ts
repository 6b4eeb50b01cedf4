/** A host of a simulated network: its addresses, its ports and its sockets. */
import * as NetAddress from "effect/net/NetAddress"
import type { Accept } from "../Options.ts"
import type { Errno } from "../SocketFailure.ts"
import type { LossObserver, NetworkNode, TcpPacket, UdpPacket } from "./Packet.ts"
import type { PacketNetwork } from "./PacketNetwork.ts"
import { TcpFlow } from "./tcp/TcpFlow.ts"
import { TcpSocket } from "./tcp/TcpSocket.ts"
import type { UdpSocket } from "./UdpSocket.ts"

const firstEphemeral = 32_768 // Linux: net.ipv4.ip_local_port_range
const lastEphemeral = 60_999

/** A listening TCP socket. */
export interface ListeningSocket {
  /** Name of this socket in its host: `port host` as bound. */
  readonly key: string
  /** IP address as bound. */
  readonly host: string
  readonly address: NetAddress.InetAddress
  /** Idle milliseconds before the first keep-alive probe of its connections; `undefined` for never. */
  readonly keepAlive: number | undefined
  readonly accept: Accept
}

/** How the clock of a host's programs differs from the network's. */
export interface HostClock {
  /** Milliseconds that it was ahead when the network's clock was at 0. */
  readonly skew: number
  /** The part by which it runs fast: 0.01 gains 10 milliseconds each second. */
  readonly drift: number
}

/** True for a loopback address, with which every host reaches itself. */
export const isLoopback = (host: string): boolean => host === "::1" || host.startsWith("127.")

/** One host. */
export class Host implements NetworkNode {
  readonly network: PacketNetwork
  /** Absent until a transport of this host is made: nothing answers at its addresses before that. */
  state: "Absent" | "Up" | "Dead" = "Absent"
  /** True while the programs of this host do not read, from present and later connections. */
  clogged = false
  private muted = false
  // Connections that were accepted while the host was muted.
  private readonly unannounced: Array<() => void> = []
  /** How the clock of its programs differs from the network's. */
  clock: HostClock = { skew: 0, drift: 0 }
  readonly addresses: Array<string> = []
  /** TCP sockets by their `key`. */
  readonly sockets = new Map<string, TcpSocket>()
  /** In the order they were bound. */
  readonly udpSockets = new Set<UdpSocket>()
  private readonly listeners = new Map<string, ListeningSocket>()
  private nextPort = firstEphemeral

  constructor(network: PacketNetwork) {
    this.network = network
  }

  get name(): string {
    return this.addresses[0] ?? ""
  }

  readonly clockAt = (moment: number): number => moment * (1 + this.clock.drift) + this.clock.skew

  get up(): boolean {
    return this.state === "Up"
  }

  readonly socket = (key: string): LossObserver | undefined => this.sockets.get(key)

  /** True when a socket of this host can be bound to the address. */
  owns(address: string): boolean {
    return isLoopback(address) || this.addresses.includes(address)
  }

  /** True when a socket bound to `bound` receives what is sent to `address`. `::` covers IPv4 too. */
  private static covers(bound: string, address: string): boolean {
    return bound === address || bound === "::" || (bound === "0.0.0.0" && !address.includes(":"))
  }

  /** Binds a listening socket. Returns it, or the errno of bind. */
  listen(
    address: NetAddress.InetAddress,
    options: Pick<ListeningSocket, "keepAlive" | "accept">
  ): ListeningSocket | Errno {
    const host = NetAddress.formatIp(address.address)
    if (!this.up || (!NetAddress.isUnspecified(address.address) && !this.owns(host))) return "EADDRNOTAVAIL"
    const port = address.port === 0 ? this.freePort((candidate) => !this.portTaken(host, candidate)) : address.port
    if (port === undefined || this.portTaken(host, port)) return "EADDRINUSE"
    const key = `${port} ${host}`
    const listening = { ...options, key, host, address: NetAddress.inetAddressUnsafe(address.address, port) }
    this.listeners.set(key, listening)
    return listening
  }

  /** Closes a listening socket. Its connections stay open. */
  unlisten(listening: ListeningSocket): void {
    if (this.listeners.get(listening.key) === listening) this.listeners.delete(listening.key)
  }

  /** True when a listening socket is bound to the port at this address or at a wildcard address that covers it. */
  portTaken(host: string, port: number): boolean {
    for (const { address, host: bound } of this.listeners.values()) {
      if (address.port === port && (Host.covers(bound, host) || Host.covers(host, bound))) return true
    }
    return false
  }

  /** `portTaken` for UDP sockets. Sockets that are all `shared` may bind the same port. */
  udpPortTaken(host: string, port: number, shared: boolean): boolean {
    for (const bound of this.udpSockets) {
      const overlaps = Host.covers(bound.host, host) || Host.covers(host, bound.host)
      if (bound.port === port && overlaps && !(shared && bound.shared)) return true
    }
    return false
  }

  /** The next port of the ephemeral range for which `free` is true; `undefined` when there is none. */
  freePort(free: (port: number) => boolean): number | undefined {
    for (let tries = firstEphemeral; tries <= lastEphemeral; tries++) {
      const port = this.nextPort
      this.nextPort = port === lastEphemeral ? firstEphemeral : port + 1
      if (free(port)) return port
    }
    return undefined
  }

  readonly receiveTcp = (packet: TcpPacket): void => {
    const socket = this.sockets.get(packet.addresses.key)
    if (socket !== undefined) return socket.receive(packet)
    if (packet.kind === "SYN") return this.onSyn(packet)
    // A bare ACK for a socket that is gone is ignored: both ends have closed, and an RST would be noise.
    if (packet.kind !== "RST" && packet.kind !== "ACK") this.refuse(packet)
  }

  private listenerFor(host: string, port: number): ListeningSocket | undefined {
    for (const bound of host.includes(":") ? [host, "::"] : [host, "0.0.0.0", "::"]) {
      const listening = this.listeners.get(`${port} ${bound}`)
      if (listening !== undefined) return listening
    }
    return undefined
  }

  private onSyn(packet: TcpPacket): void {
    const { host, remote: local, local: remote } = packet.addresses
    const listening = this.listenerFor(host, local.port)
    if (listening === undefined) return this.refuse(packet)
    const socket = new TcpSocket({
      network: this.network,
      node: this,
      local,
      remote,
      keepAlive: listening.keepAlive,
      clogged: this.clogged,
      opened: (socket) => this.accept(listening, socket),
      refused: () => {},
      removed: this.remove
    })
    this.sockets.set(socket.key, socket)
    socket.open("SYN-ACK")
  }

  private accept(listening: ListeningSocket, socket: TcpSocket): () => void {
    if (this.muted) return this.acceptLater(listening, socket)
    if (this.listeners.get(listening.key) === listening) return listening.accept(socket)
    socket.reset()
    return () => {}
  }

  private acceptLater(listening: ListeningSocket, socket: TcpSocket): () => void {
    let freed: (() => void) | undefined
    let over = false
    this.unannounced.push(() => {
      if (!over) freed = this.accept(listening, socket)
    })
    return () => {
      over = true
      freed?.()
    }
  }

  /** Accepts connections without the program being told, or tells it of those and of later ones. */
  mute(muted: boolean): void {
    this.muted = muted
    if (muted) return
    const waiting = this.unannounced.splice(0)
    this.network.scheduler.at(0, () => waiting.forEach((accept) => accept()))
  }

  /** Ends the connections to another host as resets from it do. */
  resetConnections(to: Host): void {
    for (const socket of [...this.sockets.values()]) {
      if (to.owns(NetAddress.formatIp(socket.remote.address))) socket.fail("ECONNRESET")
    }
  }

  /** Removes a closed socket. */
  readonly remove = (socket: TcpSocket): void => {
    if (this.sockets.get(socket.key) === socket) this.sockets.delete(socket.key)
  }

  /** Answers a packet for which there is no socket with RST. If the RST is lost, the packet counts as lost. */
  private refuse(packet: TcpPacket): void {
    const { local: remote, remote: local } = packet.addresses
    const observer = { packetLost: () => packet.sender.packetLost(packet), ackLost: () => {} }
    const ends = { network: this.network, node: this, local, remote }
    new TcpFlow(ends, { next: 0, edge: () => 0 }, observer).send("RST")
  }

  /**
   * As on Linux: a datagram to one address is delivered to the socket that was bound last; a broadcast to every socket
   * that is bound to the wildcard address or to the broadcast address.
   */
  readonly receiveUdp = (packet: UdpPacket, broadcast: boolean): boolean => {
    const { addresses, bytes, port, sourceHost, sourcePort } = packet
    const bound = [...this.udpSockets].filter((to) => to.port === port && Host.covers(to.host, addresses.host))
    const receivers = broadcast ? bound : bound.slice(-1)
    for (const socket of receivers) socket.deliver(bytes.slice(), sourceHost, sourcePort)
    return receivers.length > 0
  }

  /** Stops the host. It sends nothing to its peers; its own program's sockets fail with ECONNABORTED. */
  kill(): void {
    if (this.state === "Up") this.state = "Dead"
    this.listeners.clear()
    this.unannounced.length = 0
    const notifications = [...this.sockets.values()].map((socket) => socket.abort("ECONNABORTED"))
    const udpSockets = [...this.udpSockets]
    this.udpSockets.clear()
    this.network.scheduler.at(0, () => {
      for (const notify of notifications) notify?.()
      for (const socket of udpSockets) socket.fail()
    })
  }

  /** Starts the host again, without the sockets it had. */
  restart(): void {
    this.kill()
    this.state = "Up"
  }
}
