/** A download under way, and the amounts in it as people read them. Pure: times are inputs, in milliseconds. */

const units = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const
const step = 1024
const tens = 10

/** An amount of bytes: `1 byte`, `812 bytes`, `1.2 MiB`, `12 MiB`. */
export const size = (bytes: number): string => {
  let [amount, unit] = [bytes, 0]
  // An amount that rounds to 1024 of a unit is 1 of the next.
  while (amount >= step - 0.5 && unit < units.length - 1) {
    amount /= step
    unit++
  }
  if (bytes === 1) return "1 byte"
  const digits = unit > 0 && amount < tens - 0.05 ? 1 : 0
  return `${amount.toFixed(digits)} ${units[unit]}`
}

const minute = 60
const hour = 3600

const two = (value: number) => String(value).padStart(2, "0")

/** A length of time in seconds, rounded up: `0:07`, `1:12:05`. */
export const time = (seconds: number): string => {
  const whole = Math.ceil(seconds)
  const minutes = Math.floor((whole % hour) / minute)
  const rest = two(whole % minute)
  return whole < hour ? `${minutes}:${rest}` : `${Math.floor(whole / hour)}:${two(minutes)}:${rest}`
}

/** How far a download is. */
export interface Transfer {
  readonly name: string
  readonly bytes: number
  /** `undefined` where the other end does not say. */
  readonly total: number | undefined
  /** Bytes a second below which it is given up; `undefined` where there is no such floor. */
  readonly least: number | undefined
  /** When the first bytes arrived, and how many. */
  readonly first: { readonly at: number; readonly bytes: number } | undefined
  /** When the latest bytes arrived. */
  readonly at: number
  /** What had arrived of late, the oldest first. */
  readonly lately: ReadonlyArray<{ readonly at: number; readonly bytes: number }>
}

/** Begins without any bytes. */
export const begin = (name: string, at: number): Transfer => ({
  name,
  bytes: 0,
  total: undefined,
  least: undefined,
  first: undefined,
  at,
  lately: []
})

// In milliseconds. Shorter: the rate jumps; longer: it says late that nothing comes any more.
const recent = 3000

/** The bytes that have arrived by some time. */
export interface Arrived {
  readonly bytes: number
  readonly total?: number | undefined
  readonly least?: number | undefined
}

/** Notes that more bytes have arrived. */
export const advance = (transfer: Transfer, { bytes, least, total }: Arrived, at: number): Transfer => ({
  ...transfer,
  bytes,
  total,
  least,
  at,
  first: transfer.first ?? { at, bytes },
  lately: [...transfer.lately.filter((one) => at - one.at <= recent), { at, bytes }]
})

/** Bytes per second since the first ones; `undefined` before any time has passed. */
export const rate = ({ at, bytes, first }: Transfer): number | undefined =>
  first === undefined || at <= first.at || bytes <= first.bytes
    ? undefined
    : (bytes - first.bytes) / ((at - first.at) / 1000)

/** Bytes per second of late, which become fewer while nothing comes. */
export const rateLately = ({ bytes, lately: [oldest] }: Transfer, now: number): number =>
  oldest === undefined || now <= oldest.at ? 0 : (bytes - oldest.bytes) / ((now - oldest.at) / 1000)
