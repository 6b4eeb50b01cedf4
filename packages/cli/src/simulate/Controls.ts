/** What the keys of the live view do. Pure. */
import type { Fault } from "@peerage/simulate"
import type { State } from "./Run.ts"

/** What a person has chosen. */
export interface Controls {
  readonly paused: boolean
  /** Simulated seconds a second. */
  readonly speed: number
  /** The place of the chosen host. */
  readonly chosen: number
  /** The hosts that were cut off by hand. */
  readonly cut: ReadonlyArray<string>
}

/** How a view begins, where nothing else is asked for. */
export const begin: Controls = { paused: false, speed: 1, chosen: 0, cut: [] }

/** What of it can be asked for. */
export type Begin = Pick<Controls, "paused" | "speed">

/** What follows from a key, besides other controls. */
export type Consequence =
  | { readonly _tag: "None" }
  | { readonly _tag: "Step" }
  | { readonly _tag: "Quit" }
  | { readonly _tag: "Perform"; readonly fault: Fault.Fault }

const none: Consequence = { _tag: "None" }
const fastest = 64
const slowest = 1 / 8

/** The keys, for people. */
export const help =
  "space pause · n next second · ←→ choose · c cut/heal · k kill/restart · z freeze · +- speed · q quit"

const isDown = ({ status }: State): boolean => status === "Killed" || status === "Stopped"

const toggleCut = (controls: Controls, { name }: State): readonly [Controls, Consequence] => {
  const isCut = controls.cut.includes(name)
  const cut = isCut ? controls.cut.filter((other) => other !== name) : [...controls.cut, name]
  const fault: Fault.Fault = isCut ? { heal: [name, "all"] } : { cut: [name, "all"] }
  return [{ ...controls, cut }, { _tag: "Perform", fault }]
}

const perform = (controls: Controls, fault: Fault.Fault): readonly [Controls, Consequence] => [
  controls,
  { _tag: "Perform", fault }
]

/** What a key does, by its name or its character. */
export const press = (
  controls: Controls,
  key: string,
  states: ReadonlyArray<State>
): readonly [Controls, Consequence] => {
  const { chosen, paused, speed } = controls
  const host = states[chosen]
  const choose = (by: number) => ({ ...controls, chosen: (chosen + by + states.length) % Math.max(1, states.length) })
  switch (key) {
    case " ":
    case "space":
      return [{ ...controls, paused: !paused }, none]
    case "n":
      return [{ ...controls, paused: true }, { _tag: "Step" }]
    case "left":
      return [choose(-1), none]
    case "right":
      return [choose(1), none]
    case "+":
      return [{ ...controls, speed: Math.min(fastest, speed * 2) }, none]
    case "-":
      return [{ ...controls, speed: Math.max(slowest, speed / 2) }, none]
    case "q":
      return [controls, { _tag: "Quit" }]
    default:
      return host === undefined ? [controls, none] : onHost(controls, key, host)
  }
}

const onHost = (controls: Controls, key: string, host: State): readonly [Controls, Consequence] => {
  const { name } = host
  if (key === "c") return toggleCut(controls, host)
  if (key === "k") return perform(controls, isDown(host) ? { restart: name } : { kill: name })
  if (key === "z" && !isDown(host)) {
    return perform(controls, host.status === "Paused" ? { resume: name } : { pause: name })
  }
  return [controls, none]
}
