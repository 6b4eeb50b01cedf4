/**
 * Every number of the protocol that somebody may tune, with its default, its unit, and what a larger value costs and
 * buys. `make` fills in defaults; `config` reads the same from Effect's Config, by default the environment:
 * `PYRATE_EXPIRY="20 minutes"` and so on.
 */
import { Config, ConfigProvider, Duration, Effect, Schema } from "effect"

const duration = (name: string, fallback: Duration.Input) =>
  Config.Duration(name).pipe(Config.withDefault(Duration.fromInputUnsafe(fallback)))
const Count = Schema.Int.check(Schema.isGreaterThan(0))
const count = (name: string, fallback: number) => Config.schema(Count, name).pipe(Config.withDefault(fallback))

/** All numbers, as the environment or another provider gives them. */
export const config = Config.all({
  /** Patience for a connection. Larger: slow peers are reached; dead ones hold a worker for longer. */
  connectTimeout: duration("CONNECT_TIMEOUT", "4 seconds"),
  /** Silence after which a message is taken to be whole: nothing on the wire ends one but the connection's end. */
  messageSilence: duration("MESSAGE_SILENCE", "400 millis"),
  /** Patience for the first byte of a message, of a list and of a file, and between two pieces of them. */
  idleTimeout: duration("IDLE_TIMEOUT", "10 seconds"),
  /** How long a holder tries to reach somebody who asked for a file, and who may listen only a moment later. */
  dialBackFor: duration("DIAL_BACK_FOR", "2 seconds"),
  /** Largest message read, in bytes. */
  maxMessageBytes: count("MAX_MESSAGE_BYTES", 2048),
  /** Largest list read, in bytes. */
  maxListBytes: count("MAX_LIST_BYTES", 1_048_576),
  /** Connections at once that have not said what they want, in all and from one address. */
  maxHandshakes: count("MAX_HANDSHAKES", 256),
  maxHandshakesPerAddress: count("MAX_HANDSHAKES_PER_ADDRESS", 64),
  /** How long a bootstrap lists a peer that it does not hear of. An original's is 10 minutes too. */
  expiry: duration("EXPIRY", "10 minutes"),
  /** Peers that a bootstrap lists, in all and at one address; the oldest are kept. */
  maxRegistrations: count("MAX_REGISTRATIONS", 100_000),
  maxRegistrationsPerAddress: count("MAX_REGISTRATIONS_PER_ADDRESS", 256),
  /** How often a peer says that it is still there, and looks whether it is listed. Less than half of the bootstrap's expiry. */
  keepAlive: duration("KEEP_ALIVE", "5 minutes"),
  /** How often a peer looks at its directory again. */
  rescan: duration("RESCAN", "1 minute"),
  /** Commands done at once, of those that come from others and of one's own. Larger: more at once; more sockets. */
  maxWorkers: count("MAX_WORKERS", 4),
  /** Commands of others that wait; more are refused. */
  maxWaiting: count("MAX_WAITING", 1024),
  /** Peers that a peer knows at most. */
  maxPeers: count("MAX_PEERS", 1000),
  /** How far a search goes at most, in hops; one that would go further is cut. */
  maxTtl: count("MAX_TTL", 10),
  /** Peers to whom a search is passed on, chosen at random among more. Larger: more is found; more traffic. */
  maxFanOut: count("MAX_FAN_OUT", 16),
  /** Messages about searches, answers among them, that a peer sends within a second at most; beyond, others' are dropped. */
  maxSearchesPerSecond: count("MAX_SEARCHES_PER_SECOND", 200),
  /** Answers to one address within a second at most: whoever searches names the address that is answered to. */
  maxResponsesPerSecond: count("MAX_RESPONSES_PER_SECOND", 5),
  /** Searches remembered, and for how long. */
  maxSeen: count("MAX_SEEN", 10_000),
  seenFor: duration("SEEN_FOR", "10 minutes"),
  /** Largest file taken, in bytes. */
  maxFileBytes: count("MAX_FILE_BYTES", 1_099_511_627_776),
  /** How often the progress of a transfer is told. */
  progressEvery: duration("PROGRESS_EVERY", "250 millis"),
  /** Events held for a subscriber that does not keep up; the oldest are dropped. */
  eventBuffer: count("EVENT_BUFFER", 1024)
}).pipe(Config.nested("PYRATE"))

/** The tunable numbers of a peer. */
export type PyrateConfig = Config.Success<typeof config>

/** What is used where nothing else is said. */
export const defaults: PyrateConfig = Effect.runSync(config.parse(ConfigProvider.fromUnknown({})))

/** A configuration with the defaults for whatever is not given. */
export const make = (overrides: Partial<PyrateConfig> = {}): PyrateConfig => ({ ...defaults, ...overrides })
