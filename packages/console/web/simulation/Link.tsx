/** The link that was clicked last, in a sentence, and the dialog in which it is made slow, lossy or narrow. */
import { useSignal } from "@preact/signals"
import type { LinkSettings } from "../../src/api/Stage.ts"
import { Fields, valuesOf } from "../parts/Fields.tsx"
import { Over } from "../parts/Over.tsx"
import { askLink, isCut, link, type Pair, setLink, setting, settingsOf } from "../state/simulation.ts"
import { bytes } from "../words.ts"
import { changed, fields, settings, written } from "./settings.ts"

/** Asks for the settings of a link. */
export const Setting = () => {
  const wrong = useSignal("")
  const pair = link.value
  if (!setting.value || pair === undefined) return null
  const [a, b] = pair
  const now = settingsOf(pair)
  const close = () => (setting.value = false)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const { oneWay, ...values } = valuesOf(event.currentTarget)
    const next = changed(values, now)
    if (typeof next === "string") {
      wrong.value = next
      return
    }
    if (Object.keys(next).length === 0) {
      wrong.value = "Change something: the link is like that already."
      return
    }
    setLink(pair, oneWay === undefined ? next : { ...next, oneWay: true })
    close()
  }
  const values = settings.flatMap(({ name, unit }) => {
    const value = now[name]
    return value === undefined ? [] : [[name, written(value, unit)] as const]
  })
  return (
    <Over title={`The link of ${a} and ${b}`} onClose={close}>
      <form onSubmit={submit} class="stacked scroll">
        <div class="keys">
          <Fields fields={fields} prefix="link" values={Object.fromEntries(values)} />
        </div>
        <label class="check">
          <input type="checkbox" name="oneWay" /> Only from {a} to {b}
        </label>
        {wrong.value !== "" && <p role="alert" class="wrong">{wrong}</p>}
        <footer>
          <button type="button" onClick={close}>Cancel</button>
          <button type="submit" class="primary">Set the link</button>
        </footer>
      </form>
    </Over>
  )
}

/** A link in short: "latency 20 ms, 10 % lost". */
const inShort = ({ bandwidth, latency = 0, loss = 0 }: LinkSettings): string =>
  [
    `latency ${latency} ms`,
    ...loss > 0 ? [`${written(loss, 0.01)} % lost`] : [],
    ...bandwidth === undefined ? [] : [`${bytes(bandwidth)}/s`]
  ].join(", ")

const both = (pair: Pair): string => {
  const [a, b] = pair
  const [there, back] = [inShort(settingsOf(pair)), inShort(settingsOf([b, a]))]
  return there === back ? there : `from ${a} to ${b} ${there}, back ${back}`
}

/** The link that was clicked last. */
export const Clicked = () => {
  const pair = link.value
  if (pair === undefined) return null
  const [a, b] = pair
  return (
    <p class="note">
      {a} and {b}: {isCut(a, b) ? "cut off" : both(pair)}{" "}
      <button type="button" class="small" onClick={() => askLink(pair)}>
        Set the link <kbd>l</kbd>
      </button>
    </p>
  )
}
