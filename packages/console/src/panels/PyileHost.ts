/** What a Pyile host shows and can do beside a member: who is banned and who guesses passwords, and changing that. */
import { AdmissionState, type AuthPeer, Moderation, PeerAddress } from "@peerage/pyile"
import type { PeerKey } from "@peerage/transport/PeerKey"
import { DateTime, Effect, Option, Result } from "effect"
import type { Field, Table } from "../api/About.ts"
import type { Values } from "../api/Api.ts"
import type { Row } from "../api/Frame.ts"
import { duration } from "../fields/Time.ts"
import type { Asking, Panel } from "../Panel.ts"
import { asking, type Failure, field, read, refuse, written } from "./Asked.ts"

/** The member that something is asked of. */
export const member = (values: Values): Effect.Effect<PeerAddress.PeerAddress, Failure> => {
  const name = written(values, "target")
  const peer = PeerAddress.parse(name)
  return peer === undefined ? refuse(`"${name}" is no member: choose one of the list.`) : Effect.succeed(peer)
}

const aboutOf = (secret: AdmissionState.Secret): ReadonlyArray<Table> => [
  {
    name: "bans",
    title: "Bans",
    columns: ["Who", "Why", "Until"],
    empty: "Nobody is banned.",
    place: "side"
  },
  {
    name: "limbo",
    title: `Wrong ${secret}s`,
    columns: ["Address", "Tries"],
    empty: `Nobody gave a wrong ${secret}.`,
    place: "side"
  }
]

const untilOf: (until: Option.Option<DateTime.Utc>) => string = Option.match({
  onNone: () => "for ever",
  onSome: (until) => DateTime.formatLocal(until, { locale: "sv-SE", dateStyle: "short", timeStyle: "medium" })
})

/** A ban's target as people know it: a key as they compare it among the members. */
type Called = (target: Moderation.Target) => string

const calling = (fingerprint: ((key: PeerKey) => string) | undefined): Called => (target) =>
  typeof target === "string" && fingerprint !== undefined ? fingerprint(target) : Moderation.nameOf(target)

const tablesOf = ({ bans, limbo }: Moderation.Moderation, called: Called): Panel["tables"] => ({
  bans: Effect.map(bans, (bans) =>
    bans.map(({ reason, until, ...ban }): Row => {
      const target = Moderation.targetOf(ban)
      return { id: Moderation.nameOf(target), cells: [called(target), reason, untilOf(until)] }
    })),
  limbo: Effect.map(
    limbo,
    (suspects) =>
      suspects.map(({ failures, host }): Row => ({ id: String(host), cells: [String(host), String(failures)] }))
  )
})

const time: Field = {
  ...field("duration", "For how long", "duration", "10m or 2h; without one for ever"),
  optional: true
}

const lasting = (values: Values) => {
  const given = written(values, "duration").trim()
  return given === ""
    ? Effect.succeed(undefined)
    : read(Result.mapError(duration(given), (wanted) => `A ban lasts for ever or for ${wanted}, not "${given}".`))
}

const targetOf = (name: string): Effect.Effect<Moderation.Target, Failure> => {
  const target = Moderation.parseTarget(name)
  return target === undefined
    ? refuse(`A ban takes an IPv4 address or prefix, such as 10.0.0.7 or 10.0.0.0/24, or a key, not "${name}".`)
    : Effect.succeed(target)
}

/** The page is not told where the file is. */
const unkept = Effect.mapError(() => ({
  message: "That counts until this host stops, but could not be written to the file of bans. The terminal says why."
}))

const notHere = (peer: string) => refuse(`${peer} is not in this network any more.`)

const banned = (names: ReadonlyArray<string>): string =>
  `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} banned. Lift it in the list of bans.`

const abilitiesOf = (host: AuthPeer.AuthPeerService, called: Called): ReadonlyArray<Asking> => {
  const ban = Effect.fnUntraced(function*(values: Values) {
    const time = yield* lasting(values)
    const target = yield* targetOf(written(values, "network").trim())
    yield* unkept(host.ban(target, { for: time }))
    return banned([called(target)])
  })
  const banMember = Effect.fnUntraced(function*(values: Values) {
    const peer = yield* member(values)
    const bans = yield* unkept(host.banPeer(peer, { for: yield* lasting(values) }))
    if (bans.length === 0) return yield* notHere(peer)
    return banned(bans.map((ban) => called(Moderation.targetOf(ban))))
  })
  const kick = Effect.fnUntraced(function*(values: Values) {
    const peer = yield* member(values)
    return (yield* host.kick(peer)) ? `${peer} was removed, and may come back in a moment.` : yield* notHere(peer)
  })
  const unban = Effect.fnUntraced(function*(values: Values) {
    const target = yield* targetOf(written(values, "target"))
    const name = called(target)
    return (yield* unkept(host.unban(target))) ? `${name} may join again.` : yield* refuse(`${name} is not banned.`)
  })
  const network = field("network", "Address, prefix or key", "network", "10.0.0.7 or 10.0.0.0/24")
  const harsh = { confirms: true, harsh: true } as const
  return [
    asking({ name: "kick", label: "Kick", on: "member", ...harsh }, kick),
    asking({ name: "ban", label: "Ban", on: "member", fields: [time], ...harsh }, banMember),
    asking({ name: "ban", label: "Ban", on: "panel", beside: "bans", fields: [network, time], ...harsh }, ban),
    asking({ name: "unban", label: "Lift", on: "row:bans" }, unban)
  ]
}

/** The parts of a panel that only a host has. `fingerprint`: how people compare keys. */
export const make = (host: AuthPeer.AuthPeerService, fingerprint?: (key: PeerKey) => string) => {
  const called = calling(fingerprint)
  const about = aboutOf(AdmissionState.secretAt(fingerprint !== undefined))
  return { about, tables: tablesOf(host, called), abilities: abilitiesOf(host, called) }
}
