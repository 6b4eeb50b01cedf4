/** Every number of the secure transport that can be tuned, with its default, its unit, and what a larger value costs and buys. */
import * as OptionValue from "@peerage/transport/OptionValue"
import { Duration } from "effect"

/** The numbers. Give those that differ from the defaults. */
export interface SecureConfig {
  /** Time for the handshake and the admission together. A larger value lets slower peers in and keeps strangers longer. */
  readonly handshakeTimeout: Duration.Input
  /**
   * Time without streams after which the dialer closes a session; the other end does after twice as long. A larger value
   * saves handshakes, and keeps a carrier of some 20 KB open for it.
   */
  readonly idle: Duration.Input
  /** A dial in a session that was silent for longer asks first whether the peer is still there. */
  readonly fresh: Duration.Input
  /** Time for the answer to that. A larger value bears slower networks, and notices a dead peer later. */
  readonly probeTimeout: Duration.Input
  /** Time without progress after which a closed stream that still has something to send is reset. */
  readonly lingerTimeout: Duration.Input
  /** How long an end that leaves waits for the other to leave too, so that neither meets a reset. */
  readonly leaveTimeout: Duration.Input
  /** Bytes in a stream that its writer need not wait for. A larger value keeps fast ways busy, and takes that much memory. */
  readonly sendBuffer: number
  /**
   * Streams of one session at once. The dialer opens another session for more. Each costs some 1.5 KB, and 8192 bytes of
   * `maxSessionWindow` are kept for it.
   */
  readonly maxStreams: number
  /** Bytes that a fast stream may have under way. A larger value is faster over long ways, and takes that much memory. */
  readonly maxWindow: number
  /**
   * The same for all streams of a session, fast or slow, and so what a peer may make this end hold. A larger value lets more
   * streams be fast at once. Each may have 8192 bytes under way in any case.
   */
  readonly maxSessionWindow: number
  /** Bytes of answers that wait for a peer that reads nothing. Above that its session is reset. */
  readonly maxControlBytes: number
  /** Accepted sessions of one key at once. A further one closes one without streams, or is refused. */
  readonly maxSessionsPerKey: number
  /** Accepted carriers that have not opened a session yet, in all and from one address. */
  readonly maxHandshakes: number
  readonly maxHandshakesPerAddress: number
  /** Carriers accepted per second from one address; more wait. Each costs about 2 ms of one core before its key is known. */
  readonly carriersPerSecond: number
  /** Records of one direction from one change of its key to the next. Both ends must agree. */
  readonly rekeyInterval: number
}

/** What is used where nothing else is said. */
export const defaults: SecureConfig = {
  handshakeTimeout: "5 seconds",
  idle: "1 minute",
  fresh: "2 seconds",
  probeTimeout: "2 seconds",
  lingerTimeout: "30 seconds",
  leaveTimeout: "3 seconds",
  sendBuffer: 65_536,
  maxStreams: 512,
  maxWindow: 1_048_576,
  maxSessionWindow: 8_388_608,
  maxControlBytes: 65_536,
  maxSessionsPerKey: 8,
  maxHandshakes: 256,
  maxHandshakesPerAddress: 16,
  carriersPerSecond: 20,
  rekeyInterval: 65_536
}

const check = OptionValue.checkAll("config", {
  handshakeTimeout: OptionValue.span,
  idle: OptionValue.span,
  fresh: OptionValue.time,
  probeTimeout: OptionValue.span,
  lingerTimeout: OptionValue.span,
  leaveTimeout: OptionValue.span,
  sendBuffer: OptionValue.count,
  maxStreams: OptionValue.count,
  maxWindow: OptionValue.count,
  maxSessionWindow: OptionValue.count,
  maxControlBytes: OptionValue.count,
  maxSessionsPerKey: OptionValue.count,
  maxHandshakes: OptionValue.count,
  maxHandshakesPerAddress: OptionValue.count,
  carriersPerSecond: OptionValue.rate,
  rekeyInterval: OptionValue.count
})

/** The same with every time in milliseconds. */
export type Numbers = { readonly [Name in keyof SecureConfig]: number }

/** Fills in the defaults. Throws an `InvalidOption`, in an Effect a defect, for what can be no time or no count. */
export const make = (overrides: Partial<SecureConfig> = {}): Numbers => {
  check(overrides)
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined)
  const config: SecureConfig = { ...defaults, ...Object.fromEntries(given) }
  const millis = (time: Duration.Input) => Duration.toMillis(Duration.fromInputUnsafe(time))
  return {
    ...config,
    handshakeTimeout: millis(config.handshakeTimeout),
    idle: millis(config.idle),
    fresh: millis(config.fresh),
    probeTimeout: millis(config.probeTimeout),
    lingerTimeout: millis(config.lingerTimeout),
    leaveTimeout: millis(config.leaveTimeout)
  }
}
