/**
 * Places that are limited in all, for each address and for each network (a /24 of IPv4, a /64 of IPv6), and shared fairly
 * between addresses.
 *
 * When all places are taken, the address that holds the most loses the one that was silent for longest, if the newcomer's
 * address holds fewer. With `patience`, the newcomer's own address may lose one too, which was silent for long. Who waits
 * for a place gets it in turn by address, however many wait at one address.
 */
import { Schema } from "effect"
import { networkOf } from "./Network.ts"
import * as OptionValue from "./OptionValue.ts"

/** A limit was reached. `of` names what is limited, such as "joiners"; `limit` is how many are allowed. */
export class TooMany extends Schema.TaggedError<TooMany>()("TooMany", { of: Schema.String, limit: Schema.Int }) {
  override get message() {
    return `Too many ${this.of}: the limit is ${this.limit}. Try again later, or allow more.`
  }
}

/** How many places there are. */
export interface Bounds {
  /** In all. */
  readonly all: number
  /** For one IP address. Default: as many as in all. */
  readonly perAddress?: number | undefined
  /** For one network: a /24 of IPv4, a /64 of IPv6; at least as many as for one address. Default: as many as in all. */
  readonly perNetwork?: number | undefined
}

/** What is limited, and how places are shared. */
export interface Options extends Bounds {
  /** What takes the places, such as "joiners": the words of `TooMany`. */
  readonly of: string
  /**
   * How many more places than the newcomer's an address must hold to lose one. 1 suits strangers, of which none has a
   * claim; with 2, the default, no address loses its last place, and none takes back what it lost.
   */
  readonly lead?: number | undefined
  /**
   * A guest that was silent for so many milliseconds longer than a newcomer of its address loses its place. Default: none.
   */
  readonly patience?: number | undefined
  /** Guests that may wait for a place. Default: none waits. */
  readonly waiting?: Bounds | undefined
}

/** What may hold a place. */
export interface Visitor {
  /** Its IP address. */
  readonly host: string
  /** Since when it is silent, in milliseconds of any one clock. `undefined` when it may not lose its place now. */
  readonly silentSince: () => number | undefined
}

/** A visitor with callbacks. They must neither throw nor use the places. */
export interface Guest extends Visitor {
  /** It has its place now, during `enter` or later. */
  readonly entered: () => void
  /** Its place, or its turn, went to another. */
  readonly dropped: (full: TooMany) => void
}

/** A bound that is reached, and among whom a newcomer may find a place. */
interface Full {
  readonly scope: "Address" | "Network" | "All"
  readonly of: string
  readonly limit: number
}

interface Candidate {
  readonly guest: Guest
  readonly held: number
  readonly crowd: number
  readonly since: number
}

const longestSilent = (guests: Iterable<Guest>): Pick<Candidate, "guest" | "since"> | undefined => {
  let longest: Pick<Candidate, "guest" | "since"> | undefined
  for (const guest of guests) {
    const since = guest.silentSince()
    if (since !== undefined && (longest === undefined || since < longest.since)) longest = { guest, since }
  }
  return longest
}

/** The guests at one address. */
interface Address {
  readonly network: string
  readonly guests: Set<Guest>
}

const tooMany = ({ limit, of }: Full): TooMany => new TooMany({ of, limit })

/** True when `a` loses its place rather than `b`: the fuller address, then the fuller network, then the longer silence. */
const goesFirst = (a: Candidate, b: Candidate): boolean =>
  a.held !== b.held ? a.held > b.held : a.crowd !== b.crowd ? a.crowd > b.crowd : a.since < b.since

const checkOptions = OptionValue.checkAll("Places", {
  perAddress: OptionValue.count,
  perNetwork: OptionValue.count,
  lead: OptionValue.count,
  patience: OptionValue.count
})

/** Who holds which place. Plain state, changed only by its methods, each in one step. */
export class Places {
  private readonly addresses = new Map<string, Address>()
  private readonly networks = new Map<string, number>()
  private readonly options: Options
  private readonly line: Places | undefined
  private taken = 0

  /** Throws an `InvalidOption` for a bound that cannot be. There may be no bound in all: `Infinity`. */
  constructor(options: Options) {
    if (options.all !== Infinity) OptionValue.check("all of Places", options.all, OptionValue.whole)
    checkOptions(options)
    this.options = options
    const { of, patience, waiting } = options
    this.line = waiting && new Places({ of: `waiting ${of}`, lead: 1, patience, ...waiting })
  }

  /** Gives a guest a place or a turn to wait, or returns why there is neither. */
  readonly enter = (guest: Guest): TooMany | undefined => {
    const full = this.admit(guest)
    if (full !== undefined) return this.line === undefined ? full : this.line.admit(guest)
    guest.entered()
    return undefined
  }

