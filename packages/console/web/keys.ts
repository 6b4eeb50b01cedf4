/**
 * Keys that do something from anywhere. None works while a field has the focus or a dialog is open, but those with Ctrl;
 * all can be switched off, as WCAG 2.1.4 asks of single letters.
 */
import { signal } from "@preact/signals"

/** A key, or two in turn: "/", "g m", "Ctrl+K". */
export interface Binding {
  readonly keys: string
  readonly label: string
  /** Without one the browser does it. */
  readonly run?: () => void
}

const name = "peerage.keys"

/** What the screen that is shown can do with keys. */
export const bindings = signal<ReadonlyArray<Binding>>([])

/** False when somebody has switched all keys off. */
export const on = signal(localStorage.getItem(name) !== "off")

/** The first of two keys, while the second is awaited. */
const begun = signal("")

/** Switches all keys on or off, and keeps that. */
export const switchKeys = (): void => {
  on.value = !on.peek()
  localStorage.setItem(name, on.peek() ? "on" : "off")
}

const writes = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input:not([type=checkbox], [type=range]), textarea, select")

/** Keys that a focused control takes itself. */
const taken = (target: EventTarget | null, key: string): boolean =>
  target instanceof HTMLElement && (key === " " || key === "Enter") &&
  target.matches("button, summary, a, [role=button]")

const written = ({ ctrlKey, key, metaKey }: KeyboardEvent): string =>
  ctrlKey || metaKey ? `Ctrl+${key.toUpperCase()}` : key === " " ? "Space" : key

const runs = (keys: string): boolean => {
  const run = bindings.peek().find((candidate) => candidate.keys === keys)?.run
  run?.()
  return run !== undefined
}

const press = (event: KeyboardEvent): void => {
  const { altKey, isComposing, key, target } = event
  if (!on.peek() || event.defaultPrevented || altKey || isComposing) return
  const keys = written(event)
  const free = !writes(target) && !taken(target, key) && document.querySelector("dialog[open]") === null
  if (!free && !keys.startsWith("Ctrl+")) return
  const before = begun.peek()
  begun.value = ""
  const done = runs(before === "" ? keys : `${before} ${keys}`)
  if (done) event.preventDefault()
  else if (bindings.peek().some((candidate) => candidate.keys.startsWith(`${keys} `))) begun.value = keys
}

/** Listens for keys, for the life of the page. */
export const listen = (): void => document.addEventListener("keydown", press)

const rowed = "section:has([data-row])"

/** The part whose rows are meant: that of the focus, or beside it under the same tabs, or the first on the page. */
const partOfRows = (): Element | null => {
  const here = document.activeElement
  return here?.closest(rowed) ?? here?.closest(".middle")?.querySelector(rowed) ?? document.querySelector(rowed)
}

/** Moves the focus among the rows of a part. */
export const moveRow = (step: 1 | -1): void => {
  const rows = [...partOfRows()?.querySelectorAll<HTMLElement>("[data-row]") ?? []]
  const at = rows.findIndex((row) => row.contains(document.activeElement))
  const next = at === -1 ? (step === 1 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)
  rows[next]?.focus()
}
