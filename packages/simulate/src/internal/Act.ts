/** Does what a fault says, at once, and knows how to undo it. */
import type { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Random, Struct } from "effect"
import type { Fault } from "../Fault.ts"
import type { Machine } from "./Machine.ts"
import { named, ways } from "./Names.ts"
import type { Overlaps } from "./Overlaps.ts"
import * as Plain from "./Plain.ts"

/** Where faults happen. */
export interface Place {
  readonly network: MemoryNetwork.MemoryNetwork["Service"]
  readonly hosts: ReadonlyMap<string, Machine>
  /** What resets at random come from. */
  readonly chance: Random.Random
  readonly overlaps: Overlaps
}

type Undo = Effect.Effect<void>

/** A fault that has happened. */
interface Done {
  readonly undo: Undo
}

const restartIfDown = (host: Machine): Undo =>
  Effect.flatMap(host.status, (status) => status === "Killed" || status === "Stopped" ? host.revive : Effect.void)

const all = (done: ReadonlyArray<Done>): Done => ({
  undo: Effect.forEach([...done].reverse(), ({ undo }) => undo, { discard: true })
})

/** Does something that stays until it, and whatever else does the same, is undone. */
const hold = ({ overlaps }: Place, name: string, effect: Effect.Effect<unknown>, undo: Undo): Effect.Effect<Done> =>
  Effect.map(effect, () => {
    const by = {}
    overlaps.enter(name, by)
    return { undo: Effect.suspend(() => overlaps.leave(name, by) ? undo : Effect.void) }
  })

const once = (effect: Effect.Effect<unknown>): Effect.Effect<Done> => Effect.as(effect, { undo: Effect.void })

/** Puts right what holds under a name, whoever did it: so nothing undoes it once more later. */
const mend = ({ overlaps }: Place, name: string, effect: Effect.Effect<unknown>): Effect.Effect<Done> => {
  overlaps.end(name)
  return once(effect)
}

/** What happens to each of the hosts that a fault names. */
const toHosts = {
  kill: (host: Machine, place: Place, fault: Fault) =>
    hold(place, `down ${host.name}`, host.kill(fault), restartIfDown(host)),
  stop: (host: Machine, place: Place) =>
    hold(place, `down ${host.name}`, Effect.forkDetach(host.stop), restartIfDown(host)),
  restart: (host: Machine, place: Place) => mend(place, `down ${host.name}`, host.revive),
  pause: (host: Machine, place: Place) => hold(place, `pause ${host.name}`, host.pause, host.resume),
  resume: (host: Machine, place: Place) => mend(place, `pause ${host.name}`, host.resume),
  clog: ({ address }: Machine, place: Place) =>
    hold(place, `clog ${address}`, place.network.clog(address), place.network.unclog(address)),
  unclog: ({ address }: Machine, place: Place) => mend(place, `clog ${address}`, place.network.unclog(address)),
  mute: ({ address }: Machine, place: Place) =>
    hold(place, `mute ${address}`, place.network.mute(address), place.network.unmute(address)),
  unmute: ({ address }: Machine, place: Place) => mend(place, `mute ${address}`, place.network.unmute(address)),
  reset: ({ address }: Machine, { network }: Place) => once(network.reset(address)),
  fill: ({ disk, name }: Machine, place: Place) => hold(place, `fill ${name}`, disk.setFull(true), disk.setFull(false))
}

const forWays = <A>(
  place: Place,
  [a, b]: readonly [string, string],
  oneWay: boolean | undefined,
  act: (from: string, to: string) => Effect.Effect<A>
) => Effect.forEach(ways(named(place.hosts, a), named(place.hosts, b), oneWay === true), ([from, to]) => act(from, to))

const cut = (place: Place) => (from: string, to: string) =>
  hold(
    place,
    `cut ${from}>${to}`,
    place.network.partition(from, to, { oneWay: true }),
    place.network.heal(from, to, { oneWay: true })
  )

const changeLink = ({ network, overlaps }: Place, fault: Fault) =>
  Effect.fnUntraced(function*(from: string, to: string) {
    const { duplication, jitter, latency, loss, reorderDelay, reordering } = fault
    const bandwidth = fault.bandwidth === Plain.unlimited ? Infinity : fault.bandwidth
    const options = { bandwidth, duplication, jitter, latency, loss, reorderDelay, reordering }
    overlaps.change(`${from}>${to}`, yield* network.link(from, to), options)
    yield* network.setLink(from, to, options, { oneWay: true })
    const undo = Effect.suspend(() =>
      network.setLink(from, to, overlaps.restore(`${from}>${to}`, options), { oneWay: true })
    )
    return { undo }
  })

/** Resets one open connection of these hosts, if there is any. */
const resetOne = Effect.fnUntraced(function*({ network }: Place, hosts: ReadonlyArray<Machine>) {
  const open = yield* network.connections(hosts.map(({ address }) => address))
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

/** Does what a fault says to the hosts that it names, and succeeds with how to undo it. */
export const act = Effect.fnUntraced(function*(place: Place, fault: Fault) {
  const { network } = place
  const done: Array<Done> = []
  if (fault.cut !== undefined) done.push(...yield* forWays(place, fault.cut, fault.oneWay, cut(place)))
  if (fault.heal === "all") {
    place.overlaps.endAll("cut ")
    yield* network.healAll
  } else if (fault.heal !== undefined) {
    yield* forWays(
      place,
      fault.heal,
      fault.oneWay,
      (from, to) => mend(place, `cut ${from}>${to}`, network.heal(from, to, { oneWay: true }))
    )
  }
  if (fault.link !== undefined) {
    done.push(...yield* forWays(place, fault.link, fault.oneWay, changeLink(place, fault)))
  }
  if (fault.flaky !== undefined) done.push(yield* flaky(place, named(place.hosts, fault.flaky), fault.perMinute))
  for (const verb of Struct.keys(toHosts)) {
    const names = fault[verb]
    if (names === undefined) continue
    for (const host of named(place.hosts, names)) done.push(yield* toHosts[verb](host, place, fault))
  }
  return all(done)
})
