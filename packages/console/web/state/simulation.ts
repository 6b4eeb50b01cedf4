/** What the page knows of a simulated network, which moment of it is looked at, and what can be done to it. */
import { batch, computed, signal } from "@preact/signals"
import type * as Effect from "effect/Effect"
import type { Act, Cuts, Fault, Host, Links, LinkSettings, Note, Pace, Packet } from "../../src/api/Stage.ts"
import { about, call, type Calls, heed } from "../link.ts"
import { place, shapeOf, type Size } from "../simulation/layout.ts"
import { asOf, hostsAt, noteTalks, pair, type Talks, type Wire, wiresAt } from "../simulation/past.ts"
import { hidden, say } from "./view.ts"

/** How time is, at the last act. */
export const time = signal<Pick<Act, "now" | "end" | "seed" | "speed" | "paused" | "replaying">>({
  now: 0,
  end: 0,
  seed: 0,
  speed: 1,
  paused: true,
  replaying: false
})

/** When the last act came, by the clock of the page. */
export const arrived = { at: 0 }

/** The packets that are kept, in the order in which they left. No signal: what is painted reads it for each frame. */
export const packets: Array<Packet> = []

const talks: Talks = new Map()

/** How many packets there were, those that were not told too. */
export const counted = signal(0)
/** What happened, oldest first. */
export const notes = signal<ReadonlyArray<Note>>([])
/** How each host was from which moment on. */
const histories = signal<ReadonlyMap<string, ReadonlyArray<Host>>>(new Map())
const cutChanges = signal<ReadonlyArray<Cuts>>([])
const linkChanges = signal<ReadonlyArray<Links>>([])

/** The moment that is looked at; nothing follows the present. */
export const moment = signal<number | undefined>(undefined)
/** The moment that is shown. */
export const shown = computed(() => moment.value ?? time.value.now)
/** The host that is picked. */
export const picked = signal<string | undefined>(undefined)
/** The host that is about to be cut off from the next one that is chosen. */
export const cutting = signal<string | undefined>(undefined)
/** The host whose link to the next one that is chosen is to be set. */
export const linking = signal<string | undefined>(undefined)
/** The link that was clicked last: the names of its ends. */
export const link = signal<Pair | undefined>(undefined)
/** True while its settings are asked for. */
export const setting = signal(false)
/** How large the stage is. */
export const size = signal<Size>({ width: 980, height: 720 })

/** Two hosts. */
export type Pair = readonly [a: string, b: string]

const none: Cuts["pairs"] = []

/** Hosts at a moment, the same list while none of them changes: most acts change none. */
const hostsOf = (moment: () => number) => {
  let before: ReadonlyArray<Host> = []
  return computed(() => {
    const now = hostsAt(histories.value, moment())
    const isSame = now.length === before.length && now.every((host, index) => host === before[index])
    if (!isSame) before = now
    return before
  })
}

/** The hosts at the moment that is shown. */
export const hosts = hostsOf(() => shown.value)
/** What the link from one host to another is like at that moment. */
export const settingsOf = ([a, b]: Pair): LinkSettings => {
  const links = asOf(linkChanges.value, shown.value)
  return links?.others.find(({ from, to }) => from === a && to === b) ?? links?.usual ?? {}
}
/** The cuts at that moment. */
export const cuts = computed(() => asOf(cutChanges.value, shown.value)?.pairs ?? none)
/** Pairs of hosts that are cut off now, whichever way. */
const cutNow = computed(() => new Set(cutChanges.value.at(-1)?.pairs.map(({ from, to }) => pair(from, to))))
/** The hosts as they are now. */
export const present = hostsOf(() => time.value.now)

/** The links at the moment that is shown. Not followed: most packets change none. */
export const wires = (): ReadonlyArray<Wire> => wiresAt({ packets, talks }, cuts.value, shown.peek())

const names = computed(() => [...histories.value.keys()].join(" "))
const shape = computed(() =>
  shapeOf(about.value?.protocol ?? "", [...histories.value.values()].flatMap((list) => list.slice(-1)))
)
/** Where hosts stand. */
export const layout = computed(() => place(names.value.split(" ").filter(Boolean), shape.value, size.value))

const most = { packets: 40_000, notes: 2000, changes: 500 } as const

const forget = (): void => {
  packets.length = 0
  talks.clear()
  counted.value = 0
  notes.value = []
  histories.value = new Map()
  cutChanges.value = []
  linkChanges.value = []
}

const takeHosts = (changed: ReadonlyArray<Host>): void => {
  if (changed.length === 0) return
  const next = new Map(histories.peek())
  for (const host of changed) next.set(host.name, [...next.get(host.name)?.slice(-most.changes) ?? [], host])
  histories.value = next
}

