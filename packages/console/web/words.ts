/** Numbers and times as people read them. */

// Each is made once: to make one takes a hundred times as long as to use it, and a page writes hundreds of times a frame.
const clocks = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" })
const days = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" })
const numbers = new Intl.NumberFormat("en-GB")

/** Of a moment: the time of the day. */
export const clock = (at: number): string => clocks.format(at)

/** Of a moment: the day. */
export const day = (at: number): string => days.format(at)

/** A length of time in its two largest units at most, as "4 min" or "2 h 5 min". */
export const lasting = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** A number in about three digits, as "9.4k". */
export const short = (value: number): string => {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)}G`
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}M`
  if (value >= 1e4) return `${Math.round(value / 1e3)}k`
  if (value >= 1e3) return `${(value / 1e3).toFixed(1)}k`
  return value >= 10 || value === 0 ? String(Math.round(value)) : value.toFixed(1)
}

/** A number with its thousands apart. */
export const grouped = (value: number): string => numbers.format(value)

/** Bytes, as "1.4 MB". */
export const bytes = (value: number): string => {
  if (value < 1000) return `${Math.round(value)} B`
  const unit = value < 1e6 ? "kB" : value < 1e9 ? "MB" : "GB"
  const scaled = value / (unit === "kB" ? 1e3 : unit === "MB" ? 1e6 : 1e9)
  return `${scaled < 100 ? scaled.toFixed(1) : Math.round(scaled)} ${unit}`
}

/** "1 member", "2 members". */
export const count = (many: number, one: string, several = `${one}s`): string =>
  `${grouped(many)} ${many === 1 ? one : several}`

const address = /^(\d+)\.\d+\.\d+\.(\d+):(\d+)$/

/** Two letters for a name; for an address the end of its host, or on this machine of its port, which tell more than its beginning. */
export const initials = (name: string): string => {
  const [, first, last = "", port = ""] = address.exec(name) ?? []
  if (first !== undefined) return (first === "127" ? port : last).slice(-2)
  return name.replace(/[^\p{L}\p{N}]/gu, "").slice(0, 2).toUpperCase()
}

/** One of eight colours, always the same for the same id. */
export const hue = (id: string): string =>
  `hue${[...id].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 8, 7)}`
