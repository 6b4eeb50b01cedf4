/** Files on their way: how far, how fast, and how long still. */
import type { Transfer } from "../../src/api/Frame.ts"
import { about } from "../link.ts"
import { transfers } from "../state/room.ts"
import { bytes, lasting } from "../words.ts"
import { Icon } from "./Icon.tsx"

const order = { running: 0, waiting: 1, failed: 2, done: 3 } as const
const words = { running: "under way", waiting: "waits", failed: "failed", done: "done" } as const

const left = ({ bytes: have, rate, total }: Transfer): string => {
  if (total === undefined || rate <= 0) return ""
  return `${lasting((total - have) / rate * 1000)} left`
}

const File = ({ transfer }: { readonly transfer: Transfer }) => {
  const { bytes: have, direction, name, peer, rate, sentence, state, total } = transfer
  const done = state === "done"
  const known = done ? 1 : total === undefined || total === 0 ? undefined : have / total
  return (
    <li class={`transfer ${state}`} data-row tabIndex={-1}>
      <span class={`way ${direction}`}>
        <Icon name="down" />
        <span class="hidden">{direction === "in" ? "from" : "to"}</span>
      </span>
      <div class="body">
        <span class="name">
          <bdi>{name}</bdi>
        </span>
        <span class="detail">{direction === "in" ? "from" : "to"} {peer}</span>
      </div>
      <span class="rate">
        {state === "running" ? `${bytes(rate)}/s` : words[state]}
        <span class="detail">{state === "running" && left(transfer)}</span>
      </span>
      <progress aria-label={`${name}: ${words[state]}`} {...(known === undefined ? {} : { value: known, max: 1 })} />
      <span class="detail">
        {total === undefined || done ? bytes(have) : `${bytes(have)} of ${bytes(total)}`}
        {sentence !== undefined && `: ${sentence}`}
      </span>
    </li>
  )
}

/** All files, those under way first. */
export const Transfers = () => {
  const sorted = transfers.value.toSorted((one, other) => order[one.state] - order[other.state])
  return (
    <section class="talk" aria-labelledby="transfers-title">
      <header>
        <h2 id="transfers-title">{about.value?.transfers}</h2>
      </header>
      {sorted.length === 0
        ? (
          <p class="empty">
            No file is on its way. What you fetch and what others fetch here stands here, with its rate and the time
            left.
          </p>
        )
        : (
          <ul role="list" class="scroll transfers">
            {sorted.map((transfer) => <File key={transfer.id} transfer={transfer} />)}
          </ul>
        )}
    </section>
  )
}
