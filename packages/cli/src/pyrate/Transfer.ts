/**
 * A download under way, and its bar. Pure: moments are inputs, in milliseconds.
 *
 *     song.txt  █████████░░░░░░░░░░░░░  40%  1.2 MiB of 3.0 MiB  2.1 MiB/s  0:01 left
 */
import type { Style } from "../before/Style.ts"
import { printable } from "../Printable.ts"
import { size, time } from "./Size.ts"

/** How far a download is. */
export interface Transfer {
  readonly name: string
  readonly bytes: number
  /** `undefined` where the holder does not say. */
  readonly total: number | undefined
  /** When the first bytes were there, and how many. */
  readonly first: { readonly at: number; readonly bytes: number } | undefined
  /** When the latest ones were there. */
  readonly at: number
}

/** Nothing has come. */
export const begin = (name: string, at: number): Transfer => ({
  name,
  bytes: 0,
  total: undefined,
  first: undefined,
  at
})

/** What has come by a moment. */
export interface Arrived {
  readonly bytes: number
  readonly total?: number | undefined
}

/** More has come. */
export const advance = (transfer: Transfer, { bytes, total }: Arrived, at: number): Transfer => ({
  ...transfer,
  bytes,
  total,
  at,
  first: transfer.first ?? { at, bytes }
})

/** Bytes in a second since the first ones; `undefined` where there was no time yet. */
export const rate = ({ at, bytes, first }: Transfer): number | undefined =>
  first === undefined || at <= first.at || bytes <= first.bytes
    ? undefined
    : (bytes - first.bytes) / ((at - first.at) / 1000)

const numbers = (transfer: Transfer): ReadonlyArray<string> => {
  const { bytes, total } = transfer
  const speed = rate(transfer)
  return [
    total === undefined ? size(bytes) : `${size(bytes)} of ${size(total)}`,
    ...(speed === undefined ? [] : [`${size(speed)}/s`]),
    ...(speed === undefined || total === undefined ? [] : [`${time((total - bytes) / speed)} left`])
  ]
}

const shorten = (text: string, length: number): string =>
  text.length <= length ? text : length <= 3 ? text.slice(0, length) : `${text.slice(0, length - 3)}...`

const longestBar = 30
const shortestBar = 5
const gap = 2
const percentWidth = 4

/** The line, of fewer characters than there are columns: what does not fit goes, numbers before the bar. */
export const line = (style: Style, transfer: Transfer, columns: number): string => {
  const most = columns - 1
  const name = shorten(printable(transfer.name), Math.floor(most / 3))
  if (transfer.first === undefined) return shorten(`${name}  waiting for the first bytes`, most)
  const texts = [...numbers(transfer)]
  const width = () => [name, ...texts].reduce((sum, text) => sum + text.length + gap, -gap)
  const barRoom = transfer.total === undefined ? 0 : shortestBar + percentWidth + 2 * gap
  while (texts.length > 0 && width() + barRoom > most) texts.pop()
  const free = most - width() - percentWidth - 2 * gap
  const pieces = [name, ...(transfer.total === undefined || free < shortestBar ? [] : bar(style, transfer, free))]
  return [...pieces, ...texts].join(" ".repeat(gap))
}

const bar = (style: Style, { bytes, total = 0 }: Transfer, room: number): ReadonlyArray<string> => {
  const part = total === 0 ? 1 : Math.min(1, bytes / total)
  const length = Math.min(longestBar, room)
  const filled = Math.floor(part * length)
  const percent = `${Math.floor(part * 100)}%`.padStart(percentWidth)
  return [`${style.green("█".repeat(filled))}${style.dim("░".repeat(length - filled))}`, percent]
}
