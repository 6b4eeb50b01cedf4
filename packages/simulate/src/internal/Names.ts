/** The hosts that a fault names: one, several with commas between them, a range of numbers, or all. */
import type { Machine } from "./Machine.ts"

const inRange = (names: ReadonlyArray<string>, text: string): ReadonlyArray<string> => {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(text) ?? []
  if (first === undefined || last === undefined) return []
  return names.filter((name) => /^\d+$/.test(name) && Number(name) >= Number(first) && Number(name) <= Number(last))
}

/** The names that a text stands for, of those that there are, and the parts of it that stand for none. */
export const resolve = (names: ReadonlyArray<string>, text: string) => {
  if (text === "all") return { found: names, unknown: [] }
  const parts = text.split(",").map((part) => part.trim())
  const named = parts.map((part) => names.includes(part) ? [part] : inRange(names, part))
  return { found: [...new Set(named.flat())], unknown: parts.filter((_, index) => named[index]?.length === 0) }
}

/** What a name should have been. */
export const expectedName = (names: ReadonlyArray<string>): string =>
  `the name of a host: ${names.join(", ") || "there is none yet"}`

/** The hosts that a fault names, of those that there are. */
export const named = (hosts: ReadonlyMap<string, Machine>, text: string): ReadonlyArray<Machine> =>
  resolve([...hosts.keys()], text).found.map((name) => hosts.get(name)).filter((host) => host !== undefined)

/** The ways from each of some hosts to each of others, each once. */
export const ways = (
  ones: ReadonlyArray<Machine>,
  others: ReadonlyArray<Machine>,
  oneWay: boolean
): ReadonlyArray<readonly [from: string, to: string]> => {
  const found = new Map<string, readonly [string, string]>()
  const add = (from: Machine, to: Machine) => {
    if (from !== to) found.set(`${from.address}>${to.address}`, [from.address, to.address])
  }
  for (const one of ones) {
    for (const other of others) {
      add(one, other)
      if (!oneWay) add(other, one)
    }
  }
  return [...found.values()]
}