  /** Frees the place or the turn of a guest, if it has one. A place goes to the next that waits. */
  readonly leave = (guest: Guest): void => {
    if (this.line?.remove(guest) === true || !this.remove(guest)) return
    for (let next = this.next(); next !== undefined; next = this.next()) {
      this.line?.served(next)
      this.seat(next)
      next.entered()
    }
  }

  /** Why this newcomer would get neither a place nor a turn. */
  readonly refuses = (newcomer: Visitor): TooMany | undefined => {
    const full = this.full(newcomer.host)
    if (full === undefined || this.loser(newcomer, full.scope) !== undefined) return undefined
    return this.line === undefined ? tooMany(full) : this.line.refuses(newcomer)
  }

  private admit(guest: Guest): TooMany | undefined {
    const full = this.full(guest.host)
    const loser = full && this.loser(guest, full.scope)
    if (full !== undefined && loser === undefined) return tooMany(full)
    if (loser !== undefined) this.remove(loser)
    this.seat(guest)
    if (full !== undefined) loser?.dropped(tooMany(full))
    return undefined
  }

  private held(host: string): number {
    return this.addresses.get(host)?.guests.size ?? 0
  }

  private networkOf(host: string): string {
    return this.addresses.get(host)?.network ?? networkOf(host)
  }

  /** The narrowest bound that another guest at this address would exceed. */
  private full(host: string): Full | undefined {
    const { all, of, perAddress = all } = this.options
    const perNetwork = Math.max(this.options.perAddress ?? 0, this.options.perNetwork ?? all)
    if (perAddress < all && this.held(host) >= perAddress) {
      return { scope: "Address", of: `${of} from ${host}`, limit: perAddress }
    }
    const network = perNetwork < all ? this.networkOf(host) : undefined
    if (network !== undefined && (this.networks.get(network) ?? 0) >= perNetwork) {
      return { scope: "Network", of: `${of} from ${network}`, limit: perNetwork }
    }
    return this.taken >= all ? { scope: "All", of, limit: all } : undefined
  }

  /** Who loses its place to a newcomer. */
  private loser(newcomer: Visitor, scope: Full["scope"]): Guest | undefined {
    const ofOthers = scope === "Address" ? undefined : this.loserElsewhere(newcomer.host, scope)
    return ofOthers ?? this.loserBeside(newcomer)
  }

  /** The guest at the newcomer's own address that was silent for longest, if it was for much longer than the newcomer. */
  private loserBeside(newcomer: Visitor): Guest | undefined {
    const { patience = Infinity } = this.options
    const { guest, since } = longestSilent(this.addresses.get(newcomer.host)?.guests ?? []) ?? { since: Infinity }
    return (newcomer.silentSince() ?? Infinity) - since > patience ? guest : undefined
  }

  /** Looks at all addresses, which costs less than accepting a connection. */
  private loserElsewhere(host: string, scope: "Network" | "All"): Guest | undefined {
    const least = this.held(host) + (this.options.lead ?? 2)
    const wanted = scope === "Network" ? this.networkOf(host) : undefined
    let first: Candidate | undefined
    for (const { guests, network } of this.addresses.values()) {
      if (guests.size < least || (first !== undefined && guests.size < first.held)) continue
      const longest = wanted === undefined || wanted === network ? longestSilent(guests) : undefined
      if (longest === undefined) continue
      const candidate = { ...longest, held: guests.size, crowd: this.networks.get(network) ?? 0 }
      if (first === undefined || goesFirst(candidate, first)) first = candidate
    }
    return first?.guest
  }

  /** Who waits and may enter now: at the address that holds the fewest places, among those the one served longest ago. */
  private next(): Guest | undefined {
    if (this.line === undefined || this.taken >= this.options.all) return undefined
    let [next, fewest]: [Guest | undefined, number] = [undefined, Infinity]
    for (const [host, { guests }] of this.line.addresses) {
      const held = this.held(host)
      if (held >= fewest || this.full(host) !== undefined) continue
      ;[next, fewest] = [guests.values().next().value, held]
    }
    return next
  }

  /** Ends the turn of a guest. The others at its address are behind all other addresses from now on. */
  private served(guest: Guest): void {
    this.remove(guest)
    const others = this.addresses.get(guest.host)
    if (others === undefined) return
    this.addresses.delete(guest.host)
    this.addresses.set(guest.host, others)
  }

  private seat(guest: Guest): void {
    const address = this.addresses.get(guest.host) ?? { network: networkOf(guest.host), guests: new Set() }
    this.addresses.set(guest.host, address)
    address.guests.add(guest)
    this.count(address.network, 1)
  }

  private remove(guest: Guest): boolean {
    const address = this.addresses.get(guest.host)
    if (address?.guests.delete(guest) !== true) return false
    if (address.guests.size === 0) this.addresses.delete(guest.host)
    this.count(address.network, -1)
    return true
  }

  private count(network: string, change: 1 | -1): void {
    const there = (this.networks.get(network) ?? 0) + change
    this.taken += change
    if (there === 0) this.networks.delete(network)
    else this.networks.set(network, there)
  }
}
