/** A look at the text of a JSON value before it is read: how deep it is and how many values it has. Builds nothing. */

/** How much a JSON text may ask for. Bytes that come from a peer are small; what they ask to be built need not be. */
export interface Limits {
  /** Levels of lists and objects inside each other. */
  readonly depth: number
  /** Values: numbers, strings, words, lists and objects. */
  readonly values: number
}

/** What was found so far, outside strings. Plain state, changed only by `scan`. */
export interface Scan {
  /** Where the next look begins. */
  at: number
  depth: number
  quoted: boolean
  /** True behind a bracket that opens. */
  opened: boolean
  values: number
  /** Whether there is the capital letter of NaN or Infinity. */
  named: boolean
}

/** Nothing was looked at. */
export const begin = (): Scan => ({ at: 0, depth: 0, quoted: false, opened: false, values: 1, named: false })

const isSpace = (unit: number): boolean => unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09

/** Looks on to `end`. Gives which limit the text breaks there, if it does. */
export const scan = (text: string, state: Scan, limits: Limits, end = text.length): keyof Limits | undefined => {
  let { at, depth, named, opened, quoted, values } = state
  while (at < end && depth <= limits.depth) {
    const unit = text.charCodeAt(at++)
    if (quoted) {
      if (unit === 0x5c) at++
      else if (unit === 0x22) quoted = false
      continue
    }
    if (isSpace(unit)) continue
    const closes = unit === 0x7d || unit === 0x5d
    // A list or an object has one value more than commas, where it has any.
    if (unit === 0x2c || opened && !closes) values++
    opened = unit === 0x7b || unit === 0x5b
    if (opened) depth++
    else if (closes) depth--
    else if (unit === 0x22) quoted = true
    else if (unit === 0x4e || unit === 0x49) named = true
  }
  Object.assign(state, { at, depth, named, opened, quoted, values })
  if (depth > limits.depth) return "depth"
  return values > limits.values ? "values" : undefined
}
