/** What passed through a simulated network, as data and as text: so that a failing test explains itself. */

/** One segment or datagram. Acknowledgements without content are not recorded. */
export interface Entry {
  /** When it left, in milliseconds. */
  readonly at: number
  /** When it arrives, in milliseconds; `undefined` when it does not. */
  readonly arrives: number | undefined
  /** `host:port` it came from. */
  readonly from: string
  /** `host:port` it goes to. */
  readonly to: string
  readonly kind: "SYN" | "SYN-ACK" | "DATA" | "FIN" | "RST" | "PROBE" | "DATAGRAM"
  /** Bytes of content. */
  readonly length: number
  /** The first bytes of content, as many as the network keeps (`traceBytes`). */
  readonly bytes: Uint8Array
  /** What became of it. */
  readonly fate: Fate
  /** True for a retransmission, or the second copy of a datagram. */
  readonly again: boolean
}

/**
 * Sent: on its way. Lost: by the link's chance. Partitioned: the direction is blocked. Dead: the host does not run.
 * NoHost: nobody has that address. NoPort: no datagram socket is bound there. What is dropped at its arrival has a
 * second entry then.
 */
export type Fate = "Sent" | "Lost" | "Partitioned" | "Dead" | "NoHost" | "NoPort"

/** How wide a chart may get. */
export interface ChartOptions {
  /** Columns between two hosts. Default 48. */
  readonly spacing?: number | undefined
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")

/** One line per entry, complete: two traces are equal when this text is. */
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

/** Content as printable text: what is not printable ASCII becomes a dot. */
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

/** An arrow with its label in the middle, exactly `width` long. */
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
 * A sequence chart: one column per host, an arrow per entry with the time it left, a preview of its content and its
 * ports. What is not printable is shown as dots, and an arrow that ends in `x` did not arrive.
 */
export const chart = (entries: ReadonlyArray<Entry>, options: ChartOptions = {}): string => {
  const spacing = Math.max(options.spacing ?? 48, 16)
  const hosts = [...new Set(entries.flatMap((entry) => [hostOf(entry.from), hostOf(entry.to)]))]
  const heading = " ".repeat(timeWidth) +
    hosts.map((host) => host.slice(0, spacing - 1).padEnd(spacing)).join("").trimEnd()
  return [heading, ...entries.map((entry) => line(entry, hosts, spacing))].join("\n")
}
