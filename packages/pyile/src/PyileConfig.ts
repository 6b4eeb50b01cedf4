/**
 * Every number of the protocol that somebody may tune, with its default, its unit, and what a larger value costs and
 * buys. Times that the originals depend on say so. `make` fills in defaults; `config` reads the same from Effect's Config,
 * by default the environment: `PYILE_STEP_TIMEOUT="4 seconds"` and so on.
 */
import { Settings } from "@peerage/wire"
import { Config } from "effect"

const { count, duration, interval } = Settings

/** All numbers, as the environment or another provider gives them. */
export const config = Config.all({
  /** Time limit of each step of joining; of the list, the longest time without a byte of it. Larger: slow links get in; silent clients hold a place for longer. */
  stepTimeout: duration("STEP_TIMEOUT", "4 seconds"),
  /** Unauthenticated connections at once, in all. Larger: more joiners at once; more memory for strangers. */
  maxHandshakes: count("MAX_HANDSHAKES", 256),
  /** Unauthenticated connections at once from one address. Larger: more joiners behind one NAT, and more guessers. */
  maxHandshakesPerAddress: count("MAX_HANDSHAKES_PER_ADDRESS", 32),
  /** Unauthenticated connections at once from one /24. Larger: more joiners of one local network, and more strangers. */
  maxHandshakesPerNetwork: count("MAX_HANDSHAKES_PER_NETWORK", 224),
  /** Members at once. Larger: a larger network; lists grow with it, and every change is sent to everybody. */
  maxMembers: count("MAX_MEMBERS", 10_000),
  /**
   * Pause between the peer list and the dist address. An original joiner reads each with a single recv and dies of
   * both at once; nothing acknowledges the list, so only time keeps them apart. Smaller: faster joins, more failures.
   */
  distAddressPause: duration("DIST_ADDRESS_PAUSE", "100 millis"),
  /**
   * How long a joiner may take to open its dist connection while others at its address wait for their turn. Larger: slow
   * links get in where many join from one address; one that opens none holds up the others there for longer.
   */
  distTurn: duration("DIST_TURN", "500 millis"),
  /** From a member's answer to its next heartbeat. Originals give up after 6 s without one. */
  heartbeatInterval: interval("HEARTBEAT_INTERVAL", "2 seconds"),
  /** Time limit of a heartbeat's answer; at least the round trip, best below `silence`. Larger: slow members stay; dead ones are listed for longer. */
  heartbeatTimeout: duration("HEARTBEAT_TIMEOUT", "4 seconds"),
  /** Silence after which a joiner gives its host up. Must exceed the interval by the network's delay. */
  silence: duration("SILENCE", "6 seconds"),
  /**
   * Least time between two lists to one member; changes in between are merged. An original drops two lists that it
   * receives in one recv. Larger: less traffic while many join; older lists.
   */
  distributionInterval: duration("DISTRIBUTION_INTERVAL", "150 millis"),
  /**
   * Bytes of lists a second to all members together. With 2,000 members one change is 100 MB, which takes 10 s at the
   * default; changes in between are merged. Larger: fresher lists in large networks; more traffic.
   */
  distributionRate: count("DISTRIBUTION_RATE", 10_000_000),
  /** How long a member may take nothing of a list before it is removed, however slow it is. */
  distributionTimeout: duration("DISTRIBUTION_TIMEOUT", "4 seconds"),
  /** How long a leaving joiner keeps its dist connection open for an original host, which dies of a reset. */
  lingerFor: duration("LINGER_FOR", "3 seconds"),
  /** How long a kicked peer's address may not come back. */
  kickFor: duration("KICK_FOR", "30 seconds"),
  /** Addresses whose wrong passwords are remembered; the oldest are forgotten first. Larger: more memory. */
  maxLimbo: count("MAX_LIMBO", 10_000),
  /** Largest chat message sent, encoded, in bytes. An original loses what is larger than 2048. */
  maxMessageBytes: count("MAX_MESSAGE_BYTES", 2048),
  /** Largest chat message read, in bytes. Larger than what we send, as others may be tuned differently. */
  maxReceivedBytes: count("MAX_RECEIVED_BYTES", 65_536),
  /** Largest peer list read, in bytes. Some 20 bytes a peer; beyond 50,000 peers a list is refused in any case. */
  maxListBytes: count("MAX_LIST_BYTES", 1_048_576),
  /** Time limit of a dial for chat, as the original's. */
  chatConnectTimeout: duration("CHAT_CONNECT_TIMEOUT", "2 seconds"),
  /** Time limit of the receiver's reply. Above 1 s it may block an original receiver that has members behind one address. */
  replyTimeout: duration("REPLY_TIMEOUT", "800 millis"),
  /** Receivers written to at once. Larger: faster broadcasts; more sockets. */
  sendConcurrency: count("SEND_CONCURRENCY", 64),
  /** Chat connections open at once, in all, from one address, and from one /24. */
  maxChatConnections: count("MAX_CHAT_CONNECTIONS", 1024),
  maxChatConnectionsPerAddress: count("MAX_CHAT_CONNECTIONS_PER_ADDRESS", 64),
  maxChatConnectionsPerNetwork: count("MAX_CHAT_CONNECTIONS_PER_NETWORK", 512),
  /** A chat connection whose message is not there after this long is reset. */
  chatTimeout: duration("CHAT_TIMEOUT", "4 seconds"),
  /**
   * Bytes of memory for what is unfinished or unread, of all connections together, about: messages that are not whole,
   * answers, and as much again for peer lists that members have not read. Beyond that connections are closed: of the
   * address that holds most, the one that has held most for longest; for lists, the members with the oldest one.
   */
  maxHeldBytes: count("MAX_HELD_BYTES", 67_108_864),
  /** What a peer remembers: conversations, messages in each, bytes of memory of all, log entries. Larger: more memory. */
  maxConversations: count("MAX_CONVERSATIONS", 1000),
  maxMessages: count("MAX_MESSAGES", 500),
  maxHistoryBytes: count("MAX_HISTORY_BYTES", 16_777_216),
  maxLogEntries: count("MAX_LOG_ENTRIES", 1000),
  /**
   * Events held for a subscriber that does not keep up, and bytes of memory that the large ones take, about; the oldest
   * are dropped.
   */
  eventBuffer: count("EVENT_BUFFER", 1024),
  maxEventBytes: count("MAX_EVENT_BYTES", 67_108_864)
}).pipe(Config.nested("PYILE"))

/** The tunable numbers of a peer. */
export type PyileConfig = Config.Success<typeof config>

export const {
  /** What is used where nothing else is said. */
  defaults,
  /** A configuration with the defaults for whatever is not given. */
  make
} = Settings.of(config, { intervals: ["heartbeatInterval"] })
