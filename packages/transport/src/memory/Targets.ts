/** What faults are aimed at: hosts by their addresses, and ends of connections. */
import * as NetAddress from "effect/net/NetAddress"
import type { ConnectionEnd, Hosts } from "../MemoryNetwork.ts"
import type { TcpSocket } from "./tcp/TcpSocket.ts"
import type { World } from "./World.ts"

/** An IP address in its one canonical form. */
export const canonical = (address: string): string => NetAddress.formatIp(NetAddress.ipFromStringUnsafe(address))

/** The addresses, canonical. */
export const listOf = (hosts: Hosts): ReadonlyArray<string> =>
  (typeof hosts === "string" ? [hosts] : hosts).map(canonical)
const isHosts = (target: Hosts | ConnectionEnd): target is Hosts => typeof target === "string" || !("local" in target)

/** The sockets at an end of a connection: one, or none when it is over. */
const socketsAt = (world: World, { local, remote }: ConnectionEnd): ReadonlyArray<TcpSocket> => {
  const key = `${NetAddress.formatInet(local)}>${NetAddress.formatInet(remote)}`
  return [...world.hosts()].map((host) => host.sockets.get(key)).filter((socket) => socket !== undefined)
}

/** Stops programs from reading, or lets them read again. */
export const setClogged = (world: World, target: Hosts | ConnectionEnd, clogged: boolean): void => {
  if (!isHosts(target)) {
    for (const socket of socketsAt(world, target)) socket.clog(clogged)
    return
  }
  for (const address of listOf(target)) {
    const host = world.host(address)
    host.clogged = clogged
    for (const socket of [...host.sockets.values()]) socket.clog(clogged)
  }
}

/** Ends a connection, or those between hosts, as a reset from the other end does. */
export const reset = (world: World, a: Hosts | ConnectionEnd, b: Hosts | undefined): void => {
  if (!isHosts(a)) {
    const ends = [...socketsAt(world, a), ...socketsAt(world, { local: a.remote, remote: a.local })]
    for (const socket of ends) socket.fail("ECONNRESET")
    return
  }
  const ones = listOf(a).map((address) => world.host(address))
  const others = b === undefined ? [...world.hosts()] : listOf(b).map((address) => world.host(address))
  for (const one of ones) {
    for (const other of others) {
      one.resetConnections(other)
      other.resetConnections(one)
    }
  }
}
