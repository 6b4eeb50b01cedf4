/** Does what a fault says, at once, and knows how to undo it. */
import { type MemoryNetwork, OptionValue } from "@peerage/transport"
import { Effect, Fiber, Random, Struct } from "effect"
import type { Fault } from "../Fault.ts"
import type { Machine } from "./Machine.ts"

/** Where faults happen. */
export interface Place {
  readonly network: MemoryNetwork.MemoryNetwork["Service"]
  readonly hosts: ReadonlyMap<string, Machine>
  /** What resets at random come from. */
  readonly chance: Random.Random
}

type Undo = Effect.Effect<void>

/** A fault that has happened. */
interface Done {
  readonly undo: Undo
}

const inRange = (names: ReadonlyArray<string>, text: string): ReadonlyArray<string> => {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(text) ?? []
  if (first === undefined || last === undefined) return []
  return names.filter((name) => /^\d+$/.test(name) && Number(name) >= Number(first) && Number(name) <= Number(last))
}

/** The hosts that a fault names. Throws, with the names that there are, when one of them is no host's. */
const named = (hosts: ReadonlyMap<string, Machine>, text: string): ReadonlyArray<Machine> => {
  if (text === "all") return [...hosts.values()]
  const expected = `the name of a host: ${[...hosts.keys()].join(", ") || "there is none yet"}`
  const names = text.split(",").map((part) => part.trim()).flatMap((part) => {
    const found = hosts.has(part) ? [part] : inRange([...hosts.keys()], part)
    OptionValue.check("host of a fault", part, { accepts: () => found.length > 0, expected })
    return found
  })
  return names.map((name) => hosts.get(name)).filter((host) => host !== undefined)
}

const addresses = (hosts: ReadonlyArray<Machine>): ReadonlyArray<string> => hosts.map(({ address }) => address)

const restartIfDown = (host: Machine): Undo =>
  Effect.flatMap(host.status, (status) => status === "Killed" || status === "Stopped" ? host.revive : Effect.void)

const does = (effect: Effect.Effect<unknown>, undo: Undo = Effect.void): Effect.Effect<Done> =>
  Effect.as(effect, { undo })

const all = (done: ReadonlyArray<Done>): Done => ({
  undo: Effect.forEach([...done].reverse(), ({ undo }) => undo, { discard: true })
})

/** What happens to each of the hosts that a fault names. */
const toHosts = {
  kill: (host: Machine, _: Place, fault: Fault) => does(host.kill(fault), restartIfDown(host)),
  stop: (host: Machine) => does(Effect.forkDetach(host.stop), restartIfDown(host)),
  restart: (host: Machine) => does(host.revive),
  pause: (host: Machine) => does(host.pause, host.resume),
  resume: (host: Machine) => does(host.resume),
  clog: ({ address }: Machine, { network }: Place) => does(network.clog(address), network.unclog(address)),
  unclog: ({ address }: Machine, { network }: Place) => does(network.unclog(address)),
  mute: ({ address }: Machine, { network }: Place) => does(network.mute(address), network.unmute(address)),
  unmute: ({ address }: Machine, { network }: Place) => does(network.unmute(address)),
  reset: ({ address }: Machine, { network }: Place) => does(network.reset(address)),
  fill: ({ disk }: Machine) =>
    Effect.flatMap(
      disk.capacity,
      (before) => does(Effect.flatMap(disk.used, disk.setCapacity), disk.setCapacity(before))
    )
}

/** Changes one direction of a link, and succeeds with how it is put back. */
const changeLink = Effect.fnUntraced(function*({ network }: Place, from: Machine, to: Machine, fault: Fault) {
  if (from === to) return all([])
  const { bandwidth, duplication, jitter, latency, loss, reorderDelay, reordering } = fault
  const before = yield* network.link(from.address, to.address)
  const options = { bandwidth, duplication, jitter, latency, loss, reorderDelay, reordering }
  yield* network.setLink(from.address, to.address, options, { oneWay: true })
  return { undo: network.setLink(from.address, to.address, before, { oneWay: true }) }
})

const changeLinks = Effect.fnUntraced(
  function*(place: Place, ones: ReadonlyArray<Machine>, others: ReadonlyArray<Machine>, fault: Fault) {
    const done: Array<Done> = []
    for (const one of ones) {
      for (const other of others) {
        done.push(yield* changeLink(place, one, other, fault))
        if (fault.oneWay !== true) done.push(yield* changeLink(place, other, one, fault))
      }
    }
    return all(done)
  }
)

/** Resets one open connection of these hosts, if there is any. */
const resetOne = Effect.fnUntraced(function*({ network }: Place, hosts: ReadonlyArray<Machine>) {
  const open = yield* network.connections(addresses(hosts))
  const chosen = open[yield* Random.nextIntBetween(0, open.length, { halfOpen: true })]
  if (chosen !== undefined) yield* network.reset(chosen)
})

const flaky = Effect.fnUntraced(function*(place: Place, hosts: ReadonlyArray<Machine>, perMinute = 6) {
  const pause = Effect.flatMap(Random.next, (drawn) => Effect.sleep(-Math.log(1 - drawn) * 60_000 / perMinute))
  const resetting = yield* Effect.andThen(pause, resetOne(place, hosts)).pipe(
    Effect.forever,
    Effect.provideService(Random.Random, place.chance),
    Effect.forkDetach
  )
  return { undo: Fiber.interrupt(resetting) }
})

/** Does what a fault says, and succeeds with how to undo it. Dies when it names a host that there is not. */
export const act = Effect.fnUntraced(function*(place: Place, fault: Fault) {
  const { network } = place
  const of = (names: string) => named(place.hosts, names)
  const done: Array<Done> = []
  if (fault.cut !== undefined) {
    const [a, b] = [addresses(of(fault.cut[0])), addresses(of(fault.cut[1]))]
    done.push(yield* does(network.partition(a, b, fault), network.heal(a, b, fault)))
  }
  if (fault.heal === "all") yield* network.healAll
  else if (fault.heal !== undefined) {
    yield* network.heal(addresses(of(fault.heal[0])), addresses(of(fault.heal[1])), fault)
  }
  if (fault.link !== undefined) done.push(yield* changeLinks(place, of(fault.link[0]), of(fault.link[1]), fault))
  if (fault.flaky !== undefined) done.push(yield* flaky(place, of(fault.flaky), fault.perMinute))
  for (const verb of Struct.keys(toHosts)) {
    const names = fault[verb]
    if (names === undefined) continue
    for (const host of of(names)) done.push(yield* toHosts[verb](host, place, fault))
  }
  return all(done)
})
