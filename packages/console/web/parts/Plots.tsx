/** Rates over the last two minutes, drawn by hand. */
import type { Meter } from "../../src/api/Frame.ts"
import { type Series, series, span } from "../state/meters.ts"
import { loudness } from "../state/room.ts"
import { bytes, grouped, short } from "../words.ts"

const width = 320
const height = 64

/** The next round number above. */
const round = (top: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(top, 1)))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= top) ?? top
}

const text = (unit: Meter["unit"], rate: number): string => unit === "bytes" ? `${bytes(rate)}/s` : `${short(rate)} /s`

const tones = ["violet", "teal", "amber"] as const
const toneOf = (index: number) => tones[index % tones.length] ?? "violet"

/** A line over its area; older points stand further left, wherever the page was hidden or alone. */
const Curve = ({ line: { at: now, points }, tone, top }: {
  readonly line: Series
  readonly tone: string
  readonly top: number
}) => {
  const x = (at: number) => Math.round((1 - (now - at) / span) * width * 10) / 10
  const y = (rate: number) => Math.round((height - 1 - rate / top * (height - 4)) * 10) / 10
  const path = points.map(({ at, rate }) => `${x(at)},${y(rate)}`).join(" ")
  const first = points[0]
  return first === undefined ? null : (
    <g class={tone}>
      <polygon class="area" points={`${x(first.at)},${height} ${path} ${width},${height}`} />
      <polyline class="curve" points={path} />
    </g>
  )
}

const latest = ({ points }: Series): number => points.at(-1)?.rate ?? 0

const names = { events: "Events", bytes: "Bytes" } as const

const Plot = ({ lines, unit }: { readonly lines: ReadonlyArray<Series>; readonly unit: Meter["unit"] }) => {
  const highest = Math.max(1, ...lines.flatMap(({ points }) => points.map(({ rate }) => rate)))
  const top = round(highest)
  const now = lines.reduce((sum, line) => sum + latest(line), 0)
  const title = lines.length === 1 ? lines[0]?.label ?? names[unit] : names[unit]
  return (
    <figure class="plot">
      <figcaption>
        <span>{title}</span>
        <strong>{text(unit, now)}</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${text(unit, now)} now, at most ${text(unit, highest)} in two minutes`}
      >
        {[0.25, 0.5, 0.75].map((part) => (
          <line key={part} class="grid" x1="0" x2={width} y1={height * part} y2={height * part} />
        ))}
        {lines.map((line, index) => <Curve key={line.label} line={line} tone={toneOf(index)} top={top} />)}
      </svg>
      <div class="scale">
        <span>2 min ago</span>
        <span>top {text(unit, top)}</span>
      </div>
      {lines.length > 1 && (
        <div class="legends">
          {lines.map((line, index) => (
            <span key={line.label} class={`legend ${toneOf(index)}`}>{line.label} {text(unit, latest(line))}</span>
          ))}
        </div>
      )}
    </figure>
  )
}

/** How much of what happened is not shown, in a sentence. */
export const Loudness = () => {
  const counted = loudness.value.reduce((sum, count) => sum + count.counted, 0)
  const skipped = loudness.value.reduce((sum, count) => sum + count.skipped, 0)
  return skipped === 0 ?
    null :
    (
      <p class="note loud">
        {grouped(skipped)} of {grouped(counted)} events of the last 10 seconds were counted, not shown.
      </p>
    )
}

/** One plot for events, and one for bytes. */
export const Plots = () => {
  const all = [...series.value.values()]
  const units = (["events", "bytes"] as const).map((unit) => ({
    unit,
    lines: all.filter((line) => line.unit === unit)
  }))
  return (
    <section class="pane plots" aria-label="Traffic">
      {units.map(({ lines, unit }) => lines.length === 0 ? null : <Plot key={unit} unit={unit} lines={lines} />)}
      {all.length === 0 && <p class="note">Nothing was counted yet.</p>}
      <Loudness />
    </section>
  )
}
