/** What travels in a simulated network, and what hosts and sockets need from it. */
import type { Random } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { Scheduler } from "./Scheduler.ts"

/** The kinds of TCP segment. A PROBE asks for an ACK: keep-alive, or a window that was shut too long. */
export type PacketKind = "SYN" | "SYN-ACK" | "DATA" | "FIN" | "ACK" | "PROBE" | "RST"

/** A place in the network that can receive. */
export interface Node {
  readonly up: boolean
  readonly receive: (packet: Packet) => void
  readonly socket: (key: string) => Owner | undefined
  /** Takes in a datagram; false when no socket wanted it. */
  readonly hear: (datagram: Datagram, broadcast: boolean) => boolean
}

/** The socket that sent a packet, or should have got one. */
export interface Owner {
  /** A packet of this socket did not arrive. */
  readonly lost: (packet: Packet) => void
  /** An acknowledgement for this socket did not arrive. */
  readonly unheard: (ack: number) => void
}

/** What is sent again until it is acknowledged. SYN and FIN take one place in the sequence, as in TCP. */
export interface Segment {
  readonly kind: "SYN" | "SYN-ACK" | "DATA" | "FIN"
  readonly sequence: number
  readonly length: number
  readonly bytes: Uint8Array
  readonly firstSentAt: number
  sentAt: number
  lost: boolean
}

/** Where a packet comes from and goes to, as seen by its sender; worked out once per connection. */
export interface Addressing {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  /** `local` as text. */
  readonly source: string
  /** `remote` as text. */
  readonly destination: string
  /** IP address of `remote`. */
  readonly host: string
  /** Names the receiving socket: `destination>source`. */
  readonly key: string
}

/** One TCP segment on its way. */
export interface Packet {
  readonly kind: PacketKind
  readonly from: Node
  readonly route: Addressing
  readonly sequence: number
  readonly bytes: Uint8Array
  /** Everything before this place in the sequence has arrived. */
  readonly ack: number
  /** The other side may send up to this place in the sequence: its window. */
  readonly edge: number
  readonly segment: Segment | undefined
  /** True when sent before. */
  readonly again: boolean
  /** Arrives no earlier than this, so that jitter does not reorder a connection. */
  readonly notBefore: number
  readonly owner: Owner | undefined
}

/** The numbers of a network, in milliseconds and bytes. */
export interface Settings {
  readonly window: number
  readonly sendBuffer: number
  readonly segment: number
  readonly chaotic: boolean
  readonly userTimeout: number
  readonly prefix: number
}

/** A datagram on its way. */
export interface Datagram {
  readonly from: Node
  readonly sourceHost: string
  readonly sourcePort: number
  readonly host: string
  readonly port: number
  readonly bytes: Uint8Array
}

/** What hosts and sockets use of the network. */
export interface Wire {
  readonly scheduler: Scheduler
  readonly random: Random.Random
  readonly settings: Settings
  /** Sends a packet and returns when it will arrive, if nothing happens to it. */
  readonly transmit: (packet: Packet) => number
  /** Sends a datagram to one address or, for a broadcast address, to all who hear it. */
  readonly post: (datagram: Datagram) => void
  /** Nominal time there and back, in milliseconds. */
  readonly roundTrip: (from: Node, host: string) => number
}
