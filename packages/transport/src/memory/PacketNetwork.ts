/** The network as its hosts and sockets use it. */
import type { Chance } from "./Chance.ts"
import type { NetworkNode, TcpPacket, UdpPacket } from "./Packet.ts"
import type { Scheduler } from "./Scheduler.ts"

/** `MemoryNetwork.Options` with defaults filled in: bytes and milliseconds. */
export interface Settings {
  readonly window: number
  readonly sendBuffer: number
  readonly segment: number
  /** True for segmentation "chaotic". */
  readonly chaotic: boolean
  readonly userTimeout: number
  readonly prefix: number
}

/** Sends packets and schedules events. */
export interface PacketNetwork {
  readonly scheduler: Scheduler
  readonly settings: Settings
  /** A generator of random numbers that depends on the network's seed and the name alone. */
  readonly chance: (name: string) => Chance
  /** Sends a packet. Returns when it arrives, in milliseconds, or the packet's own `notBefore` when it is lost. */
  readonly sendTcp: (packet: TcpPacket) => number
  /** Sends a datagram to one address, or to every host that receives broadcasts to that address. */
  readonly sendUdp: (packet: UdpPacket) => void
  /** Milliseconds to a host and back, without jitter; zero when no host has the address. */
  readonly roundTrip: (from: NetworkNode, host: string) => number
}
