/**
 * Every number of the protocol that somebody may tune, with its default, its unit, and what a larger value costs and
 * buys. Times the originals depend on say so. `make` fills in defaults, `config` reads the same from Effect's Config.
 */
import { Config, Duration, Schema } from "effect"

/** The tunable numbers of a peer. */
export interface PyileConfig {
  /** Patience for each step of joining. Larger: slow links get in; silent clients hold a place for longer. */
  readonly stepTimeout: Duration.Duration
  /** Unauthenticated connections at once, in all. Larger: more joiners at once; more memory for strangers. */
  readonly maxHandshakes: number
  /** Unauthenticated connections at once from one address. Larger: more joiners behind one NAT, and more guessers. */
  readonly maxHandshakesPerAddress: number
  /** Members at once. Larger: a larger network; lists grow with it, and every change is sent to everybody. */
  readonly maxMembers: number
  /**
   * Pause between the peer list and the dist address. An original joiner reads each with a single recv and dies of
   * both at once; nothing acknowledges the list, so only time keeps them apart. Smaller: faster joins, more failures.
   */
  readonly distAddressPause: Duration.Duration
  /** From a member's answer to its next heartbeat. Originals give up after 6 s without one. */
  readonly heartbeatInterval: Duration.Duration
  /** Patience for a heartbeat's answer; at least the round trip, best below `silence`. Larger: slow members stay; dead ones are listed for longer. */
  readonly heartbeatTimeout: Duration.Duration
  /** Silence after which a joiner gives its host up. Must exceed the interval by the network's delay. */
  readonly silence: Duration.Duration
  /**
   * Least time between two lists to one member; changes in between are merged. An original drops two lists that it
   * receives in one recv. Larger: less traffic while many join; older lists.
   */
  readonly distributionInterval: Duration.Duration
  /**
   * Bytes of lists a second to all members together. With 2,000 members one change is 100 MB, which takes 10 s at the
   * default; changes in between are merged. Larger: fresher lists in large networks; more traffic.
   */
  readonly distributionRate: number
  /** How long a member may leave a list unread before it is removed. */
  readonly distributionTimeout: Duration.Duration
  /** How long a leaving joiner keeps its dist connection open for an original host, which dies of a reset. */
  readonly lingerFor: Duration.Duration
  /** How long a kicked peer's address may not come back. */
  readonly kickFor: Duration.Duration
  /** Addresses whose wrong passwords are remembered; the oldest are forgotten first. Larger: more memory. */
  readonly maxLimbo: number
  /** Largest chat message sent, encoded, in bytes. An original loses what is larger than 2048. */
  readonly maxMessageBytes: number
  /** Largest chat message read, in bytes. Larger than what we send, as others may be tuned differently. */
  readonly maxReceivedBytes: number
  /** Largest peer list read, in bytes. Some 20 bytes a peer. */
  readonly maxListBytes: number
  /** Patience for a chat connection, as the original's. */
  readonly chatConnectTimeout: Duration.Duration
  /** Patience for the receiver's reply. Above 1 s it may block an original receiver that has members behind one address. */
  readonly replyTimeout: Duration.Duration
  /** Receivers written to at once. Larger: faster broadcasts; more sockets. */
  readonly sendConcurrency: number
  /** Chat connections open at once, in all, and from one address. */
  readonly maxChatConnections: number
  readonly maxChatConnectionsPerAddress: number
  /** A chat connection whose message is not there after this long is reset. */
  readonly chatTimeout: Duration.Duration
  /** What a peer remembers: conversations, messages in each, bytes of all, log entries. Larger: more memory. */
  readonly maxConversations: number
  readonly maxMessages: number
  readonly maxHistoryBytes: number
  readonly maxLogEntries: number
  /** Events held for a subscriber that does not keep up; the oldest are dropped. */
  readonly eventBuffer: number
}

