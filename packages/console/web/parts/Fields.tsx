/** What an ability needs to know, as fields of a form. */
import type { Field } from "../../src/api/About.ts"
import type { Values } from "../../src/api/Api.ts"
import { members } from "../state/room.ts"

/** What was written in the fields of a form, without those that were left empty. */
export const valuesOf = (form: HTMLFormElement): Values => {
  const written = [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === "string" && value.trim() !== "" ? [[name, value.trim()] as const] : []
  )
  return Object.fromEntries(written)
}

const choicesOf = ({ choices = [], kind }: Field): ReadonlyArray<{ readonly id: string; readonly name: string }> =>
  kind === "peer"
    ? members.value.list.filter(({ state }) => state !== "gone")
    : choices.map((choice) => ({ id: choice, name: choice }))

const Control = ({ field, first, id, short, value }: {
  readonly field: Field
  readonly id: string
  /** True where the cursor begins. */
  readonly first: boolean
  /** True where there is room for the first words of a hint only. */
  readonly short: boolean
  readonly value: string
}) => {
  const { hint = "", kind, name, optional } = field
  if (kind === "peer" || kind === "choice") {
    return (
      <select id={id} name={name} autofocus={first} required={!optional}>
        {optional && <option value="">any</option>}
        {choicesOf(field).map((choice) => (
          <option key={choice.id} value={choice.id} selected={choice.id === value}>{choice.name}</option>
        ))}
      </select>
    )
  }
  return (
    <input
      id={id}
      name={name}
      required={!optional}
      autofocus={first}
      autoComplete="off"
      spellcheck={kind === "text"}
      placeholder={short ? hint.split(";")[0] ?? "" : hint}
      title={short ? hint : ""}
      defaultValue={value}
      class={kind === "text" ? "" : "exact"}
    />
  )
}

/** Fields under their labels, or in one line whose labels only screen readers have. */
export const Fields = ({ fields, inline = false, prefix, values = {} }: {
  readonly fields: ReadonlyArray<Field>
  readonly prefix: string
  readonly inline?: boolean
  readonly values?: Values
}) => (
  <>
    {fields.map((field, index) => (
      <div key={field.name} class={field.optional ? "field optional" : "field"}>
        <label for={`${prefix}-${field.name}`} class={inline ? "hidden" : ""}>
          {field.label} {field.optional && <span class="soft optional-word">may be empty</span>}
        </label>
        <Control
          field={field}
          first={!inline && index === 0}
          short={inline}
          value={values[field.name] ?? ""}
          id={`${prefix}-${field.name}`}
        />
      </div>
    ))}
  </>
)
