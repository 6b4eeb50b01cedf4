/** The packets of a simulated network, and what sends and receives them. */
import type * as NetAddress from "effect/net/NetAddress"

/** The kinds of TCP packet. A PROBE asks for an ACK: for keep-alive, or when a window update may have been lost. */
export type TcpPacketKind = "SYN" | "SYN-ACK" | "DATA" | "FIN" | "ACK" | "PROBE" | "RST"

/** A host as packets see it. */
export interface NetworkNode {
  /** Its first IP address. */
  readonly name: string
  /** What the clock of its programs shows at a moment of the network's clock, in milliseconds. */
  readonly clockAt: (moment: number) => number
  /** False when the host is dead or was never used. */
  readonly up: boolean
  readonly receiveTcp: (packet: TcpPacket) => void
  /** Delivers a datagram to the sockets bound to its port. False when there is none. */
  readonly receiveUdp: (packet: UdpPacket, broadcast: boolean) => boolean
  /** The socket with this name; `undefined` when the host has none. */
  readonly socket: (key: string) => LossObserver | undefined
}

/** A TCP socket that the network informs about lost packets, so that it knows what to send again. */
export interface LossObserver {
  /** A packet that this socket sent was lost. */
  readonly packetLost: (packet: TcpPacket) => void
  /** An acknowledgement on its way to this socket was lost. */
  readonly ackLost: (ack: number) => void
}

/** Where a packet comes from and goes to. */
export interface PacketAddresses {
  /** `host:port` of the sender. */
  readonly source: string
  /** `host:port` of the receiver. */
  readonly destination: string
  /** IP address of the receiver. */
  readonly host: string
}

/** The addresses of a connection in one direction; computed once per connection. */
export interface FlowAddresses extends PacketAddresses {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  /** Name of the receiving socket in its host: `destination>source`. */
  readonly key: string
}

/** What is sent again until it is acknowledged. SYN and FIN take one sequence number each, as in TCP. */
export interface Segment {
  readonly kind: "SYN" | "SYN-ACK" | "DATA" | "FIN"
  readonly sequence: number
  /** Sequence numbers taken. */
  readonly length: number
  readonly bytes: Uint8Array
  readonly firstSentAt: number
  sentAt: number
  /** The last copy sent was lost. */
  lost: boolean
}

/** What every packet has. */
export interface Packet {
  readonly from: NetworkNode
  readonly kind: TcpPacketKind | "DATAGRAM"
  readonly addresses: PacketAddresses
  readonly bytes: Uint8Array
  /** True for a retransmission, or the second copy of a duplicated datagram. */
  readonly again: boolean
}

/** A TCP segment on its way. */
export interface TcpPacket extends Packet {
  readonly kind: TcpPacketKind
  readonly addresses: FlowAddresses
  readonly sequence: number
  /** The sender has received everything before this sequence number. */
  readonly ack: number
  /** The sender accepts bytes before this sequence number: the right edge of its window. */
  readonly edge: number
  /** What to send again if the packet is lost; `undefined` for ACK, PROBE and RST. */
  readonly segment: Segment | undefined
  /** Earliest arrival in milliseconds, so that jitter does not reorder a connection. */
  readonly notBefore: number
  readonly sender: LossObserver
}

/** A UDP datagram on its way. */
export interface UdpPacket extends Packet {
  readonly kind: "DATAGRAM"
  readonly sourceHost: string
  readonly sourcePort: number
  readonly port: number
}
