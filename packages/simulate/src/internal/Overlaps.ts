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

/** Counts faults by the name of what they do, and keeps the changes of links. */
export class Overlaps {
  private readonly counts = new Map<string, number>()
  private readonly links = new Map<string, Changes>()

  enter(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
  }

  /** True when there is no other any more. */
  leave(name: string): boolean {
    const left = (this.counts.get(name) ?? 1) - 1
    this.counts.set(name, left)
    return left === 0
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