/** Takes one act. */
export const take = ({ cuts, first, hosts, links, notes: told, packets: sent, skipped, ...now }: Act): void =>
  batch(() => {
    if (first) forget()
    arrived.at = performance.now()
    packets.push(...sent)
    noteTalks(talks, sent)
    if (packets.length > most.packets) packets.splice(0, most.packets / 4)
    counted.value += sent.length + skipped
    takeHosts(hosts)
    if (links.length > 0) linkChanges.value = [...linkChanges.peek(), ...links]
    if (cuts.length > 0) cutChanges.value = [...cutChanges.peek(), ...cuts]
    if (told.length > 0) notes.value = [...notes.peek(), ...told].slice(-most.notes)
    time.value = now
    if (!now.replaying && moment.peek() !== undefined && (moment.peek() ?? 0) > now.now) moment.value = undefined
  })

/** Follows a simulation: less often while nobody sees the page. */
export const follow = (calls: Calls): Effect.Effect<void, unknown> =>
  heed(() => ({ hidden: hidden.value }), calls.Play, take)

const ask = <A>(
  use: (calls: Calls) => Effect.Effect<A, { readonly _tag: string; readonly message: string }>,
  done: (value: A) => void = () => {}
): void => {
  void call(use).then((outcome) => outcome._tag === "Done" ? done(outcome.value) : say(outcome.message, true))
}

/** Changes how time passes. Who steps or runs wants to see the present. */
export const pace = (change: Pace): void => {
  if (change.paused === false || change.step !== undefined) moment.value = undefined
  ask((calls) => calls.Pace(change))
}

/** Lets something go wrong, or right again. It happens now, so the present is shown. */
const fault = (what: Fault, sentence: string): void => {
  moment.value = undefined
  ask((calls) => calls.Fault({ fault: what }), () => say(sentence))
}

/** Whether two hosts are cut off from each other now. */
export const isCut = (a: string, b: string): boolean => cutNow.value.has(pair(a, b))

/** Cuts a link, or heals it. */
export const toggleLink = (a: string, b: string): void => {
  link.value = [a, b]
  if (isCut(a, b)) fault({ _tag: "Heal", a, b }, `${a} and ${b} reach each other again`)
  else fault({ _tag: "Cut", a, b }, `${a} and ${b} are cut off from each other`)
}

/** Asks what a link is to be like. */
export const askLink = (pair: Pair): void => {
  link.value = pair
  setting.value = true
}

/** What changes with a link. */
export type LinkChange = Omit<Extract<Fault, { readonly _tag: "Link" }>, "_tag" | "a" | "b">

/** Gives a link other settings. */
export const setLink = ([a, b]: Pair, settings: LinkChange): void =>
  fault({ _tag: "Link", a, b, ...settings }, `${a} and ${b} have another link`)

/** Whether a host does not run now. */
export const isDown = (name: string): boolean => {
  const state = present.value.find((host) => host.name === name)?.state
  return state === "killed" || state === "stopped"
}

/** Kills a host, or restarts it. */
export const toggleHost = (host: string): void =>
  isDown(host)
    ? fault({ _tag: "Restart", host }, `${host} starts again`)
    : fault({ _tag: "Kill", host }, `${host} has lost power`)

/** Freezes a host, or lets it go on. */
export const toggleFrozen = (host: string): void =>
  present.value.find(({ name }) => name === host)?.state === "paused"
    ? fault({ _tag: "Resume", host }, `${host} goes on`)
    : fault({ _tag: "Pause", host }, `${host} is frozen`)

/** Heals all cuts. */
export const healAll = (): void => fault({ _tag: "HealAll" }, "All cuts are healed")

/** Picks a host; the other end of a link, where one is about to be cut. */
export const choose = (name: string): void => {
  const [from, other] = [cutting.peek(), linking.peek()]
  cutting.value = undefined
  linking.value = undefined
  if (from !== undefined && from !== name) toggleLink(from, name)
  else if (other !== undefined && other !== name) askLink([other, name])
  else picked.value = picked.peek() === name && (from ?? other) === undefined ? undefined : name
}

/** Plays the network anew up to the moment that is shown, and goes on from there. */
export const branch = (): void => {
  const at = moment.peek()
  if (at === undefined) return
  moment.value = undefined
  ask((calls) => calls.Branch({ at }))
}

/** Gives the run as a scenario file to the browser's downloads. */
export const save = (): void =>
  ask((calls) => calls.Score(), ({ command, name, text }) => {
    const link = document.createElement("a")
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }))
    link.download = name
    link.click()
    URL.revokeObjectURL(link.href)
    say(`Saved ${name}. Run it where it is with: ${command}`)
  })
