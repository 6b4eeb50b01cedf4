/** Time in the hand: run and pause, steps, speed, and the slider over all that is recorded. */
import { Icon } from "../parts/Icon.tsx"
import { branch, moment, notes, pace, packets, save, shown, time } from "../state/simulation.ts"
import { marksOf, seconds } from "./moments.ts"

/** The speeds that there are buttons and keys for. */
export const speeds = [0.05, 0.25, 1, 4, 16] as const

/** How far one step goes, in milliseconds. */
export const step = 10

const Marks = ({ from, to }: { readonly from: number; readonly to: number }) => (
  <svg class="marks" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
    {marksOf(notes.value, from, to).map(({ kind, n, part }) => (
      <rect key={n} class={kind} x={part * 1000 - 1} width="2" height="10" />
    ))}
  </svg>
)

const Slider = () => {
  const { end, now } = time.value
  const from = packets[0]?.n === 0 ? 0 : packets[0]?.at ?? 0
  const to = Math.max(end, now, from + 1)
  const at = shown.value
  const part = (value: number) => `${100 * (value - from) / (to - from)}%`
  return (
    <span class="track">
      <svg class="rail" aria-hidden="true">
        <rect width="100%" height="100%" />
        <rect class="been" width={part(now)} height="100%" />
        <rect class="seen" width={part(at)} height="100%" />
      </svg>
      <Marks from={from} to={to} />
      <input
        type="range"
        aria-label="Moment"
        aria-valuetext={`${seconds(at)} of ${seconds(now)}`}
        min={from}
        max={to}
        step="1"
        value={at}
        onInput={({ currentTarget }) => {
          const wanted = Number(currentTarget.value)
          moment.value = wanted >= now ? undefined : wanted
          if (wanted > now) currentTarget.value = String(now)
        }}
      />
    </span>
  )
}

const Speeds = () => (
  <div class="segments" role="group" aria-label="Speed">
    {speeds.map((speed, index) => (
      <button
        type="button"
        key={speed}
        aria-pressed={time.value.speed === speed}
        title={`${speed} times real time (${index + 1})`}
        onClick={() => pace({ speed })}
      >
        {speed}×
      </button>
    ))}
  </div>
)

/** Shows another moment, a little earlier or later, but none that has not been. */
export const shift = (millis: number): void => {
  const wanted = Math.max(0, shown.peek() + millis)
  moment.value = wanted >= time.peek().now ? undefined : wanted
}

/** The controls. */
export const Controls = () => {
  const { paused, replaying, seed } = time.value
  const isPast = moment.value !== undefined
  return (
    <section class="pane controls" aria-label="Time">
      <button
        type="button"
        class="play primary"
        aria-label={paused ? "Run" : "Pause"}
        title={paused ? "Run (Space)" : "Pause (Space)"}
        disabled={replaying}
        onClick={() => pace({ paused: !paused })}
      >
        <Icon name={paused ? "play" : "pause"} />
      </button>
      <button type="button" title={`${step} ms on (.)`} onClick={() => pace({ step })}>+{step} ms</button>
      <Speeds />
      <time class="moment">{seconds(shown.value)}</time>
      <Slider />
      {isPast && (
        <button type="button" class="small primary" title="Play it anew up to here, and go on (b)" onClick={branch}>
          Branch here
        </button>
      )}
      <button
        type="button"
        class="small"
        aria-pressed={!isPast}
        onClick={() => moment.value = undefined}
      >
        now
      </button>
      <span class="seed">
        seed <b>{seed}</b>
      </span>
      <button
        type="button"
        class="quiet save"
        aria-label="Save as a scenario"
        title="Save as a scenario (s)"
        onClick={save}
      >
        <Icon name="save" />
      </button>
    </section>
  )
}
