/** Joining a Pyile network: `peerage pyile join`, and `peerage join`, whose connections are always encrypted. */
import { remote } from "@peerage/console/Address"
import { inPyile as inWords } from "@peerage/console/Reasons"
import { AuthPeer, JoinPeer, PyileConfig } from "@peerage/pyile"
import { LinkError } from "@peerage/wire"
import { Effect, Stream } from "effect"
import { Argument } from "effect/cli"
import { addressOf } from "../Addresses.ts"
import * as ConsoleFlag from "../console/Flag.ts"
import * as Invites from "../console/Invites.ts"
import { argument, text, yes } from "../Flags.ts"
import * as Password from "../Password.ts"
import * as Room from "../pyile/Room.ts"
import * as SameKeys from "../pyile/SameKeys.ts"
import * as Countdown from "../room/Countdown.ts"
import { type Secured, within } from "../secure/Encryption.ts"
import { invited } from "../secure/Invited.ts"
import * as Secure from "../secure/SecureFlags.ts"
import { kind, required } from "../Usage.ts"
import { advertised, alias, ipv4s, local } from "../Values.ts"
import { define, type Description, settings } from "./Common.ts"

const flagsFor = (host: string) => ({
  host: argument(host, "The host's invitation, or its address or name (port 4702 if none is given)").pipe(
    Argument.map(required(invited("pyile", remote), "whom to join, such as 192.0.2.1:4702"))
  ),
  listen: text(
    "listen",
    kind("HOST[:CHAT_PORT]", local),
    "Your address, and the port at which you take chat (default: the address that leads to the host, a free port)"
  ),
  advertise: text(
    "advertise",
    kind("HOST[:PORT]", advertised),
    "The address at which others reach you, as behind NAT, where a port is forwarded to your chat port (default: that port)"
  ),
  alias: text("alias", alias, "The name you go by (default peer)"),
  distHosts: text(
    "dist-host",
    ipv4s,
    "Further addresses from which the host may have lists of peers sent to you (default: only its own)"
  ),
  rejoin: yes(
    "reconnect",
    "Try again when joining fails or the session ends, with growing pauses, until a ban or /exit"
  ),
  console: ConsoleFlag.flag,
  password: Password.flags,
  security: Secure.dialing
})

/** How the command is called: its name, what it does, examples, its argument, and whether it encrypts without being asked to. */
export interface Calling extends Omit<Description<unknown>, "flags"> {
  readonly secure: boolean
  readonly argument: string
}

/** Never ends: lets in the keys that the host lists, so that a passphrase that changes at the host parts no members. */
const admitting = ({ events, keys }: JoinPeer.JoinPeerService, { sessions }: Secured) => {
  const admit = Effect.flatMap(keys, (keys) => sessions.admit(keys.values()))
  return Effect.andThen(admit, Stream.runForEach(events, ({ _tag }) => _tag === "Peers" ? admit : Effect.void))
}

/**
 * A host speaks first, and an encrypted one waits for the joiner: from a plain command it cannot be told from one that
 * hangs.
 */
const ofSilence = (reason: unknown): string | undefined =>
  reason instanceof LinkError.PeerUnresponsive && reason.awaited === "BanStatus"
    ? `it says nothing. ${Countdown.ifEncrypted}`
    : undefined

/** The command. */
export const command = ({ argument, secure, ...calling }: Calling) =>
  define(
    { ...calling, flags: flagsFor(argument) },
    Effect.fnUntraced(function*({ given: { password, security, ...given }, invoked, name, read, screen }) {
      const checking = { always: secure, named: given.host }
      const passwords = yield* Password.checks(password, !Secure.areAsked(security, checking))
      // People have a single secret.
      const secret = yield* Secure.checks(security, { ...checking, instead: passwords.known })
      const { advertise, alias, distHosts, host, known, listen, onePassphrase: _, onePassword: __, rejoin, ...values } =
        yield* read(
          {
            ...given,
            ...passwords,
            ...secret
          }
        )
      const address = yield* addressOf(host, AuthPeer.defaultPort)
      const config = yield* settings(name, PyileConfig.config)
      const secured = yield* Secure.begin(values, { protocol: "pyile", named: address })
      const typed = known ?? secured?.password ?? (yield* Password.ask)
      const begin = rejoin ? JoinPeer.persistently : JoinPeer.make
      yield* within(secured)(Effect.gen(function*() {
        const peer = yield* begin({
          host: address,
          password: secured === undefined ? typed : Password.composed(typed),
          listen: listen?.host,
          chatPort: listen?.port === 0 ? undefined : listen?.port,
          advertise,
          alias,
          distHosts,
          rejoin: rejoin ? JoinPeer.patiently : undefined,
          waiting: Countdown.make(screen, {
            peer: address,
            inWords,
            told: secured === undefined ? ofSilence : undefined
          }),
          config
        })
        if (secured !== undefined) {
          yield* Effect.forkScoped(admitting(peer, secured), { startImmediately: true })
          yield* Effect.forkScoped(SameKeys.watching(peer, secured), { startImmediately: true })
        }
        yield* Room.run(screen, peer, {
          invite: Invites.through({
            command: name.replace(/^peerage/, () => invoked),
            reached: address,
            secured,
            needs: "They also need the password with which you came. Tell it to them another way, such as by telephone."
          }),
          opening: [{ _tag: "Listening", address: peer.self }, { _tag: "Connected", peer: address }],
          reconnects: rejoin
        })
      }))
    })
  )
