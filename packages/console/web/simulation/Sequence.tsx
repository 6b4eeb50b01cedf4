/** The latest of a conversation as a chart: a lane for each host, an arrow for each packet. */
import { signal } from "@preact/signals"
import type { Packet } from "../../src/api/Stage.ts"
import { counted, packets, picked, shown } from "../state/simulation.ts"
import { conversationAt } from "./conversation.ts"
import { seconds } from "./moments.ts"

const handshakes = signal(false)

const width = 392
const head = 30
const row = 20
const rows = 13
const side = 40
// The width of a letter, about.
const letter = 6.2

const drops = { lost: "lost on the way", cut: "the link is cut", down: "nobody is there" } as const

const wordsOf = ({ at, dropped, from, gist, to }: Packet): string =>
  `${seconds(at)}, ${from} to ${to}: ${gist}${dropped === undefined ? "" : `, ${drops[dropped]}`}`

const fitted = (text: string, room: number): string => {
  const most = Math.max(4, Math.floor(room / letter))
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/** The tip of an arrow that goes so far to the right, or to the left, and ten down. */
const tip = (across: number, x: number, y: number): string => {
  const length = Math.hypot(across, 10)
  const [dx, dy] = [9 * across / length, 90 / length]
  return `M${x} ${y}L${x - dx + dy / 2.2} ${y - dy - dx / 2.2}L${x - dx - dy / 2.2} ${y - dy + dx / 2.2}z`
}

const Arrow = ({ from, packet, to, y }: {
  readonly packet: Packet
  readonly from: number
  readonly to: number
  readonly y: number
}) => {
  const { dropped, gist, kind } = packet
  const died = dropped === "down" ? to : dropped === undefined ? to : (from + to) / 2
  const stop = dropped === undefined ? to + (to > from ? -1 : 1) : died
  return (
    <g data-tone={dropped !== undefined ? "dropped" : kind === "datagram" ? "message" : kind}>
      <title>{wordsOf(packet)}</title>
      <line x1={from} y1={y + 4} x2={stop} y2={y + 14} />
      {dropped === undefined
        ? <path class="tip" d={tip(stop - from, stop, y + 14)} />
        : <path d={`M${died - 4} ${y + 10}l8 8m0 -8l-8 8`} />}
      <text x={(from + to) / 2} y={y + 5}>{fitted(gist, Math.abs(to - from) - 8)}</text>
    </g>
  )
}

const Chart = () => {
  void counted.value
  const { hosts, packets: drawn } = conversationAt(packets, {
    moment: shown.value,
    about: picked.value,
    handshakes: handshakes.value
  })
  if (drawn.length === 0) return <p class="empty">Nothing has been said yet. Packets stand here as they are sent.</p>
  const x = (host: string) =>
    hosts.length < 2 ? width / 2 : side + hosts.indexOf(host) / (hosts.length - 1) * (width - 2 * side)
  const bottom = head + rows * row + 6
  return (
    <svg
      viewBox={`0 0 ${width} ${bottom + 2}`}
      role="img"
      aria-label={`Sequence chart. The latest: ${drawn.slice(-4).map(wordsOf).join("; ")}`}
    >
      {hosts.map((host) => (
        <g key={host} class="lane">
          <line x1={x(host)} x2={x(host)} y1={head - 4} y2={bottom} />
          <text x={x(host)} y="16">{host}</text>
        </g>
      ))}
      {drawn.map((packet, index) => (
        <Arrow
          key={packet.n}
          packet={packet}
          from={x(packet.from)}
          to={x(packet.to)}
          y={head + 4 + index * row}
        />
      ))}
    </svg>
  )
}

/** The chart. */
export const Sequence = () => (
  <section class="pane sequence" aria-labelledby="sequence-title">
    <header>
      <h2 id="sequence-title">Conversation</h2>
      <span class="detail">{picked.value === undefined ? "" : `of ${picked.value}`}</span>
      <span class="gap" />
      <label class="check">
        <input
          type="checkbox"
          checked={handshakes.value}
          onChange={({ currentTarget }) => handshakes.value = currentTarget.checked}
        />
        handshakes too
      </label>
    </header>
    <Chart />
  </section>
)
