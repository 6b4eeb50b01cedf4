/** The peer's events, as `--json` prints them. Stands still while somebody reads further up. */
import { useSignal } from "@preact/signals"
import type * as Schema from "effect/Schema"
import type { Happening } from "../../src/api/Frame.ts"
import { happenings } from "../state/room.ts"
import { useStick } from "../stick.ts"
import { clock } from "../words.ts"
import { News } from "./News.tsx"
import { Loudness } from "./Plots.tsx"
import { brief, Value } from "./Value.tsx"

/** How many events are drawn. */
const most = 150

const tagOf = (event: Schema.Json): string => {
  if (typeof event !== "object" || event === null || !("event" in event)) return "event"
  return typeof event["event"] === "string" ? event["event"] : "event"
}

const restOf = (event: Schema.Json): Schema.Json => {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return event
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== "event"))
}

/** A line; the tree is made when somebody opens it. */
const Event = ({ happening: { at, cut, event } }: { readonly happening: Happening }) => {
  const open = useSignal(false)
  return (
    <li>
      <details onToggle={({ currentTarget }) => open.value = currentTarget.open}>
        <summary data-row>
          <time>{clock(at)}</time>
          <b>{tagOf(event)}</b>
          <code class="soft">{brief(restOf(event))}</code>
        </summary>
        {open.value && <Value data={restOf(event)} />}
        {open.value && cut && <p class="soft">It is longer than what is shown.</p>}
      </details>
    </li>
  )
}

const List = ({ all, sentence }: { readonly all: ReadonlyArray<Happening>; readonly sentence: string }) => {
  const { box, left, onScroll, toEnd } = useStick(all.at(-1)?.n)
  const bound = left.value
  const shown = bound === undefined ? all.slice(-most) : all.filter(({ n }) => n <= bound).slice(-most)
  const news = bound === undefined ? 0 : all.filter(({ n }) => n > bound).length
  return (
    <div class="following">
      <div
        class="scroll events"
        ref={box}
        tabIndex={0}
        role="group"
        aria-label="The latest events"
        onScroll={onScroll}
      >
        {all.length === 0 && <p class="empty">{sentence}</p>}
        <ol role="list">{shown.map((happening) => <Event key={happening.n} happening={happening} />)}</ol>
      </div>
      <News count={news} toEnd={toEnd} />
    </div>
  )
}

/** The events. */
export const Events = () => {
  const text = useSignal("")
  const wanted = text.value.toLowerCase()
  const shown = wanted === ""
    ? happenings.value
    : happenings.value.filter(({ event }) => JSON.stringify(event).toLowerCase().includes(wanted))
  return (
    <section class="talk" aria-labelledby="events-title">
      <header>
        <h2 id="events-title">Events</h2>
        <span class="detail">what the library says, as --json prints it</span>
        <span class="gap" />
        <label class="hidden" for="event-filter">Show only events with</label>
        <input
          id="event-filter"
          class="filter"
          type="search"
          placeholder="Filter"
          value={text}
          onInput={({ currentTarget }) => text.value = currentTarget.value}
        />
      </header>
      <Loudness />
      <List
        key={wanted}
        all={shown}
        sentence={wanted === "" ? "Nothing has happened since this page opened." : "No event has that in it."}
      />
    </section>
  )
}
