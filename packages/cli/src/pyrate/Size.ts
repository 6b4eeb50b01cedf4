/** Amounts as people read them: bytes, bytes in a second, and the time that is left. Pure. */
const units = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const
const step = 1024
const tens = 10

/** `1 byte`, `812 bytes`, `1.2 MiB`, `12 MiB`. */
export const size = (bytes: number): string => {
  let [amount, unit] = [bytes, 0]
  // What would be rounded to the next unit is one of it.
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

/** `0:07`, `1:12:05`, of seconds, rounded up. */
export const time = (seconds: number): string => {
  const whole = Math.ceil(seconds)
  const minutes = Math.floor((whole % hour) / minute)
  const rest = two(whole % minute)
  return whole < hour ? `${minutes}:${rest}` : `${Math.floor(whole / hour)}:${two(minutes)}:${rest}`
}
