/**
 * Every number of the protocol that can be tuned, with its default, its unit, and what a larger value costs and buys.
 * `make` fills in defaults; `config` reads the same from Effect's Config, by default the environment:
 * `PEERPY_TIMEOUT="5 seconds"` and so on.
 */
import { Settings } from "@peerage/wire"
import { Config } from "effect"

const { count, duration } = Settings

/** All numbers, as the environment or another provider gives them. */
export const config = Config.all({
  /**
   * Time limit for connecting, for HELLO and for its answer, and the silence after which a connection is probed. A larger
   * value lets slower peers in and keeps silent strangers longer. An original has 2 s, and gives up a message that pauses
   * longer.
   */
  timeout: duration("TIMEOUT", "2 seconds"),
  /**
   * Connections at once, in all, with one address, and with one /24. A newcomer above `maxConnections` takes the place of
   * the connection that was silent for longest at the address with the most, or is denied. A larger value costs a file
   * descriptor and some 10 KB for each.
   */
  maxConnections: count("MAX_CONNECTIONS", 1000),
  maxConnectionsPerAddress: count("MAX_CONNECTIONS_PER_ADDRESS", 500),
  maxConnectionsPerNetwork: count("MAX_CONNECTIONS_PER_NETWORK", 750),
  /** Connections that have not said HELLO yet, in all, from one address, and from one /24. */
  maxHandshakes: count("MAX_HANDSHAKES", 64),
  maxHandshakesPerAddress: count("MAX_HANDSHAKES_PER_ADDRESS", 16),
  maxHandshakesPerNetwork: count("MAX_HANDSHAKES_PER_NETWORK", 48),
  /** Largest payload held in memory, in bytes. Bytes larger than that can be received as a stream only. */
  maxPayloadBytes: count("MAX_PAYLOAD_BYTES", 16_777_216),
  /**
   * Values that one json or raw payload may hold, and levels of lists and the like inside each other; of json never more
   * than 256. A larger value lets larger lists in; each 2^20 values take about half a second of one core, in slices.
   */
  maxValues: count("MAX_VALUES", 1_048_576),
  maxDepth: count("MAX_DEPTH", 1000),
  /**
   * Bytes of memory for what is unfinished or unread, of all connections together, about. Beyond that connections are
   * closed with `TooMuchHeld`: of the address that holds most, the one that has held most for longest. A larger value lets
   * more peers send large payloads at once.
   */
  maxHeldBytes: count("MAX_HELD_BYTES", 536_870_912),
  /**
   * How long nothing may come of a payload that has begun. A larger value bears longer outages of a network, and keeps what
   * has arrived for longer. A payload that comes slowly is not given up.
   */
  payloadTimeout: duration("PAYLOAD_TIMEOUT", "30 seconds"),
  /**
   * Payloads of one connection that wait for the application before the other end has to wait. Those that arrived
   * together with the last of them wait as well, so small ones are more.
   */
  maxWaiting: count("MAX_WAITING", 16),
  /**
   * Idle time after which TCP probes a connection; a dead host is found some 10 s later. With an original, whose own probes
   * are data, only by TCP's retransmission, on Linux after a quarter of an hour.
   */
  keepAlive: duration("KEEP_ALIVE", "15 seconds"),
  /** How long the other end may take nothing of a write before the connection is given up, however slow it is. */
  writeTimeout: duration("WRITE_TIMEOUT", "10 seconds"),
  /** Pause between ACCEPT and the first DATA to an original, which loses data that comes before its handlers are set. */
  settleFor: duration("SETTLE_FOR", "100 millis"),
  /** Time from the last write to an original until its connection is reset. A reset is the only end that it notices. */
  linger: duration("LINGER", "1 second"),
  /** Pause between two chunks of 8192 bytes to an original, where payloads to originals are paced. */
  chunkPause: duration("CHUNK_PAUSE", "2 millis"),
  /** How long a discovery waits for another answer. */
  discoverFor: duration("DISCOVER_FOR", "500 millis"),
  /** Peers that one discovery finds at most, and how long it takes at most. */
  maxDiscovered: count("MAX_DISCOVERED", 4096),
  discoverAtMost: duration("DISCOVER_AT_MOST", "10 seconds"),
  /**
   * Events held for a subscriber that does not keep up, and bytes of memory that their large values take, about. The oldest
   * are dropped.
   */
  eventBuffer: count("EVENT_BUFFER", 1024),
  maxEventBytes: count("MAX_EVENT_BYTES", 268_435_456)
}).pipe(Config.nested("PEERPY"))

/** The tunable numbers of a peer. */
export type PeerPyConfig = Config.Success<typeof config>

const settings = Settings.of(config)

/** The default of every number. */
export const defaults: PeerPyConfig = settings.defaults

/** A configuration with the defaults for the numbers that are not given. */
export const make: (overrides?: Partial<PeerPyConfig>) => PeerPyConfig = settings.make
