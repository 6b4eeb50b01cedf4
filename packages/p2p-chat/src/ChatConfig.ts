/**
 * The tunable numbers of the protocol, each with its default, its unit, and what a larger value costs and buys. `make`
 * fills in defaults; `config` reads them from Effect's Config, by default the environment:
 * `P2P_CHAT_HANDSHAKE_TIMEOUT="4 seconds"` and so on.
 */
import { Settings } from "@peerage/wire"
import { Config } from "effect"

const { count, duration, lifetime } = Settings

/** All numbers, as the environment or another provider gives them. */
export const config = Config.all({
  /** Time for connecting and for each step of the handshake. Larger: slow links get in; silent strangers stay longer. */
  handshakeTimeout: duration("HANDSHAKE_TIMEOUT", "4 seconds"),
  /** Unfinished handshakes, in all, from one address, and from one /24. Larger: more joiners at once; more strangers. */
  maxHandshakes: count("MAX_HANDSHAKES", 64),
  maxHandshakesPerAddress: count("MAX_HANDSHAKES_PER_ADDRESS", 16),
  maxHandshakesPerNetwork: count("MAX_HANDSHAKES_PER_NETWORK", 48),
  /**
   * Joiners at a time. A newcomer above it takes the place of the joiner that was silent for longest at the address with
   * the most, or is turned away. An original accepts 10 in its lifetime. Larger: flatter networks; more sockets.
   */
  maxConnections: count("MAX_CONNECTIONS", 10),
  /** Joiners from one address, and from one /24. The default leaves all places to a machine or a local network of one's own. */
  maxConnectionsPerAddress: count("MAX_CONNECTIONS_PER_ADDRESS", 10_000),
  maxConnectionsPerNetwork: count("MAX_CONNECTIONS_PER_NETWORK", 10_000),
  /** Silence before TCP probes a neighbour; a dead one is found 10 s later. Larger: fewer probes; dead ones stay longer. */
  keepAlive: duration("KEEP_ALIVE", "15 seconds"),
  /** How long a neighbour may take nothing of a write before it is disconnected. Larger: those that do not read stay longer. */
  writeTimeout: duration("WRITE_TIMEOUT", "10 seconds"),
  /** Largest frame read and sent, in bytes, without its header. Larger: longer text; more memory per neighbour. */
  maxFrameBytes: count("MAX_FRAME_BYTES", 65_536),
  /** Messages queued for one neighbour, and their bytes; further ones are stored. Larger: fewer, longer writes. */
  maxOutbox: count("MAX_OUTBOX", 1024),
  maxOutboxBytes: count("MAX_OUTBOX_BYTES", 4_194_304),
  /**
   * Bytes of memory for frames that are not whole and for messages queued for neighbours, of all connections together,
   * about. Beyond that connections are closed with `TooMuchHeld`: of the address that holds most, the one that has held
   * most for longest. Larger: more neighbours may be slow at once.
   */
  maxHeldBytes: count("MAX_HELD_BYTES", 67_108_864),
  /** How long nothing may come of a frame that has begun, about. Larger: longer outages are borne; the frame is kept longer. */
  frameTimeout: duration("FRAME_TIMEOUT", "30 seconds"),
  /**
   * Segments of 1400 bytes sent to an original before a pause, and the pause. An original reads the header and the body of
   * a frame with one recv each, and closes the connection when either is cut; that happens when more is under way than its
   * window holds. A longer pause: safer on slow links; slower bursts.
   */
  burst: count("BURST", 8),
  burstPause: duration("BURST_PAUSE", "20 millis"),
  /** Peers that one neighbour may announce. Larger: larger networks; more memory, and longer lists, for a liar. */
  maxPeers: count("MAX_PEERS", 10_000),
  /** Connections on a route at most; peers further away are not known. Larger: longer networks; stale routes go round longer. */
  maxHops: count("MAX_HOPS", 256),
  /** Messages stored for peers that cannot be reached, their bytes, and for how long. Larger: more memory. */
  maxStored: count("MAX_STORED", 10_000),
  maxStoredBytes: count("MAX_STORED_BYTES", 16_777_216),
  maxStoredFor: lifetime("MAX_STORED_FOR", "1 hour"),
  /**
   * How long text for a joiner whose connection broke waits for it, though another neighbour says to lead there. Larger:
   * longer outages give nobody its text; one that came back elsewhere gets its own later.
   */
  reserveFor: duration("RESERVE_FOR", "2 minutes"),
  /** Events held for a slow subscriber; the oldest are dropped. The default is more than one read can bring. Larger: more memory. */
  eventBuffer: count("EVENT_BUFFER", 8192),
  /** Bytes of memory that large events held for a slow subscriber take, about; the oldest are dropped. */
  maxEventBytes: count("MAX_EVENT_BYTES", 67_108_864)
}).pipe(Config.nested("P2P_CHAT"))

/** The tunable numbers of a peer. */
export type ChatConfig = Config.Success<typeof config>

const settings = Settings.of(config, { lifetimes: ["maxStoredFor"] })

/** The defaults. */
export const defaults: ChatConfig = settings.defaults

/** A configuration with defaults for what is not given. */
export const make: (overrides?: Partial<ChatConfig>) => ChatConfig = settings.make
