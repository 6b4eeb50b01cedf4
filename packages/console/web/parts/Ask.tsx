/** What is asked before something is done: its fields, and once more where it takes something away. */
import { useSignal } from "@preact/signals"
import { ask, type Question, question } from "../state/asking.ts"
import { Fields, valuesOf } from "./Fields.tsx"
import { Over } from "./Over.tsx"

const close = () => {
  question.value = undefined
}

const Form = ({ question: { ability, done, target, values } }: { readonly question: Question }) => {
  const wrong = useSignal("")
  const waits = useSignal(false)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement) || waits.value) return
    waits.value = true
    void ask(ability, target, valuesOf(event.currentTarget)).then((outcome) => {
      waits.value = false
      if (outcome._tag === "Refused") {
        wrong.value = outcome.message
        return
      }
      done()
      close()
    })
  }
  const label = target === undefined ? ability.label : `${ability.label} ${target.name}`
  return (
    <form onSubmit={submit} class="stacked">
      <Fields fields={ability.fields} prefix="ask" values={values} />
      {ability.fields.length === 0 && <p>{label} now?</p>}
      {wrong.value !== "" && <p role="alert" class="wrong">{wrong}</p>}
      <footer>
        <button type="button" onClick={close}>Cancel</button>
        <button
          type="submit"
          class={ability.harsh ? "primary harsh" : "primary"}
          disabled={waits.value}
          autofocus={ability.fields.length === 0}
        >
          {label}
        </button>
      </footer>
    </form>
  )
}

/** The dialog of what waits to be asked. */
export const Ask = () => {
  const waiting = question.value
  if (waiting === undefined) return null
  const { ability: { label }, target } = waiting
  return (
    <Over title={target === undefined ? label : `${label} ${target.name}`} onClose={close}>
      <Form question={waiting} />
    </Over>
  )
}
