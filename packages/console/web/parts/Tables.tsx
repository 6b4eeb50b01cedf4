/** Tables of a peer: beside the conversation, or under tabs of their own. */
import { useSignal } from "@preact/signals"
import type { Ability, Table as Shape } from "../../src/api/About.ts"
import type { Row, Rows } from "../../src/api/Frame.ts"
import { about } from "../link.ts"
import { abilitiesOn, ask, begin } from "../state/asking.ts"
import { tables } from "../state/room.ts"
import { grouped } from "../words.ts"
import { Fields, valuesOf } from "./Fields.tsx"

const none: Rows = { rows: [], more: 0 }

/** How many fields fit into one line. */
const inLine = 2

/** What is asked beside a table, in one line where it is short. */
const Beside = ({ ability }: { readonly ability: Ability }) => {
  const waits = useSignal(false)
  const { confirms, fields, harsh, label, name } = ability
  if (fields.length === 0 || fields.length > inLine) {
    return <button type="button" class="small" onClick={() => begin(ability)}>{label}</button>
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget
    if (!(form instanceof HTMLFormElement)) return
    const values = valuesOf(form)
    if (confirms) return begin(ability, undefined, values, () => form.reset())
    if (waits.value) return
    waits.value = true
    void ask(ability, undefined, values).then(({ _tag }) => {
      waits.value = false
      if (_tag === "Done") form.reset()
    })
  }
  return (
    <form class="line" onSubmit={submit} aria-label={label}>
      <Fields fields={fields} prefix={name} inline />
      <button type="submit" class={harsh ? "harsh" : ""} disabled={waits.value}>{label}</button>
    </form>
  )
}

const Line = ({ abilities, row: { cells, id } }: { readonly abilities: ReadonlyArray<Ability>; readonly row: Row }) => (
  <tr data-row tabIndex={-1}>
    {cells.map((cell, index) => index === 0 ? <th key={index} scope="row">{cell}</th> : <td key={index}>{cell}</td>)}
    {abilities.length > 0 && (
      <td class="does">
        {abilities.map((ability) => (
          <button
            type="button"
            key={ability.name}
            class={ability.harsh ? "small harsh" : "small"}
            aria-label={`${ability.label} ${cells[0] ?? id}`}
            onClick={() => begin(ability, { id, name: cells[0] ?? id })}
          >
            {ability.label}
          </button>
        ))}
      </td>
    )}
  </tr>
)

/** One table, with what can be asked beside it and of its rows. */
const Table = ({ shape: { columns, empty, name, title } }: { readonly shape: Shape }) => {
  const { more, rows } = tables.value[name] ?? none
  const abilities = abilitiesOn(`row:${name}`)
  const beside = abilitiesOn("panel").filter((ability) => ability.beside === name)
  return (
    <>
      {beside.length > 0 && (
        <div class="beside">{beside.map((ability) => <Beside key={ability.name} ability={ability} />)}</div>
      )}
      {rows.length === 0 ?
        <p class="note">{empty}</p> :
        (
          <div class="scroll" tabIndex={0} role="region" aria-label={`Rows of ${title}`}>
            <table>
              <thead>
                <tr>
                  {columns.map((column) => <th key={column} scope="col">{column}</th>)}
                  {abilities.length > 0 && <td />}
                </tr>
              </thead>
              <tbody>{rows.map((row) => <Line key={row.id} row={row} abilities={abilities} />)}</tbody>
            </table>
            {more > 0 && <p class="note">and {grouped(more)} more</p>}
          </div>
        )}
    </>
  )
}

/** The tables beside the conversation: one at a time, with a button for each. */
export const SideTables = () => {
  const shapes = (about.value?.tables ?? []).filter(({ place }) => place === "side")
  const shown = useSignal("")
  const shape = shapes.find(({ name }) => name === shown.value) ?? shapes[0]
  if (shape === undefined) return null
  return (
    <section class="pane tables" aria-label={shapes.map(({ title }) => title).join(", ")} data-place="tables">
      <header>
        {shapes.length === 1 ? <h2>{shape.title}</h2> : (
          <div class="segments" role="group" aria-label="Tables">
            {shapes.map(({ name, title }) => (
              <button
                type="button"
                key={name}
                aria-pressed={name === shape.name}
                onClick={() => shown.value = name}
              >
                {title}
                <Many name={name} />
              </button>
            ))}
          </div>
        )}
        {shapes.length === 1 && <Many name={shape.name} />}
      </header>
      <Table key={shape.name} shape={shape} />
    </section>
  )
}

const Many = ({ name }: { readonly name: string }) => {
  const { more, rows } = tables.value[name] ?? none
  return <span class="count">{grouped(rows.length + more)}</span>
}

/** A table under a tab of its own. */
export const TabTable = ({ name }: { readonly name: string }) => {
  const shape = about.value?.tables.find((table) => table.name === name)
  return shape === undefined ? null : (
    <section class="talk" aria-labelledby="table-title">
      <header>
        <h2 id="table-title">{shape.title}</h2>
        <Many name={name} />
      </header>
      <Table shape={shape} />
    </section>
  )
}
