/** The addresses of one end of a connection, and how its packets are addressed. */
import * as NetAddress from "effect/net/NetAddress"
import type { Addressing, Node, Owner, PacketKind, Segment, Wire } from "./Packet.ts"

const nothing = new Uint8Array(0)

/** How far this end has received, which every packet says. */
export interface Progress {
  readonly next: number
  readonly edge: () => number
}

/** The way from one end of a connection to the other. */
export class Route implements Addressing {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  readonly source: string
  readonly destination: string
  readonly host: string
  readonly key: string
  private readonly wire: Wire
  private readonly node: Node
  // Nothing arrives before what was sent earlier, so that jitter does not reorder a connection.
  private notBefore = 0

  constructor(wire: Wire, node: Node, local: NetAddress.InetAddress, remote: NetAddress.InetAddress) {
    this.wire = wire
    this.node = node
    this.local = local
    this.remote = remote
    this.source = NetAddress.formatInet(local)
    this.destination = NetAddress.formatInet(remote)
    this.host = NetAddress.formatIp(remote.address)
    this.key = `${this.destination}>${this.source}`
  }

  /** Milliseconds there and back, without jitter. */
  roundTrip(): number {
    return this.wire.roundTrip(this.node, this.host)
  }

  send(kind: PacketKind, owner: Owner, progress: Progress, segment?: Segment, again = false): void {
    this.notBefore = this.wire.transmit({
      kind,
      from: this.node,
      route: this,
      sequence: segment?.sequence ?? 0,
      bytes: segment?.bytes ?? nothing,
      ack: progress.next,
      edge: progress.edge(),
      segment,
      again,
      notBefore: this.notBefore,
      owner
    })
  }
}
