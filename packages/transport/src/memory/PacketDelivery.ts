/** Delivers packets: applies links and faults to each, and records each in the trace. */
import type { Fate } from "../Trace.ts"
import { Chance } from "./Chance.ts"
import type { NetworkLink } from "./NetworkLink.ts"
import type { NetworkNode, Packet, TcpPacket, UdpPacket } from "./Packet.ts"
import type { PacketNetwork, Settings } from "./PacketNetwork.ts"
import type { Scheduler } from "./Scheduler.ts"
import * as Subnet from "./Subnet.ts"
import type { TraceRecorder } from "./TraceRecorder.ts"

/** The hosts and links that packets travel between. */
export interface Topology {
  /** The host that `from` reaches at an IP address; `undefined` when no host has it. */
  readonly find: (from: NetworkNode, host: string) => NetworkNode | undefined
  /** The link in one direction. */
  readonly link: (from: NetworkNode, to: NetworkNode) => NetworkLink
  /** The hosts that receive a broadcast from `from`. `reach` as `Subnet.reachOf` returns it. */
  readonly broadcastReceivers: (from: NetworkNode, reach: string | undefined) => ReadonlyArray<NetworkNode>
}

/** What a delivery is made of. */
export interface DeliveryParts {
  readonly scheduler: Scheduler
  /** What all chance of the network comes from. */
  readonly seed: number | string
  readonly settings: Settings
  readonly recorder: TraceRecorder
}

/** Delivers the packets of one network. */
export class PacketDelivery implements PacketNetwork {
  readonly scheduler: Scheduler
  readonly settings: Settings
  private readonly seed: number | string
  private readonly recorder: TraceRecorder
  private readonly topology: Topology

  constructor({ scheduler, seed, settings, recorder }: DeliveryParts, topology: Topology) {
    this.scheduler = scheduler
    this.seed = seed
    this.settings = settings
    this.recorder = recorder
    this.topology = topology
  }

  readonly chance = (name: string): Chance => new Chance(this.seed, name)

  readonly roundTrip = (from: NetworkNode, host: string): number => {
    const to = this.topology.find(from, host)
    return to === undefined ? 0 : this.topology.link(from, to).latency + this.topology.link(to, from).latency
  }

  readonly sendTcp = (packet: TcpPacket): number => {
    const to = this.topology.find(packet.from, packet.addresses.host)
    if (to === undefined) return this.drop(packet, to, "NoHost")
    const link = this.topology.link(packet.from, to)
    if (link.blocked) return this.drop(packet, to, "Partitioned")
    // A bare ACK is never lost by chance: ACKs are cumulative, so the next one would replace it.
    if (packet.kind !== "ACK" && link.loses()) return this.drop(packet, to, "Lost")
    const arrives = Math.max(link.arrival(this.scheduler.now(), packet.bytes.length), packet.notBefore)
    this.record(packet, "Sent", arrives)
    this.scheduler.at(arrives, () => {
      if (link.blocked) this.drop(packet, to, "Partitioned")
      else if (!to.up) this.drop(packet, to, "Dead")
      else to.receiveTcp(packet)
    })
    return arrives
  }

  /** Informs the sender about the loss, and the socket at the other end about the lost acknowledgement. */
  private drop(packet: TcpPacket, to: NetworkNode | undefined, fate: Fate): number {
    this.record(packet, fate)
    packet.sender.packetLost(packet)
    if (packet.kind !== "RST" && packet.kind !== "SYN") to?.socket(packet.addresses.key)?.ackLost(packet.ack)
    return packet.notBefore
  }

  readonly sendUdp = (packet: UdpPacket): void => {
    const { from, sourceHost, addresses: { host } } = packet
    const { prefix } = this.settings
    if (Subnet.isBroadcast(host, [sourceHost], prefix)) {
      const receivers = this.topology.broadcastReceivers(from, Subnet.reachOf(host, sourceHost, prefix))
      for (const to of receivers) this.sendUdpTo(to, packet, true)
      return
    }
    const to = this.topology.find(from, host)
    if (to === undefined) this.record(packet, "NoHost")
    else this.sendUdpTo(to, packet, false)
  }

  private sendUdpTo(to: NetworkNode, packet: UdpPacket, broadcast: boolean): void {
    const link = this.topology.link(packet.from, to)
    if (link.blocked) return this.record(packet, "Partitioned")
    if (link.loses()) return this.record(packet, "Lost")
    this.transferUdp(to, link, packet, broadcast)
    if (link.duplicates()) this.transferUdp(to, link, { ...packet, again: true }, broadcast)
  }

  private transferUdp(to: NetworkNode, link: NetworkLink, packet: UdpPacket, broadcast: boolean): void {
    const arrives = link.datagramArrival(this.scheduler.now(), packet.bytes.length)
    this.record(packet, "Sent", arrives)
    this.scheduler.at(arrives, () => {
      if (link.blocked) this.record(packet, "Partitioned")
      else if (!to.up) this.record(packet, "Dead")
      else if (!to.receiveUdp(packet, broadcast) && !broadcast) this.record(packet, "NoPort")
    })
  }

  private record({ addresses, kind, bytes, again }: Packet, fate: Fate, arrives?: number): void {
    if (kind === "ACK") return
    this.recorder.add({
      at: this.scheduler.now(),
      arrives,
      from: addresses.source,
      to: addresses.destination,
      kind,
      length: bytes.length,
      bytes: this.recorder.keep(bytes),
      fate,
      again
    })
  }
}
