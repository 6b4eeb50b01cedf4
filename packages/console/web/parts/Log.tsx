/** The log, by level and by text. Stands still while somebody reads further up. */
import { useSignal } from "@preact/signals"
import type { Line } from "../../src/api/Frame.ts"
import { lines } from "../state/room.ts"
import { useStick } from "../stick.ts"
import { clock } from "../words.ts"
import { News } from "./News.tsx"

const levels = ["INFO", "WARNING", "ERROR"] as const

/** How many lines are drawn. */
const most = 200

const Lines = ({ all, level }: { readonly all: ReadonlyArray<Line>; readonly level: Line["level"] }) => {
  const last = all.at(-1)?.n
  const { box, left, onScroll, toEnd } = useStick(last)
  const bound = left.value
  const shown = bound === undefined ? all.slice(-most) : all.filter(({ n }) => n <= bound).slice(-most)
  const news = bound === undefined ? 0 : all.filter(({ n }) => n > bound).length
  return (
    <div class="following">
      <div class="scroll lines" ref={box} tabIndex={0} role="group" aria-label="Lines of the log" onScroll={onScroll}>
        {all.length === 0 && (
          <p class="note">{level === "INFO" ? "Nothing is logged." : "Nothing of that kind is logged."}</p>
        )}
        <ol role="list">
          {shown.map(({ at, level, n, text }) => (
            <li key={n} class={level.toLowerCase()}>
              <time>{clock(at)}</time>
              <span class="hidden">{level.toLowerCase()}</span>
              <span class="words">{text}</span>
            </li>
          ))}
        </ol>
      </div>
      <News count={news} toEnd={toEnd} />
    </div>
  )
}

/** The log. */
export const Log = () => {
  const level = useSignal<Line["level"]>("INFO")
  const text = useSignal("")
  const wanted = text.value.toLowerCase()
  const shown = lines.value.filter((line) =>
    levels.indexOf(line.level) >= levels.indexOf(level.value) && line.text.toLowerCase().includes(wanted)
  )
  return (
    <section class="pane log" aria-labelledby="log-title" data-place="log">
      <header>
        <h2 id="log-title">Log</h2>
        <label class="hidden" for="log-filter">Show only lines with</label>
        <input
          id="log-filter"
          class="filter"
          type="search"
          placeholder="Filter"
          value={text}
          onInput={({ currentTarget }) => text.value = currentTarget.value}
        />
        <div class="segments" role="group" aria-label="Level">
          {levels.map((name) => (
            <button
              type="button"
              key={name}
              aria-pressed={level.value === name}
              onClick={() => level.value = name}
            >
              {name.toLowerCase()}
            </button>
          ))}
        </div>
      </header>
      <Lines key={`${level.value} ${wanted}`} all={shown} level={level.value} />
    </section>
  )
}
