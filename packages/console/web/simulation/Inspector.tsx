/** The picked host: how it is, whom it knows, and its links; or the network in short. */
import { useComputed } from "@preact/signals"
import type { Host } from "../../src/api/Stage.ts"
import {
  counted,
  cuts,
  healAll,
  hosts,
  isCut,
  isDown,
  picked,
  present,
  time,
  toggleFrozen,
  toggleHost,
  toggleLink,
  wires
} from "../state/simulation.ts"
import { count, grouped } from "../words.ts"
import { conditionOf, wordOf } from "./Host.tsx"
import { byName } from "./layout.ts"
import { Clicked } from "./Link.tsx"
import { pair } from "./past.ts"

// More would be a wall of names.
const mostLinks = 60

const Facts = ({ facts }: { readonly facts: ReadonlyArray<readonly [name: string, value: string]> }) => (
  <dl class="facts-list">
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

const Short = () => {
  const all = hosts.value
  const cutPairs = new Set(cuts.value.map(({ from, to }) => pair(from, to))).size
  const up = all.filter(({ state }) => state === "running" || state === "paused").length
  return (
    <section class="pane inspector" aria-labelledby="network-title">
      <header>
        <h2 id="network-title">Network</h2>
        <span class="gap" />
        {cutPairs > 0 && (
          <button type="button" class="small" onClick={healAll}>
            Heal all <kbd>h</kbd>
          </button>
        )}
      </header>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="network-title">
        <Facts
          facts={[
            ["Hosts up", `${up} of ${all.length}`],
            ["Alone", grouped(all.filter((host) => conditionOf(host) === "alone").length)],
            ["Links cut", grouped(cutPairs)],
            ["Packets", grouped(counted.value)],
            ["Seed", `${time.value.seed}`]
          ]}
        />
        <Clicked />
        <p class="note">Pick a host to look at it. Click a link to cut it, or to set how slow it is.</p>
      </div>
    </section>
  )
}

/** The others that a host knows, has talked to of late, or is cut off from. */
const linkedTo = ({ knows, name }: Host): ReadonlyArray<string> => {
  const own = wires().filter(({ a, b }) => a === name || b === name)
  const known = present.peek()
  const others = new Set([...knows, ...own.map(({ a, b }) => a === name ? b : a)])
  return [...others].filter((other) => known.some((host) => host.name === other)).sort(byName)
}

const Links = ({ host }: { readonly host: Host }) => {
  const others = linkedTo(host)
  return others.length === 0
    ? <p class="note">It has no link yet. Each stands here once something goes over it.</p>
    : (
      <>
        <p class="note" id="links-title">Its links. Choose one to cut it, and again to heal it.</p>
        <ul role="list" class="links" aria-labelledby="links-title">
          {others.slice(0, mostLinks).map((other) => (
            <li key={other}>
              <button
                type="button"
                class={isCut(host.name, other)
                  ? "toggle cut"
                  : host.knows.includes(other)
                  ? "toggle"
                  : "toggle unknown"}
                aria-pressed={isCut(host.name, other)}
                aria-label={`Cut the link of ${host.name} and ${other}`}
                onClick={() => toggleLink(host.name, other)}
              >
                {other}
              </button>
            </li>
          ))}
          {others.length > mostLinks && <li class="soft">and {count(others.length - mostLinks, "other")}</li>}
        </ul>
      </>
    )
}

const Picked = ({ host }: { readonly host: Host }) => {
  const { address, knows, name, role } = host
  const down = isDown(name)
  const frozen = present.value.find((other) => other.name === name)?.state === "paused"
  return (
    <section class="pane inspector" aria-labelledby="host-title">
      <header>
        <h2 id="host-title">{role} {name}</h2>
        <span class={`chip ${conditionOf(host)}`}>{wordOf(host)}</span>
        <span class="gap" />
        {!down && (
          <button type="button" class="small" onClick={() => toggleFrozen(name)}>{frozen ? "Go on" : "Freeze"}</button>
        )}
        <button type="button" class={down ? "small primary" : "small harsh"} onClick={() => toggleHost(name)}>
          {down ? "Restart" : "Kill"} <kbd>k</kbd>
        </button>
      </header>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="host-title">
        <Facts facts={[["Address", address], ["Knows", count(knows.length, "other")]]} />
        <Clicked />
        <Links host={host} />
      </div>
    </section>
  )
}

/** The picked host, or the network. */
export const Inspector = () => {
  const host = useComputed(() => hosts.value.find(({ name }) => name === picked.value))
  return host.value === undefined ? <Short /> : <Picked host={host.value} />
}
