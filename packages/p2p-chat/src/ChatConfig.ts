/**
 * Every number of the protocol that somebody may tune, with its default, its unit, and what a larger value costs and
 * buys. `make` fills in defaults; `config` reads the same from Effect's Config, by default the environment:
 * `P2P_CHAT_HANDSHAKE_TIMEOUT="4 seconds"` and so on.
 */
import { Settings } from "@peerage/wire"
import { Config } from "effect"

const { count, duration } = Settings

/** All numbers, as the environment or another provider gives them. */
export const config = Config.all({
  /** Patience for connecting and for each step of the handshake. Larger: slow links get in; silent strangers stay longer. */
  handshakeTimeout: duration("HANDSHAKE_TIMEOUT", "4 seconds"),
  /** Connections that have not shaken hands yet, in all and from one address. Larger: more joiners at once; more strangers. */
  maxHandshakes: count("MAX_HANDSHAKES", 64),
  maxHandshakesPerAddress: count("MAX_HANDSHAKES_PER_ADDRESS", 16),
  /** Peers joined through this one at once. An original takes 10 in its whole life. Larger: flatter networks; more sockets. */
  maxConnections: count("MAX_CONNECTIONS", 10),
  /** Idle time after which a neighbour is probed; a dead one is found some 10 s later. Larger: fewer probes; half-open neighbours stay longer. */
  keepAlive: duration("KEEP_ALIVE", "15 seconds"),
  /** How long a neighbour may leave a write unread before it is let go. */
  writeTimeout: duration("WRITE_TIMEOUT", "10 seconds"),
  /** Largest frame read and sent, in bytes, without its header. */
  maxFrameBytes: count("MAX_FRAME_BYTES", 65_536),
  /** Messages waiting for one neighbour to read, and their bytes; more are kept in the store. Larger: fewer, longer writes. */
  maxOutbox: count("MAX_OUTBOX", 1024),
  maxOutboxBytes: count("MAX_OUTBOX_BYTES", 4_194_304),
  /**
   * Segments to an original before a pause, and the pause; a frame counts for as many as it fills, 1400 bytes each. It
   * reads a frame with one recv of its header and one of its body and closes when either is cut, as happens when more is
   * under way than one window holds. Longer: safer on slow links; slower bursts.
   */
  burst: count("BURST", 8),
  burstPause: duration("BURST_PAUSE", "20 millis"),
  /** Peers that one neighbour may announce. Larger: larger networks; more memory, and longer lists, for a liar. */
  maxPeers: count("MAX_PEERS", 10_000),
  /** Connections to cross at most; a peer further away is not known. Bounds how long a stale route can go round. */
  maxHops: count("MAX_HOPS", 256),
  /** What is kept for peers that cannot be reached: messages, their bytes, and for how long. Larger: more memory. */
  maxStored: count("MAX_STORED", 10_000),
  maxStoredBytes: count("MAX_STORED_BYTES", 16_777_216),
  maxStoredFor: duration("MAX_STORED_FOR", "1 hour"),
  /** Events held for a subscriber that does not keep up; the oldest are dropped. More than one read can bring. */
  eventBuffer: count("EVENT_BUFFER", 8192)
}).pipe(Config.nested("P2P_CHAT"))

/** The tunable numbers of a peer. */
export type ChatConfig = Config.Success<typeof config>

const settings = Settings.of(config)

/** What is used where nothing else is said. */
export const defaults: ChatConfig = settings.defaults

/** A configuration with the defaults for whatever is not given. */
export const make: (overrides?: Partial<ChatConfig>) => ChatConfig = settings.make
