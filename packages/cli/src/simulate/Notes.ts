/** What happened in a simulation, in the order in which it did, and what is known of the hosts from it. */
import type { Fault, Host } from "@peerage/simulate"
import type { Trace } from "@peerage/transport"
import type { Tagged } from "../room/Command.ts"
import type { Heard, Peer, Told } from "./Protocol.ts"
import type { Expectation } from "./ScenarioFile.ts"

/** Something that happened, `at` so many milliseconds from the beginning. */
export type Entry =
  & { readonly at: number }
  & (
    | { readonly _tag: "Event"; readonly on: string; readonly event: Tagged; readonly told?: Told | undefined }
    | { readonly _tag: "Knows"; readonly on: string; readonly knows: ReadonlyArray<string> }
    | { readonly _tag: "Fault"; readonly fault: Fault.Fault }
    | { readonly _tag: "Undone"; readonly fault: Fault.Fault }
    | Judged
  )

/** Whether what was expected is true. */
export interface Judged {
  readonly _tag: "Expected"
  readonly at: number
  readonly expectation: Expectation
  readonly cameTrue: boolean
  /** What is so in its place, for the end of a sentence. */
  readonly instead: string
  /** The packets before, where it is not true. */
  readonly trace: ReadonlyArray<Trace.Entry>
}

/** What is known of the hosts, while they run. */
export class Notes {
  readonly entries: Array<Entry> = []
  readonly machines = new Map<string, Host.Host<never, never>>()
  readonly peers = new Map<string, Peer>()
  readonly known = new Map<string, ReadonlyArray<string>>()
  /** Names of events, and texts that arrived, by host. */
  private readonly seen = new Map<string, Set<string>>()
  /** The moment, once there is a theatre. */
  now: () => number = () => 0

  event(on: string, { event, told }: Heard): void {
    // Whom a host knows is noted by names.
    if (event._tag === "Peers") return
    this.entries.push({ _tag: "Event", at: this.now(), on, event, told })
    this.saw(on).add(`event ${event._tag}`)
    if ("data" in event && typeof event.data === "string" && event._tag !== "Sent") {
      this.saw(on).add(`text ${event.data}`)
    }
  }

  knows(on: string, knows: ReadonlyArray<string>): void {
    const sorted = [...new Set(knows)].sort((one, other) => Number(one) - Number(other))
    if (sorted.join() === (this.known.get(on) ?? []).join()) return
    this.known.set(on, sorted)
    this.entries.push({ _tag: "Knows", at: this.now(), on, knows: sorted })
  }

  forget(on: string): void {
    this.peers.delete(on)
    this.knows(on, [])
  }

  saw(on: string): Set<string> {
    const seen = this.seen.get(on) ?? new Set()
    this.seen.set(on, seen)
    return seen
  }

  /** Whom a host knows that runs; one that is down knows nobody. */
  knownBy(on: string): ReadonlyArray<string> {
    return this.machines.get(on)?.running === true ? this.known.get(on) ?? [] : []
  }

  judge({ hears, host, knows, sees }: Expectation): readonly [cameTrue: boolean, instead: string] {
    if (knows !== undefined) {
      const known = this.knownBy(host)
      return [known.length === knows, `${host} knows ${known.length}`]
    }
    const looked = sees === undefined ? `text ${hears ?? ""}` : `event ${sees}`
    return [this.saw(host).has(looked), `there was none`]
  }
}
