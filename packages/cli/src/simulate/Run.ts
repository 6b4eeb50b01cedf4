/**
 * One run of a scenario, whose time somebody outside moves. What happens is noted with its moment; nobody reads it while
 * it happens, so what is shown, and how fast, changes nothing.
 */
import { reasonOf } from "@peerage/console/Reasons"
import { Chaos, Fault, Host, Scenario, Theatre } from "@peerage/simulate"
import type { Trace } from "@peerage/transport"
import { type Duration, Effect, Exit, Random, Stream, Struct } from "effect"
import { type Entry, Notes } from "./Notes.ts"
import { addressOf, type Heard, nameOf, type Protocol } from "./Protocol.ts"
import { chat } from "./protocols/Chat.ts"
import { peerpy } from "./protocols/PeerPy.ts"
import { pyile } from "./protocols/Pyile.ts"
import { pyrate } from "./protocols/Pyrate.ts"
import { type Deed, type Expectation, millisOf, namesOf, type ProtocolName, type ScenarioFile } from "./ScenarioFile.ts"
import * as Links from "./stage/Links.ts"

const protocols: { readonly [name in ProtocolName]: Protocol } = { pyile, "p2p-chat": chat, peerpy, pyrate }

/** How a host is now. */
export interface State {
  readonly name: string
  readonly status: Host.Status
  readonly knows: ReadonlyArray<string>
}

/** A run. */
export interface Run {
  /** Lets time pass. Gives what happened, in its order. */
  readonly advance: (duration: Duration.Input) => Effect.Effect<ReadonlyArray<Entry>>
  /** Milliseconds since the beginning. */
  readonly now: Effect.Effect<number>
  /** Lets something go wrong now, which will be in the score. */
  readonly perform: (fault: Fault.Fault) => Effect.Effect<void>
  readonly states: Effect.Effect<ReadonlyArray<State>>
  /** The pairs of hosts between which nothing arrives now, in that direction. */
  readonly cuts: Effect.Effect<ReadonlyArray<{ readonly from: string; readonly to: string }>>
  /** What the links are like now. */
  readonly links: Effect.Effect<Links.Looked>
  /** The packets that the network keeps. */
  readonly trace: Effect.Effect<ReadonlyArray<Trace.Entry>>
  /** What went wrong so far: what plays this run again. */
  readonly score: Effect.Effect<Scenario.Scenario>
}

// Hosts begin one after another.
const between = 100

/** Lets a host take part, for as long as it runs. */
const taking = (scenario: ScenarioFile, notes: Notes, name: string) => {
  const hosts = namesOf(scenario.hosts)
  const guessing = scenario.guessing === undefined ? [] : Fault.hostsIn(hosts, scenario.guessing).found
  const note = (heard: Heard) => Effect.sync(() => notes.event(name, heard))
  let begun = false
  const setting = { name, hosts, addressOf, nameOf, guesses: guessing.includes(name), note }
  return Effect.gen(function*() {
    notes.forget(name)
    if (!begun) yield* Effect.sleep((Number(name) - 1) * between)
    begun = true
    const peer = yield* protocols[scenario.protocol].start(setting)
    notes.peers.set(name, peer)
    yield* Effect.forkScoped(Stream.runForEach(peer.knows, (knows) => Effect.sync(() => notes.knows(name, knows))))
    yield* Stream.runForEach(peer.events, note)
    return yield* Effect.never
  }).pipe(
    Effect.catch((error) =>
      note({
        event: Object.assign({ _tag: "Failed" }, { reason: reasonOf(error), message: error.message }),
        told: { did: "cannot take part", after: `: ${error.message}` }
      })
    )
  )
}

const nothingDone = (verb: string, reason: string): Heard => ({
  event: Object.assign({ _tag: "Failed" }, { command: verb, reason }),
  told: { did: `could not ${verb}`, after: `: ${reason}` }
})

/** What a deed is, in words: its verb first. */
const wordsOf = ({ from, get, say, search, stream, to }: Deed): string => {
  if (say !== undefined) return `say "${say}" to ${to ?? "all"}`
  if (stream !== undefined) return `stream to ${stream}`
  return search === undefined ? `get ${get} from ${from}` : `search for ${search}`
}

/** Does something on a host. What comes of it is noted. */
const does = Effect.fnUntraced(function*(notes: Notes, deed: Deed) {
  const machine = notes.machines.get(deed.host)
  const peer = notes.peers.get(deed.host)
  const words = wordsOf(deed)
  const asked = Struct.omit(deed, ["at", "host"])
  if (machine === undefined || peer === undefined || !machine.running) {
    return notes.event(deed.host, nothingDone(words, "it does not take part now"))
  }
  const begins = words.replace(/^(\w+)/, (verb) => verb === "say" ? "said" : `began to ${verb}`)
  notes.event(deed.host, { event: { ...asked, _tag: "Does" }, told: { did: begins } })
  yield* machine.run(peer.act(deed)).pipe(
    Effect.catchTag("HostDown", () => Effect.fail({ reason: "the host went down" })),
    Effect.catch(({ reason }) => Effect.sync(() => notes.event(deed.host, nothingDone(words, reason))))
  )
})

const after = (now: () => number, at: Duration.Input) =>
  Effect.suspend(() => Effect.sleep(Math.max(0, millisOf(at) - now())))

