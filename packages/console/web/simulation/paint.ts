/** Paints a scene on a canvas that lies over the links, under the hosts. */
import type { Mark, Tone } from "./scene.ts"

/** The colours of this theme. */
export type Colours = { readonly [tone in Tone]: string }

const round = 2 * Math.PI

/** Fits a canvas to its box and the pixels of the screen, and clears it. */
const clear = (canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): void => {
  const ratio = devicePixelRatio
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)]
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  context.lineCap = "round"
}

/** A colour without any of it: "transparent" is black where it mixes. */
const faded = (colour: string): string => colour.replace(/^rgb\(([^)]*)\)$/, "rgba($1, 0)")

type Of<Tag extends Mark["_tag"]> = Extract<Mark, { readonly _tag: Tag }>

const comet = (context: CanvasRenderingContext2D, { from, part, size, to }: Of<"Comet">, colour: string): void => {
  const at = (part: number) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part })
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const [head, tail] = [at(part), at(Math.max(0, part - Math.min(0.4, 90 / Math.max(1, length))))]
  const fading = context.createLinearGradient(tail.x, tail.y, head.x, head.y)
  fading.addColorStop(0, faded(colour))
  fading.addColorStop(1, colour)
  context.strokeStyle = fading
  for (const [alpha, wide] of [[0.22, 3.4], [0.75, 1.3]] as const) {
    context.globalAlpha = alpha
    context.lineWidth = size * wide
    context.beginPath()
    context.moveTo(tail.x, tail.y)
    context.lineTo(head.x, head.y)
    context.stroke()
  }
  context.globalAlpha = 1
  context.fillStyle = colour
  context.beginPath()
  context.arc(head.x, head.y, size, 0, round)
  context.fill()
}

const cross = (context: CanvasRenderingContext2D, { at: { x, y }, part }: Of<"Cross">, colour: string): void => {
  const arm = 4 + 4 * Math.min(1, part * 4)
  context.globalAlpha = Math.min(1, 2 * (1 - part))
  context.strokeStyle = colour
  context.lineWidth = 2.4
  context.beginPath()
  context.moveTo(x - arm, y - arm)
  context.lineTo(x + arm, y + arm)
  context.moveTo(x + arm, y - arm)
  context.lineTo(x - arm, y + arm)
  context.stroke()
}

const ring = (
  context: CanvasRenderingContext2D,
  { at: { x, y }, part }: Of<"Ring" | "Wave">,
  colour: string,
  [from, to]: readonly [number, number]
): void => {
  context.globalAlpha = 0.65 * (1 - part)
  context.strokeStyle = colour
  context.lineWidth = 2
  context.beginPath()
  context.arc(x, y, from + (to - from) * part, 0, round)
  context.stroke()
}

/** Where nothing may move: the whole way of a packet, which fades. */
const still = (context: CanvasRenderingContext2D, { from, part, size, to }: Of<"Comet">, colour: string): void => {
  context.globalAlpha = 0.8 * (1 - part)
  context.strokeStyle = colour
  context.lineWidth = size * 0.8
  context.beginPath()
  context.moveTo(from.x, from.y)
  context.lineTo(to.x, to.y)
  context.stroke()
}

/** How to paint. */
export interface Manner {
  readonly colours: Colours
  /** The radius of a host. */
  readonly radius: number
  /** False where somebody wants nothing to move. */
  readonly moves: boolean
}

/** Paints all marks, and nothing else. */
export const paint = (
  canvas: HTMLCanvasElement,
  marks: ReadonlyArray<Mark>,
  { colours, moves, radius }: Manner
): void => {
  const context = canvas.getContext("2d")
  if (context === null) return
  clear(canvas, context)
  for (const mark of marks) {
    const colour = colours[mark.tone]
    if (mark._tag === "Comet" && moves) comet(context, mark, colour)
    else if (mark._tag === "Comet") still(context, mark, colour)
    else if (mark._tag === "Cross") cross(context, mark, colour)
    else if (moves) ring(context, mark, colour, mark._tag === "Ring" ? [radius, radius + 15] : [radius, radius + 90])
  }
  context.globalAlpha = 1
}
