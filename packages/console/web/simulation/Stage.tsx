/** The stage: hosts, the links between them, and what is under way. */
import { computed, signal } from "@preact/signals"
import { useLayoutEffect, useRef } from "preact/hooks"
import {
  counted,
  cuts,
  cutting,
  hosts,
  layout,
  linking,
  picked,
  shown,
  size,
  time,
  wires
} from "../state/simulation.ts"
import { count } from "../words.ts"
import { Host, sizeOf } from "./Host.tsx"
import { Painting } from "./Painting.tsx"
import { Replay } from "./Replay.tsx"
import { Wire } from "./Wire.tsx"

const legend = [
  ["message", "message"],
  ["heartbeat", "heartbeat"],
  ["open", "open"],
  ["close", "close"],
  ["reset", "reset"],
  ["dropped", "dropped"]
] as const

// More signs than this say less than the lines alone.
const fewCuts = 12
// Links fade in steps; there is no need to look at them for each act.
const often = 250

const looked = signal(0)

/** Looks at the links again when some time has passed, here or in the network. */
const useLook = () =>
  useLayoutEffect(() => {
    let at = 0
    return computed(() => [shown.value, counted.value, cuts.value]).subscribe(() => {
      const now = performance.now()
      if (now - at < often && !time.peek().paused) return
      at = now
      looked.value++
    })
  }, [])

const Wires = () => {
  void looked.value
  const { places } = layout.value
  const links = wires()
  const few = links.filter(({ cut }) => cut !== "no").length <= fewCuts
  const marked = (a: string, b: string) => few || a === picked.value || b === picked.value
  return (
    <>
      {links.map((wire) => {
        const [from, to] = [places.get(wire.a), places.get(wire.b)]
        return from === undefined || to === undefined
          ? null
          : <Wire key={wire.key} wire={wire} from={from} to={to} marked={marked(wire.a, wire.b)} />
      })}
    </>
  )
}

/** What the host in the middle is. The names of hosts say it to those who do not see it. */
const Role = () => {
  const { centre = "", places, radius } = layout.value
  const at = places.get(centre)
  const role = hosts.value.find(({ name }) => name === centre)?.role
  return at === undefined
    ? null
    : <text class="role" x={at.x} y={at.y + sizeOf(radius, true) + 17} aria-hidden="true">{role}</text>
}

const Hosts = () => {
  const { centre, places, radius } = layout.value
  return (
    <>
      <Role />
      {hosts.value.map((host) => {
        const at = places.get(host.name)
        return at === undefined
          ? null
          : <Host key={host.name} host={host} at={at} radius={radius} centre={host.name === centre} />
      })}
    </>
  )
}

/** Keeps the size of a box. */
const useSize = () => {
  const box = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const observer = new ResizeObserver(() => {
      size.value = { width: element.clientWidth, height: element.clientHeight }
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return box
}

/** The stage. */
export const Stage = () => {
  const box = useSize()
  useLook()
  const { height, width } = size.value
  const view = `0 0 ${width} ${height}`
  return (
    <section class={cutting.value === undefined ? "pane stage" : "pane stage aiming"} aria-label="Stage" ref={box}>
      <svg viewBox={view} aria-hidden="true">
        <Wires />
      </svg>
      <Painting />
      <svg class="hosts" viewBox={view} role="group" aria-label={count(hosts.value.length, "host")}>
        <Hosts />
      </svg>
      {cutting.value !== undefined && (
        <p class="hint" role="status">Choose the host to cut off from {cutting.value}. Esc leaves it as it is.</p>
      )}
      {linking.value !== undefined && (
        <p class="hint" role="status">Choose the other end of the link of {linking.value}. Esc leaves it as it is.</p>
      )}
      <Replay />
      <ul class="tones" role="list">
        {legend.map(([tone, word]) => (
          <li key={tone}>
            {tone === "dropped" ? <b data-tone={tone} aria-hidden="true">×</b> : <i data-tone={tone} />}
            {word}
          </li>
        ))}
      </ul>
    </section>
  )
}
