/** The commands that only the host of a Pyile network has: ban, kick, and change its mind. */
import { mistakenAddress } from "@peerage/console/Mistaken"
import { printable } from "@peerage/console/Printable"
import { AdmissionState, type AuthPeer, Moderation, PeerAddress } from "@peerage/pyile"
import { DateTime, type Duration, Effect, Option, Predicate, Result, SubscriptionRef } from "effect"
import type { Keep } from "../Passphrase.ts"
import { doneOr, type Mistake, mistake, nothing, roomCommand } from "../room/Command.ts"
import { orNone } from "../room/Style.ts"
import { first } from "../room/Words.ts"
import { Encryption } from "../secure/Encryption.ts"
import * as Keys from "../secure/Keys.ts"
import { duration } from "../Values.ts"
import { banned as whom, type Event, type PyileView, until } from "./Narrate.ts"

/** What the commands of the host work on. */
export interface HostRoom {
  readonly peer: Pick<AuthPeer.AuthPeerService, "peers" | "keys">
  readonly moderation: Moderation.Moderation
  readonly keep: Keep
  /** Whether members are known by keys, so that one can be banned apart from others at its address. */
  readonly keyed: boolean
}

const command = roomCommand<HostRoom, PyileView, Event>()

const target = (text: string): Result.Result<Moderation.Target, Mistake> => {
  const target = Moderation.parseTarget(text)
  if (target !== undefined) return Result.succeed(target)
  if (text === "") return mistake("An address is missing, such as 10.0.0.7 or 10.0.0.0/24.")
  const peer = PeerAddress.parse(text)
  if (peer !== undefined) return Result.fail(withPort(peer))
  const wanted = mistakenAddress(text, "an address") ?? "an IPv4 address or prefix, such as 10.0.0.7 or 10.0.0.0/24"
  return mistake(
    `A ban takes ${wanted}, not "${
      printable(text)
    }": names lead to other addresses tomorrow, and an alias is only a claim.`
  )
}

const withPort = (peer: PeerAddress.PeerAddress): Mistake => ({
  reason: "BadArgument",
  message: `Bans are for addresses without a port: ${PeerAddress.host(peer)}. To remove just this peer, /kick ${peer}.`
})

const lasting = (time: string): Result.Result<Duration.Duration | undefined, Mistake> =>
  time === "" || time === "forever"
    ? Result.succeed(undefined)
    : Result.orElse(
      duration(time),
      (wanted) => mistake(`A ban lasts for ever or for ${wanted}, not "${printable(time)}".`)
    )

/** Whom a ban is for: a member, or what it may be for beside. */
const banned = (text: string) => {
  const peer = PeerAddress.parse(text)
  return peer === undefined ? targeted(text) : Result.succeed({ peer })
}

/** A key by what people compare of it. */
interface Compared {
  readonly key: string
}

/** A target, or a key by what people compare of it. */
const targeted = (text: string): Result.Result<Moderation.Target | Compared, Mistake> =>
  Keys.isCompared(text) ? Result.succeed({ key: text }) : target(text)

/** The target, with its key looked up among those of members and of bans. */
const found = Effect.fnUntraced(function*(target: Moderation.Target | Compared, { moderation, peer }: HostRoom) {
  if (!Predicate.hasProperty(target, "key")) return target
  const [here, bans] = [yield* peer.keys, yield* moderation.bans]
  const key = yield* Keys.named(target.key, [...here.values(), ...bans.flatMap((ban) => "key" in ban ? [ban.key] : [])])
  if (key !== undefined) return key
  const message = `No key ${target.key} is here or banned. /peers and /bans show those that are.`
  return yield* Effect.fail({ reason: "UnknownPeer", message })
})

/** Bans a member by its key and its address. Without keys its address is all that there is to ban, and others may share it. */
const banPeer = Effect.fnUntraced(function*(
  peer: PeerAddress.PeerAddress,
  options: AdmissionState.BanOptions,
  { moderation }: HostRoom
) {
  if ((yield* Encryption) === undefined) return yield* Effect.fail(withPort(peer))
  const bans = yield* moderation.banPeer(peer, options)
  if (bans.length === 0) return yield* Effect.fail(notHere(peer))
})

const notHere = (peer: PeerAddress.PeerAddress): Mistake => ({
  reason: "NotAMember",
  message: `${peer} is not in this network. /peers shows who is.`
})

const ban = command({
  usage: "/ban HOST[/PREFIX]|KEY|PEER [DURATION]",
  does:
    "ban an address, a prefix or a key, or where connections are encrypted a peer, for ever or for a time such as 10m",
  parse: (rest) => {
    const [text, time] = first(rest)
    return Result.all({ target: banned(text), for: lasting(time) })
  },
  // The library's own events report what changes.
  run: ({ target, ...options }, room) =>
    Effect.as(
      Predicate.hasProperty(target, "peer")
        ? banPeer(target.peer, options, room)
        : Effect.flatMap(found(target, room), (target) => room.moderation.ban(target, options)),
      []
    ),
  complete: ({ keyed, peer }) => keyed ? SubscriptionRef.getUnsafe(peer.peers) : []
})

