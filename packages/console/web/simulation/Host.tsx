/** A host on the stage: who it is, how it is, and whom it knows, as a name for those who do not see it. */
import type { Host as Shown } from "../../src/api/Stage.ts"
import { choose, cutting, picked } from "../state/simulation.ts"
import { count } from "../words.ts"
import type { Point } from "./layout.ts"

/** How a host is, in a word. Who runs and knows nobody is looking for others. */
export const wordOf = ({ knows, state }: Shown): string => {
  if (state === "running") return knows.length === 0 ? "alone" : "running"
  return { paused: "frozen", killed: "no power", stopped: "stopped" }[state]
}

/** The class of a host. */
export const conditionOf = ({ knows, state }: Shown): string =>
  state === "running" && knows.length === 0 ? "alone" : state

const labelOf = (host: Shown): string => {
  const knows = host.knows.length === 0 ? "knows nobody" : `knows ${count(host.knows.length, "other")}`
  const from = cutting.value
  const act = from === undefined || from === host.name ? "" : `, choose it to cut it off from ${from}`
  return `${host.role} ${host.name}, ${wordOf(host)}, ${knows}${act}`
}

/** How large a host is drawn. */
export const sizeOf = (radius: number, centre: boolean): number => centre ? radius * 1.35 : radius

/** A host. */
export const Host = ({ at, centre, host, radius }: {
  readonly host: Shown
  readonly at: Point
  readonly radius: number
  readonly centre: boolean
}) => {
  const { name } = host
  const isPicked = picked.value === name
  const size = sizeOf(radius, centre)
  return (
    <g
      class={`host ${conditionOf(host)}${centre ? " centre" : ""}${isPicked ? " picked" : ""}${
        cutting.value === name ? " cutting" : ""
      }`}
      transform={`translate(${at.x} ${at.y})`}
      role="button"
      tabindex={0}
      data-host={name}
      aria-pressed={isPicked}
      aria-label={labelOf(host)}
      // A click leaves the focus where it is, so that keys go on to mean what they meant.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => choose(name)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return
        event.preventDefault()
        choose(name)
      }}
    >
      <circle class="touch" r={Math.max(18, size)} />
      <circle class="halo" r={size + 6} />
      <circle class="body" r={size} />
      {radius >= 9 && <text class="name" dy="0.35em">{name}</text>}
    </g>
  )
}
