/**
 * A file on its way as a line with its bar: a download, and an upload with who gets it. Pure.
 *
 *     song.txt  █████████░░░░░░░░░░░░░  40%  1.2 MiB of 3.0 MiB  2.1 MiB/s  0:01 left
 *     song.txt to 10.0.0.3:49152  █████░░░░░  50%  2.0 MiB of 4.0 MiB
 */
import { printable } from "@peerage/console/Printable"
import { rate, size, time, type Transfer as Progress } from "@peerage/console/Transfer"
import type { Transfer } from "@peerage/console/Transfers"
import type { Style } from "../room/Style.ts"

const numbers = (progress: Progress): ReadonlyArray<string> => {
  const { bytes, least, total } = progress
  const speed = rate(progress)
  const floor = least === undefined ? "" : `, at least ${size(least)}/s`
  return [
    total === undefined ? size(bytes) : `${size(bytes)} of ${size(total)}`,
    ...(speed === undefined ? [] : [`${size(speed)}/s${floor}`]),
    ...(speed === undefined || total === undefined ? [] : [`${time((total - bytes) / speed)} left`])
  ]
}

const shorten = (text: string, length: number): string =>
  text.length <= length ? text : length <= 3 ? text.slice(0, length) : `${text.slice(0, length - 3)}...`

const nameOf = ({ direction, peer, progress }: Transfer): string =>
  printable(direction === "in" ? progress.name : `${progress.name} to ${peer}`)

const longestBar = 30
const shortestBar = 5
const gap = 2
const percentWidth = 4

/** The line, of fewer characters than there are columns. Numbers that do not fit are left out first, then the bar. */
export const line = (style: Style, transfer: Transfer, columns: number): string => {
  const most = columns - 1
  const { progress } = transfer
  const name = shorten(nameOf(transfer), Math.floor(most / 3))
  if (progress.first === undefined) return shorten(`${name}  waiting for the first bytes`, most)
  const texts = [...numbers(progress)]
  const width = () => [name, ...texts].reduce((sum, text) => sum + text.length + gap, -gap)
  const barRoom = progress.total === undefined ? 0 : shortestBar + percentWidth + 2 * gap
  while (texts.length > 0 && width() + barRoom > most) texts.pop()
  const free = most - width() - percentWidth - 2 * gap
  const pieces = [name, ...(progress.total === undefined || free < shortestBar ? [] : bar(style, progress, free))]
  return [...pieces, ...texts].join(" ".repeat(gap))
}

const bar = (style: Style, { bytes, total = 0 }: Progress, room: number): ReadonlyArray<string> => {
  const part = total === 0 ? 1 : Math.min(1, bytes / total)
  const length = Math.min(longestBar, room)
  const filled = Math.floor(part * length)
  const percent = `${Math.floor(part * 100)}%`.padStart(percentWidth)
  return [`${style.green("█".repeat(filled))}${style.dim("░".repeat(length - filled))}`, percent]
}
