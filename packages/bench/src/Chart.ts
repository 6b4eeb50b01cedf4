/** What was measured as a picture: for each comparison a bar from "as fast" to how much faster or slower ours is. */
import type { Entry, Performance } from "./Record.ts"

const row = 22
const labels = 430
const half = 260
const margin = 30
const top = 44
// Bars end here; the number beside them goes on.
const widest = 16

interface Bar {
  readonly label: string
  /** Above one where ours is better. */
  readonly factor: number
  readonly target: number | undefined
  readonly reached: boolean | undefined
}

const bars = ({ better, comparisons, name }: Entry): ReadonlyArray<Bar> =>
  comparisons.map(({ against, of, ratio, reached, target }) => {
    const toFactor = (value: number) => of === "value" && better === "more" ? value : 1 / value
    return {
      label: `${name}${of === "cpu" ? " (CPU)" : ""} / ${against}`,
      factor: toFactor(ratio),
      target: target === undefined ? undefined : toFactor(target),
      reached
    }
  })

const escaped = (text: string) => text.replace(/[&<>]/g, (unit) => `&#${unit.charCodeAt(0)};`)

const offset = (factor: number) => {
  const bounded = Math.min(widest, Math.max(1 / widest, factor))
  return Math.log(bounded) / Math.log(widest) * half
}

const draw = ({ factor, label, reached, target }: Bar, index: number): string => {
  const y = top + index * row
  const middle = labels + half
  const length = offset(factor)
  const colour = reached === undefined ? "#8a94a6" : reached ? "#2f8f5b" : "#c2543d"
  const tick = target === undefined ?
    "" :
    `<line x1="${(middle + offset(target)).toFixed(1)}" y1="${y - 2}" x2="${
      (middle + offset(target)).toFixed(1)
    }" y2="${y + 16}" stroke="#222" stroke-width="2"/>`
  const at = length >= 0 ? middle + length + 5 : middle + 5
  return [
    `<text x="${labels - 12}" y="${y + 11}" text-anchor="end">${escaped(label)}</text>`,
    `<rect x="${(middle + Math.min(0, length)).toFixed(1)}" y="${y}" width="${Math.abs(length).toFixed(1)}" height="14"`
    + ` fill="${colour}"/>`,
    tick,
    `<text x="${at.toFixed(1)}" y="${y + 11}">${factor.toPrecision(3)}</text>`
  ].join("")
}

/** An SVG. To the right ours is better, to the left worse, in powers; a black tick is what must be reached. */
export const svg = ({ jobs }: Performance): string => {
  const all = jobs.flatMap(bars)
  const width = labels + 2 * half + 80
  const height = top + all.length * row + margin
  const middle = labels + half
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${middle}" y="20" text-anchor="middle" font-weight="bold">how many times better ours is (1: alike)</text>`,
    ...[1 / 16, 1 / 4, 1, 4, 16].map((factor) => {
      const x = (middle + offset(factor)).toFixed(1)
      return `<line x1="${x}" y1="30" x2="${x}" y2="${height - margin + 6}" stroke="#ddd"/>`
        + `<text x="${x}" y="${height - 8}" text-anchor="middle" fill="#666">${
          factor < 1 ? `1/${1 / factor}` : factor
        }</text>`
    }),
    ...all.map(draw),
    "</svg>",
    ""
  ].join("\n")
}
