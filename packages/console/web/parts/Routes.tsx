/** The network as the peer sees it: rings by hops, branches by next hop. */
import { useSignal } from "@preact/signals"
import { type Node, type Place, place } from "../layout.ts"
import { about } from "../link.ts"
import { writing } from "../state/asking.ts"
import { openConversation } from "../state/going.ts"
import { graph } from "../state/room.ts"
import { count, grouped } from "../words.ts"

/** The radius of the last ring, in the drawing's units. */
const radius = 260

const names = (nodes: ReadonlyArray<Node>) => new Map(nodes.map(({ id, name }) => [id, name] as const))

const Branch = ({ lit, place: { from, node, x, y } }: { readonly lit: boolean; readonly place: Place }) =>
  from === undefined ? null : (
    <line
      class={`link${lit ? " lit" : ""}${node.hops > 2 ? " guessed" : ""}`}
      x1={from.x * radius}
      y1={from.y * radius}
      x2={x * radius}
      y2={y * radius}
    />
  )

const Dot = ({ onPick, picked, place: { node: { hops, name }, x, y } }: {
  readonly place: Place
  readonly picked: boolean
  readonly onPick: () => void
}) => (
  <g
    class={`node hop${Math.min(hops, 3)}${picked ? " picked" : ""}`}
    transform={`translate(${x * radius} ${y * radius})`}
    tabindex={0}
    role="button"
    data-row
    aria-pressed={picked}
    aria-label={hops === 0 ? `${name}, this peer` : `${name}, ${count(hops, "hop")} away`}
    onClick={onPick}
    onKeyDown={(event) => {
      if (event.key !== "Enter" && event.key !== " ") return
      event.preventDefault()
      onPick()
    }}
  >
    <circle class="reach" r="22" />
    <circle class="dot" r={hops === 0 ? 15 : 10} />
    <text y={hops === 0 ? 32 : 26}>{name.length > 14 ? `${name.slice(0, 13)}…` : name}</text>
  </g>
)

const Picked = (
  { node: { hops, id, name, via }, nameOf }: { readonly node: Node; readonly nameOf: (id: string) => string }
) => (
  <div class="picked-node" role="status">
    <b>
      <bdi>{name}</bdi>
    </b>
    <span class="soft">
      {hops === 0
        ? "this peer"
        : hops === 1 || via === undefined
        ? "a neighbour"
        : `${count(hops, "hop")} away, over ${nameOf(via)}`}
    </span>
    {hops > 0 && writing(id) !== undefined && (
      <button type="button" class="small" onClick={() => openConversation(id)}>Write to {name}</button>
    )}
  </div>
)

/** The routes. */
export const Routes = () => {
  const { more, nodes } = graph.value
  const picked = useSignal<string | undefined>(undefined)
  const known = names(nodes)
  const places = place(nodes)
  const rings = Math.max(1, ...nodes.map(({ hops }) => hops))
  const node = nodes.find(({ id }) => id === picked.value)
  const isLit = ({ node: { id } }: Place) => node !== undefined && (id === node.id || id === node.via)
  return (
    <section class="talk" aria-labelledby="routes-title">
      <header>
        <h2 id="routes-title">{about.value?.graph}</h2>
        <span class="detail">rings are hops, branches lead over the next hop</span>
      </header>
      {nodes.length < 2 ?
        <p class="empty">No other peer is known yet. Each stands here as soon as it is.</p> :
        (
          <svg
            class="graph"
            viewBox="-340 -310 680 620"
            role="group"
            aria-label={`${grouped(nodes.length + more)} peers`}
          >
            {Array.from(
              { length: rings },
              (_, ring) => <circle key={ring} class="ring" r={radius * (ring + 1) / rings} />
            )}
            {places.map((one) => <Branch key={one.node.id} place={one} lit={isLit(one)} />)}
            {places.map((one) => (
              <Dot
                key={one.node.id}
                place={one}
                picked={one.node.id === picked.value}
                onPick={() => picked.value = one.node.id === picked.value ? undefined : one.node.id}
              />
            ))}
          </svg>
        )}
      {more > 0 && <p class="note">and {grouped(more)} more, not drawn</p>}
      {node !== undefined && <Picked node={node} nameOf={(id) => known.get(id) ?? id} />}
    </section>
  )
}
