/**
 * A `Transport` made of another one, whose connections are encrypted and whose peers are authenticated. A dial is a stream
 * in a session that both ends keep, so most dials cost no round trip. Protocols run over it unchanged.
 */
import type { Backing } from "@peerage/transport/Options"
import * as OptionValue from "@peerage/transport/OptionValue"
import type { PeerKey } from "@peerage/transport/PeerKey"
import * as Transport from "@peerage/transport/Transport"
import { Context, Effect, Layer, type Redacted, type Scope } from "effect"
import { DatagramSocketError, DatagramSocketUnsupportedError } from "effect/socket/DatagramSocket"
import { Arrivals } from "./Arrivals.ts"
import { utf8 } from "./Bytes.ts"
import { Crypto } from "./Crypto.ts"
import * as Gate from "./Gate.ts"
import * as Identity from "./Identity.ts"
import * as Listening from "./Listening.ts"
import { Members } from "./Members.ts"
import { Pool } from "./Pool.ts"
import * as SecureConfig from "./SecureConfig.ts"
import * as Shared from "./session/Shared.ts"
import * as Sessions from "./Sessions.ts"

/** What a secure transport is made with. */
export interface SecureOptions {
  /** Who this end is. */
  readonly identity: Identity.Identity
  /** Admits strangers. Without it only `keys` come in. */
  readonly passphrase?: Redacted.Redacted<string> | undefined
  /** Keys that need no passphrase, to begin with. */
  readonly keys?: ReadonlyArray<PeerKey> | undefined
  /**
   * The key that must answer at an address (`NetAddress.formatInet`), as invitations have it; "first" for the one that
   * answers first, which is kept as long as the transport.
   */
  readonly pins?: ReadonlyMap<string, PeerKey | "first"> | undefined
  /** Peers of another context never understand each other. Default "peerage". */
  readonly context?: string | undefined
  /** Who may come in. Default: `Gate.make()`, which limits guesses. */
  readonly gate?: Gate.Gate | undefined
  /** What becomes of UDP, which cannot be protected by a passphrase: it fails, or stays plain. Default "refuse". */
  readonly datagrams?: "refuse" | "plain" | undefined
  /** True lets peers that share a key connect to each other. Default false. */
  readonly allowOwnKey?: boolean | undefined
  /** False opens a session for each dial. Default true. */
  readonly multiplex?: boolean | undefined
  readonly config?: Partial<SecureConfig.SecureConfig> | undefined
}

const of = "SecureTransport.make"

const checkWords = OptionValue.checkAll(of, {
  context: OptionValue.text,
  datagrams: OptionValue.oneOf("refuse", "plain"),
  allowOwnKey: OptionValue.flag,
  multiplex: OptionValue.flag
})

const checkOptions = (options: SecureOptions): void => {
  checkWords(options)
  if (options.passphrase !== undefined) {
    OptionValue.check(`passphrase of ${of}`, options.passphrase, OptionValue.secret)
  }
}

const refuseDatagrams: Backing["datagram"] = () =>
  Effect.fail(
    new DatagramSocketError({
      reason: new DatagramSocketUnsupportedError({
        capability: "UDP, which cannot be encrypted here",
        runtime: "the secure transport"
      })
    })
  )

/** Both services, for callers that build their own layer. */
export interface Secured {
  readonly transport: Transport.Transport["Service"]
  readonly sessions: Sessions.Sessions["Service"]
}

/**
 * Makes a secure transport of the one in the context, for the scope's life: leaving it ends the sessions politely. Dies for
 * an option that cannot be.
 */
export const make = Effect.fnUntraced(
  function*(options: SecureOptions): Effect.fn.Return<Secured, never, Transport.Transport | Crypto | Scope.Scope> {
    checkOptions(options)
    const numbers = SecureConfig.make(options.config)
    const { backing } = yield* Transport.Transport
    const crypto = yield* Crypto
    const services = yield* Effect.context<never>()
    const { allowOwnKey = false, context = "peerage", identity, keys = [], multiplex = true, passphrase } = options
    const members = new Members(passphrase, keys)
    const register = yield* Sessions.make(identity.key, members)
    const shared = Shared.make({
      crypto,
      identity: Identity.keyPair(crypto, identity),
      self: identity.key,
      context: utf8(context),
      members,
      gate: options.gate ?? (yield* Gate.make()),
      allowOwnKey,
      crowded: crowdedBy(register, numbers.maxSessionsPerKey),
      report: register.report,
      numbers
    }, services)
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const session of register.all()) session.leave()
      })
    )
    const pool = new Pool(backing, { shared, register, pins: options.pins ?? new Map(), multiplex })
    const transport = Transport.make({
      listen: Listening.make(backing, { shared, register, arrivals: new Arrivals(shared) }),
      dial: pool.dial,
      route: backing.route,
      addresses: backing.addresses,
      datagram: options.datagrams === "plain" ? backing.datagram : refuseDatagrams
    })
    return { transport, sessions: register.service }
  }
)

/** True when a key uses as many accepted sessions as it may have. One that it does not use makes room for a new one. */
const crowdedBy = ({ acceptedOf }: Sessions.Register, limit: number) => (key: PeerKey): boolean => {
  const accepted = acceptedOf(key)
  const unused = accepted.filter(({ streams }) => streams === 0)
  if (accepted.length >= limit) unused[0]?.leave()
  return accepted.length - unused.length >= limit
}

/** `Transport` and `Sessions` over another `Transport`. */
export const layer = (
  options: SecureOptions
): Layer.Layer<Transport.Transport | Sessions.Sessions, never, Transport.Transport | Crypto> =>
  Layer.effectContext(
    Effect.map(make(options), ({ sessions, transport }) =>
      Context.make(Transport.Transport, transport).pipe(Context.add(Sessions.Sessions, sessions)))
  )
