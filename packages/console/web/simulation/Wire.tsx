/** A link between two hosts: brighter the later something went over it, and a click cuts it or heals it. */
import { toggleLink } from "../state/simulation.ts"
import type { Point } from "./layout.ts"
import type { Wire as Line } from "./past.ts"

/** By how lately something went over it. */
const opacities = [0.13, 0.16, 0.22, 0.31, 0.46] as const

const title = ({ a, b, cut }: Line): string => {
  if (cut === "no") return `${a} and ${b}: click to cut`
  return cut === "both"
    ? `${a} and ${b} are cut off from each other: click to heal`
    : `Nothing from ${cut.from} reaches ${cut.from === a ? b : a}: click to heal`
}

/** A link. `marked` cuts have a sign in their middle. */
export const Wire = ({ from, marked, to, wire }: {
  readonly wire: Line
  readonly from: Point
  readonly to: Point
  readonly marked: boolean
}) => {
  const line = { x1: from.x, y1: from.y, x2: to.x, y2: to.y }
  const isCut = wire.cut !== "no"
  return (
    <g class={isCut ? "wire cut" : "wire"} onClick={() => toggleLink(wire.a, wire.b)}>
      <line class="seen" {...line} stroke-opacity={isCut ? marked ? 1 : 0.14 : opacities[wire.level]} />
      <line class="hit" {...line}>
        <title>{title(wire)}</title>
      </line>
      {isCut && marked && (
        <g transform={`translate(${(from.x + to.x) / 2} ${(from.y + to.y) / 2})`}>
          <circle r="10" />
          <path d="M-4 -4L4 4M4 -4L-4 4" />
        </g>
      )}
    </g>
  )
}
