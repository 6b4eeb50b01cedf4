/**
 * What has happened in a simulation, as pages are shown it: packets, notes, and how hosts and cuts were at each moment.
 * Bounded. Packets stay as the network has them until a page asks.
 */
import type { Acts } from "@peerage/console"
import { printable } from "@peerage/console/Printable"
import type { Trace } from "@peerage/transport"
import type { Entry } from "../Notes.ts"
import { addressOf, nameOf } from "../Protocol.ts"
import type { State } from "../Run.ts"
import type { ProtocolName } from "../ScenarioFile.ts"
import { expectedInWords, faultInWords, undoneInWords } from "../Words.ts"
import { gistOf } from "./Gist.ts"
import { Kept } from "./Kept.ts"
import type { Looked } from "./Links.ts"

/** A pair of hosts, in one direction. */
export type Pair = Acts.Cuts["pairs"][number]

type Note = Omit<Acts.Note, "n">

// Some minutes of twenty hosts; about 10 MB.
const mostPackets = 30_000
const mostNotes = 2000
const mostChanges = 5000
const mostCuts = 200
// Of one moment: a network cut in halves has as many pairs as it has hosts, squared.
const mostPairs = 1000

const states = { Running: "running", Paused: "paused", Killed: "killed", Stopped: "stopped" } as const
const drops = { Lost: "lost", Partitioned: "cut", Dead: "down", NoHost: "down", NoPort: "down" } as const

const roles: { readonly [name in ProtocolName]: readonly [first: string, others: string] } = {
  pyile: ["host", "member"],
  "p2p-chat": ["peer", "peer"],
  peerpy: ["peer", "peer"],
  pyrate: ["bootstrap", "peer"]
}

/** What is told of something that happened; nothing of whom a host knows, which its picture shows. */
const noteOf = (entry: Entry): ReadonlyArray<Note> => {
  const { at } = entry
  switch (entry._tag) {
    case "Fault": {
      const { heal, restart, resume, unclog, unmute } = entry.fault
      const mends = [heal, restart, resume, unclog, unmute].some((verb) => verb !== undefined)
      return [{ at, kind: mends ? "mended" : "fault", text: printable(faultInWords(entry.fault)) }]
    }
    case "Undone":
      return [{ at, kind: "mended", text: printable(undoneInWords(entry.fault)) }]
    case "Expected": {
      const expected = printable(expectedInWords(entry.expectation))
      return entry.cameTrue
        ? [{ at, kind: "kept", host: entry.expectation.host, text: `${expected}, as expected` }]
        : [{
          at,
          kind: "broken",
          host: entry.expectation.host,
          text: `${expected} was expected, but ${printable(entry.instead)}`
        }]
    }
    case "Event": {
      if (entry.told === undefined) return []
      const { after = "", did, whom } = entry.told
      const text = `${entry.on} ${did}${whom === undefined ? "" : ` ${whom}`}${after}`
      return [{ at, kind: "event", host: entry.on, text: printable(text) }]
    }
    default:
      return []
  }
}

/** When the latest fault began or ended, of those that just did. */
const faultyAt = (entries: ReadonlyArray<Entry>): number | undefined =>
  entries.findLast(({ _tag }) => _tag === "Fault" || _tag === "Undone")?.at

const isSame = (some: ReadonlyArray<string>, others: ReadonlyArray<string>): boolean =>
  some === others || some.length === others.length && some.every((name, index) => name === others[index])

/** A recording of one run. */
export class Recording {
  readonly packets = new Kept<Trace.Entry>(mostPackets)
  readonly notes = new Kept<Note>(mostNotes)
  readonly hosts = new Kept<Acts.Host>(mostChanges, (changes) => this.forget(changes))
  readonly cuts = new Kept<Acts.Cuts>(mostCuts, (changes) => this.earlierCuts = changes.slice(-1))
  readonly links = new Kept<Acts.Links>(mostCuts, (changes) => this.earlierLinks = changes.slice(-1))
  private readonly protocol: ProtocolName
  private readonly latest = new Map<string, Acts.Host>()
  private readonly earlier = new Map<string, Acts.Host>()
  private earlierCuts: ReadonlyArray<Acts.Cuts> = []
  private earlierLinks: ReadonlyArray<Acts.Links> = []
  private cut = ""
  private link = ""

  constructor(protocol: ProtocolName) {
    this.protocol = protocol
  }

  /** How all was before the oldest change that is kept. */
  get before(): Pick<Acts.Act, "hosts" | "cuts" | "links"> {
    return { hosts: [...this.earlier.values()], cuts: this.earlierCuts, links: this.earlierLinks }
  }

  private forget(changes: ReadonlyArray<Acts.Host>): void {
    for (const change of changes) this.earlier.set(change.name, change)
  }

  /** Notes something that no host did. */
  say(at: number, kind: Note["kind"], text: string): void {
    this.notes.add([{ at, kind, text }])
  }

  /** Takes what happened in a while, and how hosts are at its end. */
  observe(entries: ReadonlyArray<Entry>, hosts: ReadonlyArray<State>, now: number): void {
    this.notes.add(entries.flatMap(noteOf))
    const changes = entries.flatMap((entry) => entry._tag === "Knows" ? this.change(entry.at, entry.on, entry) : [])
    const at = faultyAt(entries) ?? now
    for (const { knows, name, status } of hosts) {
      changes.push(...this.change(at, name, { knows, state: states[status] }))
    }
    this.hosts.add(changes.sort((one, other) => one.at - other.at))
  }

  private change(at: number, name: string, how: Partial<Pick<Acts.Host, "knows" | "state">>): Array<Acts.Host> {
    const before = this.latest.get(name)
    const { knows = before?.knows ?? [], state = before?.state ?? "running" } = how
    if (before?.state === state && isSame(before.knows, knows)) return []
    const [first, others] = roles[this.protocol]
    const host = { at, name, address: addressOf(name), role: name === "1" ? first : others, state, knows }
    this.latest.set(name, host)
    return [host]
  }

  /** Takes the cuts that there are, after something went wrong or was put right. */
  observeCuts(entries: ReadonlyArray<Entry>, pairs: ReadonlyArray<Pair>, now: number): void {
    const key = pairs.map(({ from, to }) => `${from}>${to}`).join()
    if (key === this.cut) return
    this.cut = key
    const told = pairs.slice(0, mostPairs)
    this.cuts.add([{ at: faultyAt(entries) ?? now, pairs: told, more: pairs.length - told.length }])
  }

  /** Takes what the links are like, at the beginning and after something went wrong or was put right. */
  observeLinks(entries: ReadonlyArray<Entry>, { others, usual }: Looked, now: number): void {
    const key = JSON.stringify(others)
    if (key === this.link) return
    this.link = key
    const told = others.slice(0, mostPairs)
    this.links.add([{ at: faultyAt(entries) ?? now, usual, others: told, more: others.length - told.length }])
  }

  /** A packet as a page is shown it. */
  packetOf({ arrives, at, fate, ...entry }: Trace.Entry, n: number): Acts.Packet {
    const to = nameOf(entry.to)
    const { gist, kind } = gistOf(this.protocol, { arrives, at, fate, ...entry })
    return {
      n,
      at,
      ...fate === "Sent" && arrives !== undefined ? { arrives } : {},
      from: nameOf(entry.from),
      to: this.latest.has(to) ? to : "all",
      kind,
      length: entry.length,
      gist,
      ...fate === "Sent" ? {} : { dropped: drops[fate] }
    }
  }
}
