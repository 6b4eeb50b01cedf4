/** Hosting a Pyile network: `peerage pyile host`, and `peerage host`, whose connections are always encrypted. */
import { Admission, AuthPeer, BanStore, PyileConfig } from "@peerage/pyile"
import * as Gate from "@peerage/secure/Gate"
import { Console, Duration, Effect, Layer, Redacted, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as ConsoleFlag from "../console/Flag.ts"
import * as Invites from "../console/Invites.ts"
import { text, yes } from "../Flags.ts"
import { keeping } from "../Passphrase.ts"
import * as Password from "../Password.ts"
import { fileFlag } from "../Paths.ts"
import * as Room from "../pyile/Room.ts"
import * as SameKeys from "../pyile/SameKeys.ts"
import { type Secured, within } from "../secure/Encryption.ts"
import * as Secure from "../secure/SecureFlags.ts"
import { alias, duration, ipv4, local, port, whole } from "../Values.ts"
import { define, type Description, settings } from "./Common.ts"

const flags = {
  listen: text("listen", local, "Where joiners come to (default 0.0.0.0:4702; port 0 is a free one)"),
  advertise: text(
    "advertise",
    ipv4,
    "The address at which members are told to reach you (default: where each of them reached you)"
  ),
  chatPort: text("chat-port", port, "Port for chat (default: a free one)"),
  distPort: text("dist-port", port, "Port for distributing the list of peers (default: a free one)"),
  alias: text("alias", alias, "The name you go by (default host)"),
  attempts: text(
    "attempts",
    whole(1),
    "Wrong passwords from one address that ban it (default 3; where connections are encrypted wrong passphrases, 5)"
  ),
  banFor: text(
    "ban-for",
    duration,
    "How long such a ban lasts, as 10m or 2h (default: for ever; where connections are encrypted 10m)"
  ),
  bans: fileFlag("bans", "bans.json", "Keep bans in this file, beyond the end of this process"),
  trustClaims: yes(
    "trust-claims",
    "Believe joiners that claim another address than they come from, as behind NAT; a joiner can then claim anybody's"
  ),
  console: ConsoleFlag.flag,
  password: Password.flags,
  security: Secure.flags
}

/** How the command is called: its name, what it does, examples, and whether it encrypts without being asked to. */
export interface Calling extends Omit<Description<unknown>, "flags"> {
  readonly secure: boolean
  /** The command with which others join, behind how this one was called. */
  readonly joins: string
}

/** The secret of Pyile, and that of the encrypted network below it, which is the same unless a password was given too. */
const secretsOf = Effect.fnUntraced(function*(
  values: Secure.Values & { readonly known: Redacted.Redacted<string> | undefined }
) {
  const network = yield* Secure.passphraseOf(values, true)
  const given = values.known ?? network?.password
  const madeUp = given === undefined ? yield* Password.makePassphrase : undefined
  const password = given ?? Redacted.make(madeUp ?? "")
  // Originals compare bytes; whoever comes over the encrypted network proved the same passphrase, however it is typed.
  return { network, madeUp, password: network === undefined ? password : Password.composed(password) }
})

/** Who is banned after which guesses. Friends mistype, and behind an encrypted door the next guess gains nothing. */
const policyOf = (
  { attempts, banFor, secure }: Secure.Values & {
    readonly attempts: number | undefined
    readonly banFor: Duration.Duration | undefined
  },
  { maxLimbo }: PyileConfig.PyileConfig
) =>
  secure
    ? { attempts: attempts ?? 5, banFor: banFor ?? Duration.minutes(10), maxLimbo }
    : { attempts: attempts ?? 3, banFor, maxLimbo }

// What the host still says to a member that it removes has arrived by then.
const grace = "1 second"

/** Never ends: closes the encrypted sessions of a key that is banned or barred, which is no member then. */
const dropping = ({ events }: Pick<AuthPeer.AuthPeerService, "events">, { sessions }: Secured) =>
  events.pipe(
    Stream.mapEffect(
      (event) =>
        event._tag === "Banned" && event.key !== undefined
          ? Effect.delay(sessions.drop(event.key), grace)
          : Effect.void,
      { concurrency: "unbounded" }
    ),
    Stream.runDrain
  )

/** The command. */
export const command = ({ joins, secure, ...calling }: Calling) =>
  define(
    { ...calling, flags },
    Effect.fnUntraced(function*({ given: { password, security, ...given }, invoked, json, name, read, screen }) {
      const checking = { always: secure }
      const passwords = yield* Password.checks(password, !Secure.areAsked(security, checking))
      // People have a single secret.
      const secret = yield* Secure.checks(security, { ...checking, instead: passwords.known })
      const { bans, listen, ...values } = yield* read({
        ...given,
        ...passwords,
        ...secret
      })
      const config = yield* settings(name, PyileConfig.config)
      const secrets = yield* secretsOf(values)
      const policy = policyOf(values, config)
      const store = yield* Layer.build(bans === undefined ? Layer.empty : BanStore.layerFile(bans))
      const admission = yield* Effect.provideContext(
        Admission.make(secrets.password, policy, { keys: values.allow, password: Secure.byKey }),
        store
      )
      const secured = yield* Secure.beginWith(values, secrets.network, {
        protocol: "pyile",
        // Who is banned by the host comes no further.
        gate: yield* Gate.fromEffects(admission.gate),
        // A password of its own stays.
        rotated: values.known === undefined ? admission.rotate : undefined
      })
      const madeUp = secured?.madeUp ?? Effect.succeed(secrets.madeUp)
      const { advertise, alias, chatPort, distPort, trustClaims } = values
      yield* within(secured)(Effect.gen(function*() {
        const peer = yield* AuthPeer.make({
          listen: `${listen?.host ?? "0.0.0.0"}:${listen?.port ?? AuthPeer.defaultPort}`,
          password: secrets.password,
          admission,
          config,
          advertise,
          alias,
          chatPort,
          distPort,
          trustClaims
        })
        if (secured !== undefined) {
          yield* Effect.forkScoped(dropping(peer, secured), { startImmediately: true })
          yield* Effect.forkScoped(SameKeys.watching(peer, secured), { startImmediately: true })
        }
        const passphrase = yield* madeUp
        if (json && passphrase !== undefined) yield* Console.error(`The passphrase is ${passphrase}`)
        const reached = Room.reachedAt(peer.address, advertise)
        yield* Room.run(screen, peer, {
          invite: Effect.succeed(Invites.make({
            command: `${invoked} ${joins}`,
            reached,
            secured,
            needs: Invites.secretOf(secured, passphrase !== undefined)
          })),
          keep: yield* keeping(madeUp),
          opening: [{ _tag: "Listening", address: NetAddress.formatInet(peer.address) }],
          reached,
          welcome: Room.welcomeOf(`${invoked} ${joins}`, { peer, advertise, passphrase, secured, screen })
        })
      }))
    })
  )
