/** A network on a transport with keys: the host has key 1, and who joins the key that the test says, from where it says. */
import { type Admission, AuthPeer, JoinPeer } from "@peerage/pyile"
import { Keyed, Machines } from "@peerage/testing"
import { Effect, Fiber } from "effect"
import { elapse, hostIp, password } from "./Network.ts"

export const { keyOf } = Keyed

/** Who joins, by which key and passphrase, from where. */
export interface Joiner extends Partial<JoinPeer.JoinPeerOptions> {
  readonly key: number
  /** Default: 10.0.0. and the number of the key. */
  readonly ip?: string | undefined
  readonly passphrase?: string | undefined
}

/** The gate of a transport, as plain callbacks. */
const gateOf = ({ gate }: Admission.Admission) =>
  Effect.map(Effect.context<never>(), (services): Keyed.Gate => ({
    judge: (peer) => Effect.runSyncWith(services)(gate.judge(peer)),
    guessed: (peer) => Effect.runSyncWith(services)(gate.guessed(peer)),
    admitted: () => {}
  }))

/** A network that nobody is in yet. */
export const make = () => {
  const keyed = Keyed.make()
  const joiner = ({ ip, key, passphrase, ...options }: Joiner) =>
    keyed.on(
      { ip: ip ?? `10.0.0.${key}`, key: keyOf(key), passphrase },
      JoinPeer.make({ host: `${hostIp}:4702`, password, ...options })
    )
  const join = Effect.fnUntraced(function*(who: Joiner) {
    const joining = yield* Effect.forkScoped(joiner(who))
    yield* elapse("1 second")
    return yield* Fiber.join(joining)
  })
  return {
    keyed,
    /** The host, with the gate of its admission where it has one. */
    host: Effect.fnUntraced(function*(
      { passphrase, ...options }: Partial<AuthPeer.AuthPeerOptions> & Pick<Joiner, "passphrase"> = {}
    ) {
      const gate = options.admission === undefined ? undefined : yield* gateOf(options.admission)
      const hosting = AuthPeer.make({ password, listen: `${hostIp}:4702`, ...options })
      return yield* keyed.on({ ip: hostIp, key: keyOf(1), passphrase, gate }, hosting)
    }),
    joiner,
    /** Joins, moving time along. */
    join,
    /** Joins in a scope of its own; `leave` leaves. */
    visit: (who: Joiner) => Effect.map(Machines.inOwnScope(join(who)), ({ leave, service }) => ({ ...service, leave })),
    /** Tries to join and says why it did not work: the tag, or why a secure transport refused it. */
    refusal: (who: Joiner) =>
      Effect.map(
        Effect.flip(Effect.scoped(joiner(who))),
        ({ reason }) => reason._tag === "Unreachable" ? reason.code : reason._tag
      )
  }
}
