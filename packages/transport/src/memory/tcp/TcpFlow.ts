/** The packets of one connection in one direction: how they are addressed, and that they arrive in order. */
import * as NetAddress from "effect/net/NetAddress"
import type { FlowAddresses, LossObserver, NetworkNode, Segment, TcpPacketKind } from "../Packet.ts"
import type { PacketNetwork } from "../PacketNetwork.ts"

const noBytes = new Uint8Array(0)

/** The two ends of a flow. Packets go from `local`, an address of `node`, to `remote`. */
export interface FlowEnds {
  readonly network: PacketNetwork
  readonly node: NetworkNode
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
}

/** What this end has received; every packet carries it as its acknowledgement and window. */
export interface Progress {
  /** The sequence number expected next. */
  readonly next: number
  /** The right edge of the window. */
  readonly edge: () => number
}

/** Sends the packets of one direction. */
export class TcpFlow implements FlowAddresses {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  readonly source: string
  readonly destination: string
  readonly host: string
  readonly key: string
  private readonly network: PacketNetwork
  private readonly node: NetworkNode
  private readonly progress: Progress
  private readonly sender: LossObserver
  // No packet arrives before an earlier one, so that jitter does not reorder a connection.
  private notBefore = 0

  constructor({ network, node, local, remote }: FlowEnds, progress: Progress, sender: LossObserver) {
    this.network = network
    this.node = node
    this.progress = progress
    this.sender = sender
    this.local = local
    this.remote = remote
    this.source = NetAddress.formatInet(local)
    this.destination = NetAddress.formatInet(remote)
    this.host = NetAddress.formatIp(remote.address)
    this.key = `${this.destination}>${this.source}`
  }

  /** Milliseconds to the other end and back, without jitter. */
  roundTrip(): number {
    return this.network.roundTrip(this.node, this.host)
  }

  send(kind: TcpPacketKind, segment?: Segment, again = false): void {
    this.notBefore = this.network.sendTcp({
      kind,
      from: this.node,
      addresses: this,
      sequence: segment?.sequence ?? 0,
      bytes: segment?.bytes ?? noBytes,
      ack: this.progress.next,
      edge: this.progress.edge(),
      segment,
      again,
      notBefore: this.notBefore,
      sender: this.sender
    })
  }
}
