/** A value as it came: text as text, bytes in hexadecimal digits, anything else as a tree. */
import type * as Schema from "effect/Schema"
import { count } from "../words.ts"

type Json = Schema.Json

/** How much of a value is written without opening it. */
const most = { bytes: 512, children: 100, depth: 1 } as const

const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const base64Of = (value: Json): string | undefined => {
  if (!isRecord(value) || Object.keys(value).length !== 1) return undefined
  const { base64 } = value
  return typeof base64 === "string" ? base64 : undefined
}

const decode = (base64: string): ReadonlyArray<number> => {
  try {
    return [...atob(base64)].map((character) => character.charCodeAt(0))
  } catch {
    return []
  }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, "0")
const visible = (byte: number): string => byte > 31 && byte < 127 ? String.fromCharCode(byte) : "·"

/** Bytes, sixteen a line: where they are, what they are, and what they would be as letters. */
const Bytes = ({ base64 }: { readonly base64: string }) => {
  const bytes = decode(base64)
  const lines = Array.from({ length: Math.ceil(Math.min(bytes.length, most.bytes) / 16) }, (_, line) => line * 16)
  return (
    <span class="bytes">
      <span class="soft">{count(bytes.length, "byte")}</span>
      <pre tabIndex={0} aria-label="Bytes">
        {lines.map((at) => {
          const line = bytes.slice(at, at + 16)
          return `${at.toString(16).padStart(4, "0")}  ${line.map(hex).join(" ").padEnd(47)}  ${line.map(visible).join("")}\n`
        }).join("")}
        {bytes.length > most.bytes && `and ${bytes.length - most.bytes} more`}
      </pre>
    </span>
  )
}

const Leaf = ({ value }: { readonly value: Json }) => {
  if (typeof value === "string") return <span class="json-text">{JSON.stringify(value)}</span>
  return <span class={typeof value === "number" ? "json-number" : "json-word"}>{String(value)}</span>
}

/** In one line, shortened. */
export const brief = (value: Json): string => {
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

const Branch = ({ depth, name, value }: { readonly depth: number; readonly name?: string; readonly value: Json }) => {
  const label = name !== undefined && <span class="json-name">{name}:</span>
  if (typeof value !== "object" || value === null) {
    return (
      <div>
        {label}
        <Leaf value={value} />
      </div>
    )
  }
  const children = Object.entries<Json>(isRecord(value) ? value : { ...value })
  if (children.length === 0) return <div>{label}{isRecord(value) ? "{}" : "[]"}</div>
  return (
    <details open={depth < most.depth}>
      <summary>
        {label}
        <span class="soft shut">{brief(value)}</span>
        <span class="soft size">{count(children.length, isRecord(value) ? "field" : "item")}</span>
      </summary>
      <div class="branch">
        {children.slice(0, most.children).map(([key, child]) => (
          <Branch key={key} name={key} value={child} depth={depth + 1} />
        ))}
        {children.length > most.children && <div class="soft">and {children.length - most.children} more</div>}
      </div>
    </details>
  )
}

/** A value. */
export const Value = ({ data }: { readonly data: Json }) => {
  const base64 = base64Of(data)
  if (base64 !== undefined) return <Bytes base64={base64} />
  if (typeof data === "string") return <bdi class="words">{data}</bdi>
  if (typeof data !== "object" || data === null) return <Leaf value={data} />
  return (
    <div class="tree">
      <Branch value={data} depth={0} />
    </div>
  )
}