/** What is used where nothing else is said. */
export const defaults: PyileConfig = {
  stepTimeout: Duration.seconds(4),
  maxHandshakes: 256,
  maxHandshakesPerAddress: 32,
  maxMembers: 10_000,
  distAddressPause: Duration.millis(100),
  heartbeatInterval: Duration.seconds(2),
  heartbeatTimeout: Duration.seconds(4),
  silence: Duration.seconds(6),
  distributionInterval: Duration.millis(150),
  distributionRate: 10_000_000,
  distributionTimeout: Duration.seconds(4),
  lingerFor: Duration.seconds(3),
  kickFor: Duration.seconds(30),
  maxLimbo: 10_000,
  maxMessageBytes: 2048,
  maxReceivedBytes: 65_536,
  maxListBytes: 1_048_576,
  chatConnectTimeout: Duration.seconds(2),
  replyTimeout: Duration.millis(800),
  sendConcurrency: 64,
  maxChatConnections: 1024,
  maxChatConnectionsPerAddress: 64,
  chatTimeout: Duration.seconds(4),
  maxConversations: 1000,
  maxMessages: 500,
  maxHistoryBytes: 16_777_216,
  maxLogEntries: 1000,
  eventBuffer: 1024
}

/** A configuration with the defaults for whatever is not given. */
export const make = (overrides: Partial<PyileConfig> = {}): PyileConfig => ({ ...defaults, ...overrides })

const duration = (name: string, fallback: Duration.Duration) => Config.Duration(name).pipe(Config.withDefault(fallback))
const Count = Schema.Int.check(Schema.isGreaterThan(0))
const count = (name: string, fallback: number) => Config.schema(Count, name).pipe(Config.withDefault(fallback))

/** The configuration from Effect's Config, by default the environment: `PYILE_STEP_TIMEOUT="4 seconds"` and so on. */
export const config: Config.Config<PyileConfig> = Config.all({
  stepTimeout: duration("STEP_TIMEOUT", defaults.stepTimeout),
  maxHandshakes: count("MAX_HANDSHAKES", defaults.maxHandshakes),
  maxHandshakesPerAddress: count("MAX_HANDSHAKES_PER_ADDRESS", defaults.maxHandshakesPerAddress),
  maxMembers: count("MAX_MEMBERS", defaults.maxMembers),
  distAddressPause: duration("DIST_ADDRESS_PAUSE", defaults.distAddressPause),
  heartbeatInterval: duration("HEARTBEAT_INTERVAL", defaults.heartbeatInterval),
  heartbeatTimeout: duration("HEARTBEAT_TIMEOUT", defaults.heartbeatTimeout),
  silence: duration("SILENCE", defaults.silence),
  distributionInterval: duration("DISTRIBUTION_INTERVAL", defaults.distributionInterval),
  distributionRate: count("DISTRIBUTION_RATE", defaults.distributionRate),
  distributionTimeout: duration("DISTRIBUTION_TIMEOUT", defaults.distributionTimeout),
  lingerFor: duration("LINGER_FOR", defaults.lingerFor),
  kickFor: duration("KICK_FOR", defaults.kickFor),
  maxLimbo: count("MAX_LIMBO", defaults.maxLimbo),
  maxMessageBytes: count("MAX_MESSAGE_BYTES", defaults.maxMessageBytes),
  maxReceivedBytes: count("MAX_RECEIVED_BYTES", defaults.maxReceivedBytes),
  maxListBytes: count("MAX_LIST_BYTES", defaults.maxListBytes),
  chatConnectTimeout: duration("CHAT_CONNECT_TIMEOUT", defaults.chatConnectTimeout),
  replyTimeout: duration("REPLY_TIMEOUT", defaults.replyTimeout),
  sendConcurrency: count("SEND_CONCURRENCY", defaults.sendConcurrency),
  maxChatConnections: count("MAX_CHAT_CONNECTIONS", defaults.maxChatConnections),
  maxChatConnectionsPerAddress: count("MAX_CHAT_CONNECTIONS_PER_ADDRESS", defaults.maxChatConnectionsPerAddress),
  chatTimeout: duration("CHAT_TIMEOUT", defaults.chatTimeout),
  maxConversations: count("MAX_CONVERSATIONS", defaults.maxConversations),
  maxMessages: count("MAX_MESSAGES", defaults.maxMessages),
  maxHistoryBytes: count("MAX_HISTORY_BYTES", defaults.maxHistoryBytes),
  maxLogEntries: count("MAX_LOG_ENTRIES", defaults.maxLogEntries),
  eventBuffer: count("EVENT_BUFFER", defaults.eventBuffer)
}).pipe(Config.nested("PYILE"))
