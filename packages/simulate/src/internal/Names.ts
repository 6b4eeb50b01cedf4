/** The hosts that a fault names: one, several with commas between them, a range of numbers, or all. */
import { OptionValue } from "@peerage/transport"
import type { Machine } from "./Machine.ts"

const inRange = (names: ReadonlyArray<string>, text: string): ReadonlyArray<string> => {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(text) ?? []
  if (first === undefined || last === undefined) return []
  return names.filter((name) => /^\d+$/.test(name) && Number(name) >= Number(first) && Number(name) <= Number(last))
}

/** The hosts that a fault names. Throws, with the names that there are, when one of them is no host's. */
export const named = (hosts: ReadonlyMap<string, Machine>, text: string): ReadonlyArray<Machine> => {
  if (text === "all") return [...hosts.values()]
  const expected = `the name of a host: ${[...hosts.keys()].join(", ") || "there is none yet"}`
  const names = text.split(",").map((part) => part.trim()).flatMap((part) => {
    const found = hosts.has(part) ? [part] : inRange([...hosts.keys()], part)
    OptionValue.check("host of a fault", part, { accepts: () => found.length > 0, expected })
    return found
  })
  return names.map((name) => hosts.get(name)).filter((host) => host !== undefined)
}

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
