/** Floods a peer of each protocol, and tells how many honest peers got in while the flood lasted. */
import { setTimeout as sleep } from "node:timers/promises"
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Frames from "../chat/Frames.ts"
import { header } from "../peerpy/Wire.ts"
import { large } from "./Folder.ts"
import * as Honest from "./Honest.ts"
import { flood, type Stranger } from "./Strangers.ts"

// In milliseconds.
const patience = 3_000
const between = 50
const untilFlooded = 1_000

/** Whom a flood attacks, how, and what honest peers want there. */
interface Flood {
  readonly port: string
  readonly addresses: ReadonlyArray<string>
  readonly does: ReadonlyArray<Omit<Stranger, "port">>
  readonly honest: Honest.Honest
}

/** So many connections, of so many addresses, each in a network of its own. */
const addressesOf = (connections: number, addresses: number): ReadonlyArray<string> =>
  Array.from({ length: connections }, (_, index) => {
    const number = index % addresses
    return `127.${10 + (number >> 8)}.${number & 255}.1`
  })

const silent = {}
const forFile = (name: string) => ({ says: `4:${name}`, ends: true })
const hello = { says: header("HELLO|peer_name=127.0.0.1:2&data_type=json&strict=True") }

const floods: ReadonlyArray<Flood> = [
  { port: "pyile", addresses: addressesOf(256, 8), does: [silent], honest: Honest.pyile },
  { port: "pyile", addresses: addressesOf(300, 300), does: [silent], honest: Honest.pyile },
  { port: "bootstrap", addresses: addressesOf(256, 4), does: [silent], honest: Honest.bootstrap },
  {
    port: "pyrate",
    addresses: addressesOf(700, 1),
    does: [silent, { says: `4:${large}`, pace: 0 }],
    honest: Honest.list
  },
  {
    port: "pyrate",
    addresses: addressesOf(4, 4),
    does: [{ ...forFile(large), pace: 65_536 }],
    honest: Honest.download
  },
  { port: "pyrate", addresses: addressesOf(4, 4), does: [{ ...forFile(large), pace: 0 }], honest: Honest.download },
  { port: "pyrate", addresses: addressesOf(200, 1), does: [forFile("none")], honest: Honest.download },
  { port: "peerpy", addresses: addressesOf(1000, 1), does: [hello], honest: Honest.peerpy },
  {
    port: "chat",
    addresses: addressesOf(10, 1),
    does: Array.from({ length: 10 }, () => ({ says: Frames.start(Honest.freshId()) })),
    honest: Honest.chat
  }
]

/** True when somebody who comes from this address gets in before its patience is over. */
const getsIn = async (honest: Honest.Honest, port: number, from: string): Promise<boolean> => {
  const signal = AbortSignal.timeout(patience)
  const late = new Promise<boolean>((resolve) => signal.addEventListener("abort", () => resolve(false)))
  return await Promise.race([late, honest(port, from, signal).then(() => true, () => false)])
}

/** The part of `count` honest peers that gets in. */
const play = async ({ addresses, does, honest, port: name }: Flood, ports: Record<string, number>, count: number) => {
  const port = of(ports, name)
  const over = new AbortController()
  const flooding = flood(does.map((one) => ({ ...one, port })), addresses, over.signal)
  await sleep(untilFlooded)
  const coming: Array<Promise<boolean>> = []
  for (let index = 0; index < count; index++) {
    coming.push(getsIn(honest, port, `127.2.${index}.1`))
    await sleep(between)
  }
  const inside = (await Promise.all(coming)).filter(Boolean).length
  over.abort()
  await flooding
  return inside / count
}

plain(async (given) => ({
  round: async ({ count = 0 }) => {
    const shares: Array<number> = []
    for (const one of floods) shares.push(await play(one, given, count))
    return { percent: Math.min(...shares) * 100 }
  }
}))
