/** The latest packets between a few hosts, as rows of a sequence chart. Pure. */
import type { Packet } from "../../src/api/Stage.ts"
import { byName } from "./layout.ts"
import { lastUntil } from "./past.ts"

/** What is drawn. */
export interface Conversation {
  /** The lanes, from left to right. */
  readonly hosts: ReadonlyArray<string>
  /** Oldest first. */
  readonly packets: ReadonlyArray<Packet>
}

/** Which packets are drawn. */
export interface Choice {
  readonly moment: number
  /** The host that all of them come from or go to. */
  readonly about: string | undefined
  /** True where connections that open and close are drawn too. */
  readonly handshakes: boolean
}

const rows = 13
const lanes = 4
const handshakes = new Set<Packet["kind"]>(["open", "close"])

/** What tells a packet that was dropped where it arrived from others: it was sent then, and is told twice. */
const arrival = ({ from, kind, to }: Packet, at: number | undefined): string => `${from} ${to} ${kind} ${at}`

/** The latest rows. */
export const conversationAt = (packets: ReadonlyArray<Packet>, { about, moment, ...choice }: Choice): Conversation => {
  const hosts = new Set(about === undefined ? [] : [about])
  const died = new Set<string>()
  const shown: Array<Packet> = []
  for (let index = lastUntil(packets, moment); index >= 0 && shown.length < rows; index--) {
    const packet = packets[index]
    if (packet === undefined || packet.to === "all") continue
    const { at, dropped, from, kind, to } = packet
    if (dropped !== undefined) died.add(arrival(packet, at))
    if (!choice.handshakes && handshakes.has(kind) && dropped === undefined) continue
    if (about !== undefined && from !== about && to !== about) continue
    if (dropped === undefined && died.has(arrival(packet, packet.arrives))) continue
    const more = [from, to].filter((host) => !hosts.has(host))
    if (hosts.size + more.length > lanes) continue
    for (const host of more) hosts.add(host)
    shown.push(packet)
  }
  return { hosts: [...hosts].sort(byName), packets: shown.reverse() }
}