const unban = command({
  usage: "/unban HOST[/PREFIX]|KEY",
  does: "lift a ban",
  parse: (rest) => targeted(rest.trim()),
  run: Effect.fnUntraced(function*(given: Moderation.Target | Compared, room: HostRoom) {
    const target = yield* found(given, room)
    const name = typeof target === "string" ? `The key ${yield* Keys.compared(target)}` : Moderation.nameOf(target)
    return yield* doneOr(room.moderation.unban(target), "NotBanned", `${name} is not banned. /bans shows who is.`)
  })
})

const bans = command({
  usage: "/bans",
  does: "the bans in force",
  parse: nothing,
  answers: ["Bans"],
  run: (_, { moderation }) =>
    Effect.map(moderation.bans, (bans) => [{
      _tag: "Bans",
      bans: bans.map(({ reason, until, ...ban }) => ({
        host: Moderation.nameOf(Moderation.targetOf(ban)),
        ...("key" in ban ? { key: ban.key } : {}),
        reason,
        ...Option.match(until, { onNone: () => ({}), onSome: (time) => ({ until: DateTime.formatIso(time) }) })
      }))
    }]),
  show: ({ bans }, view) =>
    orNone(
      bans.map((ban) => `${whom(ban, view)} ${until(ban)} ${view.style.dim(`(${printable(ban.reason)})`)}`),
      "Nobody is banned."
    )
})

/** The members that a person means by an address, a key, or what people compare of a key. */
const meant = Effect.fnUntraced(function*(whom: PeerAddress.PeerAddress | Compared, { peer }: HostRoom) {
  if (typeof whom === "string") return [whom]
  const keys = yield* Effect.map(peer.keys, (keys) => [...keys])
  const key = yield* Keys.named(whom.key, keys.map(([, key]) => key))
  const found = keys.flatMap(([peer, known]) => known === key ? [peer] : [])
  const message = `Nobody with the key ${whom.key} is in this network. /peers shows who is.`
  return found.length > 0 ? found : yield* Effect.fail({ reason: "NotAMember", message })
})

const kick = command({
  usage: "/kick PEER|KEY",
  does: "remove one peer for a moment",
  parse: (rest) => {
    const text = rest.trim()
    if (text === "") return mistake("Kick whom? Give a host:port as /peers shows it.")
    const peer = PeerAddress.parse(text)
    if (peer !== undefined) return Result.succeed(peer)
    return Keys.isKey(text)
      ? Result.succeed({ key: text })
      : mistake(`Kick by host:port as /peers shows it, not "${printable(rest)}". An alias is only a claim.`)
  },
  run: Effect.fnUntraced(function*(whom: PeerAddress.PeerAddress | Compared, room: HostRoom) {
    for (const peer of yield* meant(whom, room)) {
      if (!(yield* room.moderation.kick(peer))) return yield* Effect.fail(notHere(peer))
    }
    return []
  }),
  complete: ({ peer }) => SubscriptionRef.getUnsafe(peer.peers)
})

const limbo = command({
  usage: "/limbo",
  does: "addresses that gave wrong passwords, or where connections are encrypted wrong passphrases",
  parse: nothing,
  answers: ["Limbo"],
  run: (_, { moderation }) => Effect.map(moderation.limbo, (suspects) => [{ _tag: "Limbo", suspects }]),
  show: ({ suspects }, { secret }) =>
    orNone(
      suspects.map(({ failures, host }) => `${host}: ${AdmissionState.wrong(secret, failures)}`),
      `Nobody gave a wrong ${secret}.`
    )
})

const keep = command({
  usage: "/keep [FILE]",
  does: "keep the passphrase that was made up, in a file that only you can read, for the next start",
  parse: (rest) => Result.succeed(rest.trim() === "" ? undefined : rest.trim()),
  answers: ["Kept"],
  run: (file: string | undefined, { keep }) =>
    Effect.zipWith(keep(file), Encryption, (path, secured) => [{
      _tag: "Kept",
      path,
      flag: secured === undefined ? "--password-file" : "--passphrase-file"
    }]),
  show: ({ flag, path }) => [
    `The passphrase is kept in ${printable(path)}, for you alone. Start again with ${flag} and that file${
      flag === "--password-file" ? "" : ", and with --identity and the file of your key"
    }:`,
    "members that joined with --reconnect then come back by themselves."
  ]
})

/** The commands, in the order of the help. */
export const hostCommands = [ban, unban, bans, kick, limbo, keep] as const
