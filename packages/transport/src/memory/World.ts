/** The simulated world: which host has which address, the links between them, and the way of each packet. */
import type { Random } from "effect"
import type { Entry, Fate } from "../Trace.ts"
import { Host, isLoopback } from "./Host.ts"
import { Link, type LinkOptions } from "./Link.ts"
import type { Datagram, Node, Packet, Settings, Wire } from "./Packet.ts"
import type { Recorder } from "./Recorder.ts"
import type { Scheduler } from "./Scheduler.ts"
import * as Subnet from "./Subnet.ts"

/** Everything inside one network. */
export class World implements Wire {
  readonly scheduler: Scheduler
  readonly random: Random.Random
  readonly settings: Settings
  readonly recorder: Recorder
  /** By address; a host with several addresses appears under each. */
  readonly hosts = new Map<string, Host>()
  private readonly links = new Map<Node, Map<Node, Link>>()
  private readonly defaults: LinkOptions

  constructor(
    parts: { readonly scheduler: Scheduler; readonly random: Random.Random; readonly recorder: Recorder },
    settings: Settings,
    defaults: LinkOptions
  ) {
    this.scheduler = parts.scheduler
    this.random = parts.random
    this.recorder = parts.recorder
    this.settings = settings
    this.defaults = defaults
  }

  /** The host with this address, made if need be; it does not run before it is used. */
  host(address: string): Host {
    const known = this.hosts.get(address)
    if (known !== undefined) return known
    const host = new Host(this)
    host.addresses.push(address)
    this.hosts.set(address, host)
    return host
  }

  /** All hosts, each once. */
  all(): ReadonlySet<Host> {
    return new Set(this.hosts.values())
  }

  /** The link of one direction, made with the defaults if need be. Within a host nothing delays or is lost. */
  link(from: Node, to: Node): Link {
    let outgoing = this.links.get(from)
    if (outgoing === undefined) this.links.set(from, outgoing = new Map<Node, Link>())
    let link = outgoing.get(to)
    if (link === undefined) outgoing.set(to, link = new Link(this.random, from === to ? {} : this.defaults))
    return link
  }

  /** Ends all partitions. */
  healAll(): void {
    for (const outgoing of this.links.values()) for (const link of outgoing.values()) link.blocked = false
  }

  readonly roundTrip = (from: Node, host: string): number => {
    const to = this.find(from, host)
    return to === undefined ? 0 : this.link(from, to).latency + this.link(to, from).latency
  }

  private find(from: Node, host: string): Node | undefined {
    return isLoopback(host) ? from : this.hosts.get(host)
  }

  readonly transmit = (packet: Packet): number => {
    const now = this.scheduler.now()
    const to = this.find(packet.from, packet.route.host)
    if (to === undefined) return this.drop(packet, to, "NoHost")
    const link = this.link(packet.from, to)
    if (link.blocked) return this.drop(packet, to, "Partitioned")
    // Bare acknowledgements are cumulative, so chance need not take them.
    if (packet.kind !== "ACK" && link.loses()) return this.drop(packet, to, "Lost")
    const arrives = Math.max(link.arrival(now, packet.bytes.length), packet.notBefore)
    this.record(packet, "Sent", arrives)
    this.scheduler.at(arrives, () => {
      if (link.blocked) this.drop(packet, to, "Partitioned")
      else if (!to.up) this.drop(packet, to, "Dead")
      else to.receive(packet)
    })
    return arrives
  }

  /** Tells both ends what they miss, in the driver's next turn at the earliest. Returns when nothing else arrives sooner. */
  private drop(packet: Packet, to: Node | undefined, fate: Fate): number {
    this.record(packet, fate, undefined)
    packet.owner?.lost(packet)
    if (packet.kind !== "RST" && packet.kind !== "SYN") to?.socket(packet.route.key)?.unheard(packet.ack)
    return packet.notBefore
  }

  private record(packet: Packet, fate: Fate, arrives: number | undefined): void {
    if (packet.kind === "ACK") return
    this.recorder.add({
      at: this.scheduler.now(),
      arrives,
      from: packet.route.source,
      to: packet.route.destination,
      kind: packet.kind,
      length: packet.bytes.length,
      bytes: this.recorder.keep(packet.bytes),
      fate,
      again: packet.again
    })
  }

  readonly post = (datagram: Datagram): void => {
    const own = [datagram.sourceHost]
    if (!Subnet.isBroadcast(datagram.host, own, this.settings.prefix)) {
      const to = this.find(datagram.from, datagram.host)
      if (to === undefined) this.recordDatagram(datagram, "NoHost", undefined, false)
      else this.carry(datagram, to, false)
      return
    }
    const reach = Subnet.reachOf(datagram.host, datagram.sourceHost, this.settings.prefix)
    for (const host of this.all()) {
      const hears = host === datagram.from
        || host.addresses.some((address) => Subnet.broadcastOf(address, this.settings.prefix) === reach)
      if (hears && host.state !== "Absent") this.carry(datagram, host, true)
    }
  }

  private carry(datagram: Datagram, to: Node, broadcast: boolean): void {
    const link = this.link(datagram.from, to)
    if (link.blocked) return this.recordDatagram(datagram, "Partitioned", undefined, false)
    if (link.loses()) return this.recordDatagram(datagram, "Lost", undefined, false)
    this.send(datagram, to, link, { broadcast, again: false })
    if (link.duplicates()) this.send(datagram, to, link, { broadcast, again: true })
  }

  private send(
    datagram: Datagram,
    to: Node,
    link: Link,
    how: { readonly broadcast: boolean; readonly again: boolean }
  ) {
    const arrives = link.arrivalOfDatagram(this.scheduler.now(), datagram.bytes.length)
    this.recordDatagram(datagram, "Sent", arrives, how.again)
    this.scheduler.at(arrives, () => {
      if (link.blocked) this.recordDatagram(datagram, "Partitioned", undefined, how.again)
      else if (!to.up) this.recordDatagram(datagram, "Dead", undefined, how.again)
      else if (!to.hear(datagram, how.broadcast) && !how.broadcast) {
        this.recordDatagram(datagram, "NoPort", undefined, how.again)
      }
    })
  }

  private recordDatagram(datagram: Datagram, fate: Fate, arrives: number | undefined, again: boolean): void {
    const address = (host: string, port: number) => host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`
    const entry: Entry = {
      at: this.scheduler.now(),
      arrives,
      from: address(datagram.sourceHost, datagram.sourcePort),
      to: address(datagram.host, datagram.port),
      kind: "DATAGRAM",
      length: datagram.bytes.length,
      bytes: this.recorder.keep(datagram.bytes),
      fate,
      again
    }
    this.recorder.add(entry)
  }
}
