/** A bootstrap of Pyrate: who is registered, since when, and who was not heard of of late. */
import type { BootstrapNode, PyrateEvent } from "@peerage/pyrate"
import { Clock, Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Invite } from "../api/About.ts"
import type { Member } from "../api/Frame.ts"
import * as Meters from "../Meters.ts"
import type { Panel, Part } from "../Panel.ts"
import type { Journal } from "../talk/Journal.ts"
import { inPyrate } from "../words/Reasons.ts"
import * as Asked from "./Asked.ts"

/** How a panel is made. */
export interface Options {
  /** What a terminal shows too. */
  readonly journal?: Pick<Journal<never>, "entries"> | undefined
  readonly invite?: Effect.Effect<Invite> | undefined
}

/** Which parts each event changes; a bootstrap has few of them. */
export const touched: { readonly [Tag in PyrateEvent.PyrateEvent["_tag"]]: ReadonlyArray<Part> } = {
  Listening: [],
  Joined: ["members"],
  Left: ["members"],
  Peers: ["members"],
  Shared: [],
  DirectoryLost: [],
  LeftOut: [],
  Hit: [],
  Progress: [],
  Saved: [],
  Serving: [],
  Served: [],
  BrokenOff: [],
  Rejected: []
}

/** A peer says that it is there at least twice before it expires. */
const registered = ({ expires, heard, peer, since }: BootstrapNode.Registered, now: number): Member => ({
  id: peer,
  name: peer,
  marks: now > heard + (expires - heard) / 2 ? ["silent of late"] : [],
  since,
  state: now > heard + (expires - heard) / 2 ? "overdue" : "here"
})

/** Makes the panel of a bootstrap. */
export const make = (
  node: BootstrapNode.BootstrapService,
  { invite, journal }: Options = {}
): Panel<PyrateEvent.PyrateEvent> => ({
  about: Asked.aboutOf({
    protocol: "Pyrate",
    role: "bootstrap",
    self: NetAddress.formatInet(node.address),
    members: "Registered peers",
    everybody: false,
    log: journal !== undefined,
    tables: []
  }, invite),
  status: Asked.statusOf(node.status, "listening", inPyrate),
  events: node.events,
  encode: Asked.asProgramsSee,
  touches: ({ _tag }) => touched[_tag],
  members: Effect.zipWith(node.roster, Clock.currentTimeMillis, (all, now) => all.map((one) => registered(one, now))),
  log: journal === undefined ? undefined : Asked.logOf(journal),
  tables: {},
  meters: Meters.traffic,
  abilities: []
})
