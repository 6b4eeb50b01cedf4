/**
 * The tunable numbers: default, unit, and what a larger value costs and buys. `make` fills in defaults; `config` reads
 * the same numbers from Effect's Config, by default the environment: `PYRATE_EXPIRY="20 minutes"` and so on.
 */
import { Settings } from "@peerage/wire"
import { Config } from "effect"

const { amount, count, duration, interval } = Settings

/** All numbers, as the environment or another provider gives them. */
export const config = Config.all({
  /** Time limit of a dial. Larger: slow peers are reached; dead ones occupy a worker for longer. */
  connectTimeout: duration("CONNECT_TIMEOUT", "4 seconds"),
  /** Silence that ends a request: nothing else on the wire does, except the end of the connection. */
  messageSilence: duration("MESSAGE_SILENCE", "400 millis"),
  /** Time limit of a request; of a list and a file, the longest time without a byte of it, however slow they are. */
  idleTimeout: duration("IDLE_TIMEOUT", "10 seconds"),
  /** How long a holder tries to dial a requester back, which may listen only a moment later. */
  dialBackFor: duration("DIAL_BACK_FOR", "2 seconds"),
  /** Largest request read, in bytes. */
  maxMessageBytes: count("MAX_MESSAGE_BYTES", 2048),
  /** Largest list of peers read, in bytes. */
  maxListBytes: count("MAX_LIST_BYTES", 1_048_576),
  /** Largest list of files read as a whole, in bytes. Larger: more files; a peer can make this one use more memory. */
  maxFileListBytes: count("MAX_FILE_LIST_BYTES", 67_108_864),
  /** Open connections that have not sent their request yet, in all, from one address, and from one /24. */
  maxHandshakes: count("MAX_HANDSHAKES", 256),
  maxHandshakesPerAddress: count("MAX_HANDSHAKES_PER_ADDRESS", 64),
  maxHandshakesPerNetwork: count("MAX_HANDSHAKES_PER_NETWORK", 192),
  /** How long a bootstrap lists a silent peer. An original's limit is 10 minutes too. */
  expiry: duration("EXPIRY", "10 minutes"),
  /** Peers that a bootstrap lists, in all and at one address. A full list refuses newcomers. */
  maxRegistrations: count("MAX_REGISTRATIONS", 100_000),
  maxRegistrationsPerAddress: count("MAX_REGISTRATIONS_PER_ADDRESS", 256),
  /** Time between two keep-alives, each with a look at the list. Less than half of the bootstrap's expiry. */
  keepAlive: interval("KEEP_ALIVE", "5 minutes"),
  /** Time between two looks at the shared directory. */
  rescan: interval("RESCAN", "1 minute"),
  /** Commands of this peer that run at once: downloads, and all others. Larger: more at once; more sockets. */
  maxWorkers: count("MAX_WORKERS", 4),
  /**
   * Requests of others that are answered at once, in all, from one address, and from one /24; and as many transfers. Larger:
   * more at once; more sockets, and half a megabyte for each transfer.
   */
  maxServed: count("MAX_SERVED", 64),
  maxServedPerAddress: count("MAX_SERVED_PER_ADDRESS", 16),
  maxServedPerNetwork: count("MAX_SERVED_PER_NETWORK", 48),
  /** Commands of others that wait, in all, from one address, and from one /24; more are refused. */
  maxWaiting: count("MAX_WAITING", 256),
  maxWaitingPerAddress: count("MAX_WAITING_PER_ADDRESS", 64),
  maxWaitingPerNetwork: count("MAX_WAITING_PER_NETWORK", 192),
  /** Peers that a peer knows. */
  maxPeers: count("MAX_PEERS", 1000),
  /** Hops of a search; one that asks for more is cut. */
  maxTtl: count("MAX_TTL", 10),
  /** Peers that get a search, chosen at random among more. Larger: more is found; more traffic. */
  maxFanOut: count("MAX_FAN_OUT", 16),
  /**
   * Searches and answers that a peer sends in a second; those of others are dropped beyond. As many again are kept for
   * searches from addresses that bring few, so that one that brings many starves no other.
   */
  maxSearchesPerSecond: count("MAX_SEARCHES_PER_SECOND", 200),
  /** Answers to one address in a second. Whoever searches can name any address as the one to answer. */
  maxResponsesPerSecond: count("MAX_RESPONSES_PER_SECOND", 5),
  /** Searches remembered, and for how long. */
  maxSeen: count("MAX_SEEN", 10_000),
  seenFor: duration("SEEN_FOR", "10 minutes"),
  /** Largest file accepted, in bytes. */
  maxFileBytes: count("MAX_FILE_BYTES", 1_099_511_627_776),
  /**
   * Bytes a second that a download has to reach in all, or it is given up; the first `idleTimeout` does not count. Zero,
   * the default, sets no such floor: then it may take for ever while something comes.
   */
  minBytesPerSecond: amount("MIN_BYTES_PER_SECOND"),
  /** Time between two `Progress` events of a download, and two `Serving` events of an upload. */
  progressEvery: duration("PROGRESS_EVERY", "250 millis"),
  /**
   * Bytes of peer lists that requesters of a bootstrap have not read, of all connections together. Beyond that connections
   * are reset: of the address that holds most, the one that has held most for longest.
   */
  maxHeldBytes: count("MAX_HELD_BYTES", 33_554_432),
  /** Events buffered for a slow subscriber, and bytes of memory that lists in them take; the oldest are dropped. */
  eventBuffer: count("EVENT_BUFFER", 1024),
  maxEventBytes: count("MAX_EVENT_BYTES", 67_108_864)
}).pipe(Config.nested("PYRATE"))

/** The tunable numbers of a peer. */
export type PyrateConfig = Config.Success<typeof config>

export const {
  /** What is used where nothing else is said. */
  defaults,
  /** A configuration with the defaults for whatever is not given. */
  make
} = Settings.of(config, { intervals: ["keepAlive", "rescan"] })
