/** What can be set of a link, and what a form of it changes. Pure. */
import type { Field } from "../../src/api/About.ts"
import type { LinkSettings } from "../../src/api/Stage.ts"
import type { LinkChange } from "../state/simulation.ts"

type Setting = keyof LinkSettings

/** What can be set: its unit as part of one that the network has. */
export const settings: ReadonlyArray<
  { readonly name: Setting; readonly label: string; readonly hint: string; readonly unit: number }
> = [
  { name: "latency", label: "Latency in ms", hint: "200", unit: 1 },
  { name: "jitter", label: "Jitter in ms", hint: "50", unit: 1 },
  { name: "loss", label: "Lost, in percent", hint: "10", unit: 0.01 },
  { name: "bandwidth", label: "Bytes a second", hint: "without a bound", unit: 1 },
  { name: "duplication", label: "Datagrams twice, in percent", hint: "5", unit: 0.01 },
  { name: "reordering", label: "Datagrams late, in percent", hint: "5", unit: 0.01 },
  { name: "reorderDelay", label: "Late by, in ms", hint: "100", unit: 1 }
]

/** The fields of the dialog. */
export const fields: ReadonlyArray<Field> = settings.map(({ hint, label, name }) => (
  { name, label, hint, kind: "duration", optional: name === "bandwidth" }
))

/** As somebody writes it: 0.07 is 7 percent. */
export const written = (value: number, unit: number): string => String(Number((value / unit).toFixed(6)))

/**
 * What was written in other ways than it is, or a sentence about what cannot be. An emptied bandwidth has no bound any more.
 */
export const changed = (values: Readonly<Record<string, string>>, now: LinkSettings): LinkChange | string => {
  const next: { -readonly [name in Setting]?: LinkChange[name] } = {}
  for (const { label, name, unit } of settings) {
    const text = values[name]
    const before = now[name]
    if (name === "bandwidth" && text === undefined && before !== undefined) next.bandwidth = "unlimited"
    if (text === undefined || before !== undefined && text === written(before, unit)) continue
    const value = Number(text.replace(",", "."))
    if (!Number.isFinite(value) || value < 0) return `${label}: this takes a number from 0 on, such as 20.`
    if (unit !== 1 && value > 100) return `${label}: this takes a number from 0 to 100.`
    if (name === "bandwidth" && value === 0) return "Nothing passes without bytes: cut the link for that."
    next[name] = Number((value * unit).toFixed(8))
  }
  return next
}
