/**
 * Faults that are there at the same time, of the same kind, at the same place. Each is undone by itself; when the last of
 * them is, all is as it was before the first.
 */
import type { MemoryNetwork } from "@peerage/transport"
import { Predicate, Record } from "effect"

type LinkOptions = MemoryNetwork.LinkOptions

/** A change of a link: every property, `undefined` where it stays as it is. */
type Change = { readonly [property in keyof LinkOptions]-?: LinkOptions[property] | undefined }

/** The changes of one direction of a link that are there now, oldest first. */
interface Changes {
  readonly before: LinkOptions
  readonly active: Set<Change>
}

/** Keeps faults by the name of what they do, and the changes of links. */
export class Overlaps {
  private readonly held = new Map<string, Set<object>>()
  private readonly links = new Map<string, Changes>()

  enter(name: string, by: object): void {
    const holders = this.held.get(name) ?? new Set()
    this.held.set(name, holders.add(by))
  }

  /** True when it was there, and is the last. */
  leave(name: string, by: object): boolean {
    const holders = this.held.get(name)
    return holders !== undefined && holders.delete(by) && holders.size === 0
  }

  /** Ends all faults of a name: somebody has put it right. What would undo them later undoes nothing. */
  end(name: string): void {
    this.held.delete(name)
  }

  /** Ends all faults whose names begin so. */
  endAll(prefix: string): void {
    for (const name of this.held.keys()) if (name.startsWith(prefix)) this.held.delete(name)
  }

  /** Adds a change to a link that is `now` so. */
  change(link: string, now: LinkOptions, options: Change): void {
    const changes = this.links.get(link) ?? { before: now, active: new Set() }
    changes.active.add(options)
    this.links.set(link, changes)
  }

  /** Takes a change away again. Returns what the link is without it. */
  restore(link: string, options: Change): LinkOptions {
    const changes = this.links.get(link)
    if (changes === undefined) return {}
    changes.active.delete(options)
    if (changes.active.size === 0) this.links.delete(link)
    const given = [...changes.active].map((active) => Record.filter(active, Predicate.isNotUndefined))
    return Object.assign({}, changes.before, ...given)
  }
}