/** Lets hosts talk at random. */
const talking = Effect.fnUntraced(function*(scenario: ScenarioFile, notes: Notes) {
  const { broadcast = 0, every = 0 } = scenario.talk ?? {}
  const pause = millisOf(every)
  for (let count = 1; pause > 0; count++) {
    yield* Effect.sleep(Math.max(1, -Math.log(1 - (yield* Random.next)) * pause / scenario.hosts))
    const hosts = namesOf(scenario.hosts).filter((name) => notes.peers.has(name) && notes.knownBy(name).length > 0)
    const host = hosts[yield* Random.nextIntBetween(0, hosts.length, { halfOpen: true })]
    if (host === undefined) continue
    const known = notes.knownBy(host)
    const to = known[yield* Random.nextIntBetween(0, known.length, { halfOpen: true })]
    const toAll = (yield* Random.next) < broadcast
    yield* Effect.forkChild(does(notes, { at: 0, host, say: `hello ${count}`, ...(toAll ? {} : { to }) }))
  }
})

/** All that happens by itself: hosts, faults, deeds, talk, and what is looked at. */
const program = Effect.fnUntraced(function*(scenario: ScenarioFile, notes: Notes) {
  const { network, stage } = yield* Theatre.Theatre
  const now = notes.now = () => stage.timeline.now
  for (const name of namesOf(scenario.hosts)) {
    notes.machines.set(
      name,
      yield* Effect.orDie(Host.make(name, taking(scenario, notes, name), { address: addressOf(name) }))
    )
  }
  const judging = (expectation: Expectation) =>
    Effect.gen(function*() {
      yield* after(now, expectation.at)
      const [cameTrue, instead] = notes.judge(expectation)
      const trace = cameTrue ? [] : yield* network.trace
      notes.entries.push({ _tag: "Expected", at: now(), expectation, cameTrue, instead, trace })
    })
  yield* Effect.all([
    Scenario.play(scenario.faults ?? []),
    scenario.chaos === undefined ? Effect.void : Chaos.run(scenario.chaos),
    Effect.forEach(scenario.do ?? [], (deed) => Effect.andThen(after(now, deed.at), does(notes, deed)), {
      concurrency: "unbounded",
      discard: true
    }),
    Effect.forEach(scenario.expect ?? [], judging, { concurrency: "unbounded", discard: true }),
    talking(scenario, notes)
  ], { concurrency: "unbounded", discard: true })
})

/** The faults that began or ended since the last look. */
const faultsBetween = () => {
  let looked = 0
  let lasting: ReadonlyArray<readonly [until: number, fault: Fault.Fault]> = []
  return ({ faults = [] }: Scenario.Scenario, now: number): ReadonlyArray<Entry> => {
    const begun = faults.slice(looked).map(({ at, ...fault }) => ({ _tag: "Fault" as const, at: millisOf(at), fault }))
    looked = faults.length
    const ends = begun.flatMap(({ at, fault }) =>
      fault.for === undefined ? [] : [[at + millisOf(fault.for), fault] as const]
    )
    const over = [...lasting, ...ends].filter(([until]) => until <= now)
    lasting = [...lasting, ...ends].filter(([until]) => until > now)
    return [...begun, ...over.map(([at, fault]) => ({ _tag: "Undone" as const, at, fault }))]
  }
}

// The packets of some seconds, or of a busy one.
const traceEntries = 16_384
const traceBytes = 96

/** Sees packets soon after they were sent, in their order. */
export type See = (packets: ReadonlyArray<Trace.Entry>) => void

const seeing = (see: See) =>
  Effect.flatMap(
    Theatre.Theatre,
    ({ network }) => Stream.runForEachArray(network.entries, (packets) => Effect.sync(() => see(packets)))
  )

/** Begins a run. Nothing happens until time is moved. */
export const make = Effect.fnUntraced(function*(scenario: ScenarioFile, see?: See): Effect.fn.Return<Run> {
  const { link, seed } = scenario
  const held = yield* Theatre.make({ seed, link, prefix: 16, traceEntries, traceBytes })
  const notes = new Notes()
  if (see !== undefined) yield* held.start(seeing(see))
  const started = yield* held.start(program(scenario, notes))
  const faults = faultsBetween()
  const looked = yield* Links.make(held.link, namesOf(scenario.hosts))
  return {
    advance: Effect.fnUntraced(function*(duration) {
      yield* held.advance(duration)
      const exit = started.poll()
      if (exit !== undefined && Exit.isFailure(exit)) return yield* Effect.failCause(exit.cause)
      const happened = [...faults(yield* held.score, yield* held.now), ...notes.entries.splice(0)]
      return happened.sort((one, other) => one.at - other.at)
    }),
    now: held.now,
    perform: held.perform,
    states: Effect.suspend(() =>
      Effect.forEach(
        [...notes.machines.values()],
        ({ name, status }) => Effect.map(status, (status) => ({ name, status, knows: notes.knownBy(name) }))
      )
    ),
    cuts: Effect.map(
      held.partitions,
      (pairs) => pairs.map(({ from, to }) => ({ from: nameOf(from), to: nameOf(to) }))
    ),
    links: Effect.flatMap(held.score, ({ faults = [] }) => looked(faults)),
    trace: held.trace,
    score: held.score
  }
})
