/**
 * What encrypts the connections of a command: a transport made of the command's own. What is done `within` it goes over
 * that transport.
 */
import type { Sessions } from "@peerage/secure"
import { Transport } from "@peerage/transport"
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Context, Effect, type Redacted, type Stream } from "effect"
import type { Protocol } from "./Invited.ts"
import type { SecureEvent } from "./SecureNarrate.ts"

/** What encrypts the connections of a command. */
export interface Secured {
  readonly protocol: Protocol
  /** This peer's key. */
  readonly key: PeerKey
  /** The address of the peer that was named. */
  readonly named: string | undefined
  /** The key of that peer, as soon as it was met; at once where it was named with its key. */
  readonly namedKey: Effect.Effect<PeerKey | undefined>
  /** The address of the peer that was named, where nothing says which key it has. */
  readonly unpinned: string | undefined
  /** Whether datagrams may be plain, as nothing encrypts them. */
  readonly plainDiscovery: boolean
  /** Whether this peer's next run has the same key. */
  readonly kept: boolean
  /** The password of a protocol that has one of its own: the passphrase, so that people need a single one. */
  readonly password: Redacted.Redacted<string>
  /** The passphrase now, where it was made up here. */
  readonly madeUp: Effect.Effect<string | undefined>
  /** Four groups of digits by which people compare a key. */
  readonly fingerprint: (key: PeerKey) => string
  /** Changes the passphrase for new peers; makes one up where none is given, and gives it. Who is here stays. */
  readonly rotate: (passphrase: string | undefined) => Effect.Effect<string | undefined>
  /** What happened since the beginning, for one reader. */
  readonly events: Stream.Stream<SecureEvent>
  /** Adds an event that the protocol brings about. */
  readonly report: (event: SecureEvent) => Effect.Effect<unknown>
  readonly transport: Transport.Transport["Service"]
  readonly sessions: Sessions.Sessions["Service"]
}

/** What encrypts a command that listens, and the passphrase that was made up for it, for its welcome. */
export interface Secrets {
  readonly secured: Secured | undefined
  readonly passphrase: string | undefined
}

/** What encrypts the connections of the command that runs; `undefined` where nothing does. */
export const Encryption: Context.Reference<Secured | undefined> = Context.Reference("@peerage/cli/Encryption", {
  defaultValue: (): Secured | undefined => undefined
})

/** Does something over the encrypted transport; over the command's own where nothing encrypts. */
export const within =
  (secured: Secured | undefined) =>
  <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | Transport.Transport> =>
    secured === undefined ? work : work.pipe(
      Effect.provideService(Transport.Transport, secured.transport),
      Effect.provideService(Encryption, secured)
    )
