/** The packets of a simulated network, as data, as text and as a sequence chart. */

/** One TCP packet or datagram. Acknowledgements without content are not recorded. */
export interface Entry {
  /** When it was sent, or dropped on arrival, in milliseconds. */
  readonly at: number
  /** When it arrives, in milliseconds; `undefined` when it was dropped. */
  readonly arrives: number | undefined
  /** `host:port` of the sender. */
  readonly from: string
  /** `host:port` of the receiver. */
  readonly to: string
  /** The kind of TCP packet, or DATAGRAM for UDP. A PROBE asks for an acknowledgement. */
  readonly kind: "SYN" | "SYN-ACK" | "DATA" | "FIN" | "RST" | "PROBE" | "DATAGRAM"
  /** Bytes of content. */
  readonly length: number
  /** The first bytes of content, at most `MemoryNetwork.Options.traceBytes`. */
  readonly bytes: Uint8Array
  /** Whether it was sent, or why it was dropped. */
  readonly fate: Fate
  /** True for a retransmission, or the second copy of a duplicated datagram. */
  readonly again: boolean
}

/**
 * Sent: it is on its way. Lost: the link's `loss` dropped it. Partitioned: a partition blocks the direction. Dead: the
 * host is not running. NoHost: no host has the address. NoPort: no datagram socket is bound to the port. A packet that
 * is dropped on arrival has two entries, the first with the fate Sent.
 */
export type Fate = "Sent" | "Lost" | "Partitioned" | "Dead" | "NoHost" | "NoPort"

/** The layout of a chart. */
export interface ChartOptions {
  /** Characters from one host's line to the next, at least 16. Default 48. */
  readonly spacing?: number | undefined
  /** The IP addresses of hosts whose columns come first, in this order. Default: all in the order of their packets. */
  readonly hosts?: ReadonlyArray<string> | undefined
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")

/** One line per entry with all its fields. Two traces are equal when their texts are. */
export const format = (entries: ReadonlyArray<Entry>): string =>
  entries.map((entry) =>
    [
      entry.at,
      entry.arrives ?? "never",
      entry.from,
      entry.to,
      entry.kind,
      entry.length,
      entry.fate,
      entry.again ? "again" : "first",
      hex(entry.bytes)
    ].join(" ")
  ).join("\n")

const encoded = new TextDecoder()

/** The content as text of at most `room` characters. Anything but printable ASCII becomes a dot. */
const preview = (entry: Entry, room: number): string => {
  if (entry.length === 0) return ""
  const text = encoded.decode(entry.bytes).replace(/[^\x20-\x7e]/g, ".")
  const cut = text.length > room || entry.bytes.length < entry.length
  return cut ? `"${text.slice(0, Math.max(room - 2, 0))}..` : `"${text}"`
}

const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(":"))
const portOf = (address: string): string => address.slice(address.lastIndexOf(":") + 1)

const label = (entry: Entry, room: number): string => {
  const again = entry.again ? "again " : ""
  const size = entry.length > 0 ? ` ${entry.length}` : ""
  const fate = entry.fate === "Sent" ? "" : ` (${entry.fate})`
  const head = `${again}${entry.kind}${size}${fate}`
  const text = preview(entry, room - head.length - 3)
  return text === "" ? head : `${head} ${text}`
}

/** An arrow with its label in the middle, exactly `width` characters long. */
const arrow = (text: string, width: number, rightwards: boolean, arrives: boolean): string => {
  const shown = text.slice(0, width - 7)
  const free = width - shown.length - 3
  const left = "-".repeat(Math.floor(free / 2))
  const right = "-".repeat(Math.ceil(free / 2))
  if (rightwards) return `${left} ${shown} ${right}${arrives ? ">" : "x"}`
  return `${arrives ? "<" : "x"}${left} ${shown} ${right}`
}

const timeWidth = 12

const line = (entry: Entry, hosts: ReadonlyArray<string>, spacing: number): string => {
  const from = hosts.indexOf(hostOf(entry.from))
  const to = hosts.indexOf(hostOf(entry.to))
  const lanes = hosts.map(() => "|".padEnd(spacing)).join("").trimEnd()
  const ports = `  :${portOf(entry.from)} -> :${portOf(entry.to)}`
  const time = `${entry.at}`.padStart(timeWidth - 2) + "  "
  if (from === to) return `${time}${lanes}  (itself) ${label(entry, spacing)}${ports}`
  const start = Math.min(from, to) * spacing + 1
  const width = Math.abs(to - from) * spacing - 1
  const drawn = arrow(label(entry, width - 6), width, from < to, entry.fate === "Sent")
  return time + lanes.slice(0, start) + drawn + lanes.slice(start + width) + ports
}

/**
 * A sequence chart: a column per host and an arrow per entry, with its time, the start of its content, and its ports.
 * An arrow that ends in `x` did not arrive. Unprintable content is shown as dots.
 */
export const chart = (entries: ReadonlyArray<Entry>, options: ChartOptions = {}): string => {
  const spacing = Math.max(options.spacing ?? 48, 16)
  const met = entries.flatMap((entry) => [hostOf(entry.from), hostOf(entry.to)])
  const hosts = [...new Set([...options.hosts ?? [], ...met])]
  const heading = " ".repeat(timeWidth) +
    hosts.map((host) => host.slice(0, spacing - 1).padEnd(spacing)).join("").trimEnd()
  return [heading, ...entries.map((entry) => line(entry, hosts, spacing))].join("\n")
}
