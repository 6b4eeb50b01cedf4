/** The hosts of a simulated network, by address, and the links between them. */
import { Host, isLoopback } from "./Host.ts"
import { type LinkOptions, NetworkLink } from "./NetworkLink.ts"
import type { NetworkNode } from "./Packet.ts"
import { type DeliveryParts, PacketDelivery, type Topology } from "./PacketDelivery.ts"
import type { PacketNetwork } from "./PacketNetwork.ts"
import * as Subnet from "./Subnet.ts"

/** The hosts and links of one network. */
export class World implements Topology {
  readonly network: PacketNetwork
  /** By IP address. A host with several addresses appears under each. */
  private readonly byAddress = new Map<string, Host>()
  private readonly links = new Map<NetworkNode, Map<NetworkNode, NetworkLink>>()
  private readonly defaults: LinkOptions

  constructor(parts: DeliveryParts, defaults: LinkOptions) {
    this.network = new PacketDelivery(parts, this)
    this.defaults = defaults
  }

  /** The host with this address, created if there is none. A new host is absent until `start`. */
  host(address: string): Host {
    const known = this.byAddress.get(address)
    if (known !== undefined) return known
    const host = new Host(this.network)
    this.assign(host, address)
    return host
  }

  private assign(host: Host, address: string): void {
    host.addresses.push(address)
    this.byAddress.set(address, host)
  }

  /** Starts the host with these addresses, unless it was killed. Throws when two of them belong to different hosts. */
  start(addresses: ReadonlyArray<string>): Host {
    const [first, ...others] = addresses
    if (first === undefined) throw new RangeError("a host needs an address")
    const host = this.host(first)
    for (const address of others) {
      const known = this.byAddress.get(address)
      if (known === undefined) this.assign(host, address)
      else if (known !== host) throw new RangeError(`${address} belongs to another host`)
    }
    if (host.state === "Absent") host.state = "Up"
    return host
  }

  /** All hosts, each once. */
  hosts(): ReadonlySet<Host> {
    return new Set(this.byAddress.values())
  }

  find(from: NetworkNode, host: string): NetworkNode | undefined {
    return isLoopback(host) ? from : this.byAddress.get(host)
  }

  broadcastReceivers(from: NetworkNode, reach: string | undefined): ReadonlyArray<NetworkNode> {
    const { prefix } = this.network.settings
    return [...this.hosts()].filter((host) =>
      host.state !== "Absent"
      && (host === from || host.addresses.some((address) => Subnet.broadcastOf(address, prefix) === reach))
    )
  }

  /** The link in one direction, created with the defaults if there is none. A host's link to itself has no faults. */
  link(from: NetworkNode, to: NetworkNode): NetworkLink {
    let outgoing = this.links.get(from)
    if (outgoing === undefined) this.links.set(from, outgoing = new Map<NetworkNode, NetworkLink>())
    let link = outgoing.get(to)
    if (link === undefined) {
      outgoing.set(
        to,
        link = new NetworkLink(this.network.chance(`${from.name}>${to.name}`), from === to ? {} : this.defaults)
      )
    }
    return link
  }

  /** Ends all partitions. */
  healAll(): void {
    for (const outgoing of this.links.values()) for (const link of outgoing.values()) link.blocked = false
  }

  /** The directions that are blocked. */
  partitions(): ReadonlyArray<{ readonly from: string; readonly to: string }> {
    return [...this.links].flatMap(([{ name: from }, outgoing]) =>
      [...outgoing].filter(([, { blocked }]) => blocked).map(([{ name: to }]) => ({ from, to }))
    )
  }

  /** Bytes that all connections hold. */
  heldBytes(): number {
    let held = 0
    for (const host of this.hosts()) for (const socket of host.sockets.values()) held += socket.heldBytes()
    return held
  }
}
