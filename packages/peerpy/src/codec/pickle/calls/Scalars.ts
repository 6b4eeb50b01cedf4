/**
 * Dates, times, decimals: what Python's standard library writes as one value, read as text.
 *
 *     date(b"\x07\xe8\x02\x1d")                         year (two bytes), month, day
 *     time(b"\x17\x3b\x3a\x0f\x42\x3f", zone)           hour, minute, second, microsecond (three bytes)
 *     datetime(b"...", zone)                            a date and a time
 *     timedelta(1, 2, 3)                                days, seconds, microseconds
 *     timezone(timedelta(0, 3600, 0), "name")           ZoneInfo._unpickle("Europe/Berlin", 1)
 *     Decimal("1.50")
 *
 * Quirk: what is repeated when the clock is put back has the highest bit of its hour set, or in a datetime of its month.
 * `ZoneInfo._unpickle` is not a name that is imported, but the result of `getattr`.
 */
import { Cost } from "../Limits.ts"
import { Global, type Item, Zone } from "../Part.ts"
import { Scalar, type ScalarKind } from "../Value.ts"
import type { Call, Make } from "./Call.ts"

const scalar = (kind: ScalarKind, text: string, fold = false): Make => (machine) => {
  if (machine.charge(Cost.table)) machine.push(new Scalar(kind, text, fold))
}

const digits = (value: number, count = 2): string => String(value).padStart(count, "0")

const foldBit = 0x80

/** `2024-02-29`, or undefined for what is no date. */
const dateText = (bytes: Uint8Array): string | undefined => {
  const [high = 0, low = 0, month = 0, day = 0] = bytes
  const year = high * 256 + low
  const isDate = year > 0 && year < 10_000 && month > 0 && month < 13 && day > 0 && day < 32
  return isDate ? `${digits(year, 4)}-${digits(month)}-${digits(day)}` : undefined
}

/** `23:59:58.999999`, or undefined for what is no time of a day. */
const timeText = (bytes: Uint8Array): string | undefined => {
  const [hour = 0, minute = 0, second = 0, high = 0, middle = 0, low = 0] = bytes
  const micros = (high * 256 + middle) * 256 + low
  if (hour > 23 || minute > 59 || second > 59 || micros > 999_999) return undefined
  return `${digits(hour)}:${digits(minute)}:${digits(second)}${micros === 0 ? "" : `.${digits(micros, 6)}`}`
}

/** The text of a zone, empty where there is none; undefined for what is no zone. */
const zoneText = (zone: Item | undefined): string | undefined =>
  zone instanceof Zone ? zone.text : zone === undefined ? "" : undefined

const timed = (
  kind: ScalarKind,
  { foldAt, size, text }: {
    readonly size: number
    readonly foldAt: number
    readonly text: (bytes: Uint8Array) => string | undefined
  }
): Call =>
([bytes, zone, ...more]) => {
  const behind = zoneText(zone)
  if (!(bytes instanceof Uint8Array) || bytes.length !== size || behind === undefined || more.length > 0) {
    return undefined
  }
  const marked = bytes[foldAt] ?? 0
  const before = text(bytes.with(foldAt, marked & ~foldBit))
  return before === undefined ? undefined : scalar(kind, `${before}${behind}`, marked >= foldBit)
}

const datetime = (bytes: Uint8Array): string | undefined => {
  const [date, time] = [dateText(bytes.subarray(0, 4)), timeText(bytes.subarray(4))]
  return date === undefined || time === undefined ? undefined : `${date}T${time}`
}

const date: Call = ([bytes, ...more]) => {
  const text = bytes instanceof Uint8Array && bytes.length === 4 && more.length === 0 ? dateText(bytes) : undefined
  return text === undefined ? undefined : scalar("date", text)
}

const secondsOfDay = 86_400n
const micros = 1_000_000n

const timedelta: Call = ([days, seconds, rest, ...more]) => {
  if (typeof days !== "bigint" || typeof seconds !== "bigint" || typeof rest !== "bigint") return undefined
  const inRange = days >= -999_999_999n && days <= 999_999_999n && seconds >= 0n && seconds < secondsOfDay &&
    rest >= 0n && rest < micros
  if (!inRange || more.length > 0) return undefined
  const total = (days * secondsOfDay + seconds) * micros + rest
  const size = total < 0n ? -total : total
  const fraction = size % micros === 0n ? "" : `.${String(size % micros).padStart(6, "0").replace(/0+$/, "")}`
  return scalar("timedelta", `${total < 0n ? "-" : ""}${size / micros}${fraction}`)
}

/** `+02:00`; with seconds where an offset has them. Its name is dropped. */
const timezone: Call = ([offset, name, ...more], global) => {
  if (!(offset instanceof Scalar) || offset.kind !== "timedelta" || more.length > 0) return undefined
  const seconds = Number(offset.text)
  const named = name === undefined || typeof name === "string"
  const size = Math.round(Math.abs(seconds) * 1e6)
  if (!named || size >= Number(secondsOfDay * micros)) return undefined
  const whole = Math.floor(size / 1e6)
  const exact = size % 1e6 === 0 ? "" : `.${digits(size % 1e6, 6)}`
  const behind = whole % 60 === 0 && exact === "" ? "" : `:${digits(whole % 60)}${exact}`
  const text = `${seconds < 0 ? "-" : "+"}${digits(Math.floor(whole / 3600))}:${digits(Math.floor(whole / 60) % 60)}`
  return pushZone(`${text}${behind}`, global)
}

const pushZone = (text: string, global: Global): Make => (machine) => {
  if (machine.charge(Cost.string)) machine.push(new Zone(text, global))
}

const unpickle = "ZoneInfo._unpickle"
const zoneName = /^[\w+-]+(?:\/[\w+-]+)*$/
const longestZone = 64

// Behind an optional sign there is one way only to match, so that time grows with the length and no faster.
const decimal = /^-?(?:\d+(?:\.\d+)?(?:E[+-]\d+)?|Infinity|s?NaN\d*)$/

/** The calls. */
export const calls: { readonly [name: string]: Call } = {
  "datetime date": date,
  "datetime time": timed("time", { size: 6, foldAt: 0, text: timeText }),
  "datetime datetime": timed("datetime", { size: 10, foldAt: 2, text: datetime }),
  "datetime timedelta": timedelta,
  "datetime timezone": timezone,
  "builtins getattr": ([type, name, ...more], { opcode }) =>
    type instanceof Global && type.key === "zoneinfo ZoneInfo" && name === "_unpickle" && more.length === 0
      ? (machine) => machine.push(new Global(type.module, unpickle, opcode))
      : undefined,
  [`zoneinfo ${unpickle}`]: ([name, , ...more], global) =>
    typeof name === "string" && name.length <= longestZone && zoneName.test(name) && more.length === 0
      ? pushZone(`[${name}]`, global)
      : undefined,
  "decimal Decimal": ([text, ...more], global) =>
    typeof text === "string" && more.length === 0
      ? (machine) => {
        if (!machine.countCopy(text.length)) return
        if (decimal.test(text)) scalar("decimal", text)(machine)
        else machine.input.unsafe("REDUCE", [global.module, global.name])
      }
      : undefined
}
