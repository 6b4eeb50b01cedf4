/** The canvas of packets under way. It is painted while something moves, and rests while time stands still. */
import { effect } from "@preact/signals"
import { useLayoutEffect, useRef } from "preact/hooks"
import { arrived, counted, layout, moment, packets, time } from "../state/simulation.ts"
import { theme } from "../theme.ts"
import { type Colours, paint } from "./paint.ts"
import { sceneAt } from "./scene.ts"

// What is shown lags behind the last act by about the time between two acts, so that it never has to wait for the next.
const lag = 120
const patience = 220
// Without movement a picture need not be new so often.
const seldom = 200

// At a moment that stands still only what is on its way then is of interest, not what the eye would be too slow for.
const still = 0.4

const calm = matchMedia("(prefers-reduced-motion: reduce)")

/** The moment to paint, as long as time passes. */
const running = (): number => {
  const { now, speed } = time.peek()
  const ahead = Math.min(patience, performance.now() - arrived.at)
  return Math.max(0, now + (ahead - lag) * speed)
}

const coloursOf = (canvas: HTMLCanvasElement): Colours => {
  const swatch = (tone: keyof Colours) => {
    const legend = canvas.parentElement?.querySelector(`[data-tone="${tone}"]`)
    return legend === null || legend === undefined ? "gray" : getComputedStyle(legend).color
  }
  return {
    message: swatch("message"),
    heartbeat: swatch("heartbeat"),
    open: swatch("open"),
    close: swatch("close"),
    reset: swatch("reset"),
    datagram: swatch("message"),
    dropped: swatch("dropped")
  }
}

/** Paints until it is told to stop. */
const painting = (canvas: HTMLCanvasElement) => {
  let colours = coloursOf(canvas)
  let frame = 0
  let painted = { at: 0, shown: -1 }
  const draw = () => {
    const { now, paused, replaying, speed } = time.peek()
    const moving = moment.peek() === undefined && !paused && !replaying
    const shown = moment.peek() ?? (moving ? Math.max(painted.shown > now ? 0 : painted.shown, running()) : now)
    const at = performance.now()
    if (!calm.matches || !moving || at - painted.at > seldom) {
      painted = { at, shown }
      const { places, radius } = layout.peek()
      paint(canvas, sceneAt(packets, { now: shown, speed: moving ? speed : Math.min(speed, still), places }), {
        colours,
        radius,
        moves: !calm.matches
      })
    }
    frame = moving ? requestAnimationFrame(draw) : 0
  }
  const again = () => {
    if (frame === 0) frame = requestAnimationFrame(draw)
  }
  const disposers = [
    effect(() => {
      void theme()
      // The new colours hold after the theme has been applied.
      requestAnimationFrame(() => {
        colours = coloursOf(canvas)
        again()
      })
    }),
    effect(() => {
      void [time.value, moment.value, layout.value, counted.value]
      again()
    })
  ]
  return () => {
    cancelAnimationFrame(frame)
    for (const dispose of disposers) dispose()
  }
}

/** The canvas. */
export const Painting = () => {
  const canvas = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => canvas.current === null ? undefined : painting(canvas.current), [])
  return <canvas ref={canvas} aria-hidden="true" />
}
