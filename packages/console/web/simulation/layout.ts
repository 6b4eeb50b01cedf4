/** Where hosts stand, in pixels: a function of their names and roles alone, so that a network always looks the same. */
import type { Host } from "../../src/api/Stage.ts"

/** A place on the stage. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** How large the stage is. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** One in the middle and the others around it; all in a ring; or a tree, whose root is in the middle. */
export type Shape = "star" | "ring" | "tree"

/** Where each host stands, and how large it is drawn. */
export interface Layout {
  readonly places: ReadonlyMap<string, Point>
  readonly radius: number
  /** Who stands in the middle, and is drawn larger. */
  readonly centre: string | undefined
}

const number = new Intl.Collator("en", { numeric: true })

/** Names as people order them: 2 before 10. */
export const byName = (one: string, other: string): number => number.compare(one, other)

/** The shape that tells most of a protocol: who leads stands in the middle, p2p-chat's hosts join in a tree. */
export const shapeOf = (protocol: string, hosts: Iterable<Pick<Host, "role">>): Shape => {
  if (protocol === "p2p-chat") return "tree"
  return [...hosts].some(({ role }) => role === "host" || role === "bootstrap") ? "star" : "ring"
}

// Room at the edges for a host and its name; below, the legend stands too.
const edge = 44
const below = 66
const largest = 20
const smallest = 5
const steps = 720
const turn = 2 * Math.PI

const onEllipse = (part: number, { x, y }: Point): Point => ({
  x: x * Math.sin(part * turn),
  y: -y * Math.cos(part * turn)
})

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y)

/** So many places around an ellipse, each as far along it from the next, and how far that is. */
const around = (count: number, radii: Point): { readonly points: ReadonlyArray<Point>; readonly apart: number } => {
  const lengths = [0]
  for (let step = 1; step <= steps; step++) {
    const [here, before] = [onEllipse(step / steps, radii), onEllipse((step - 1) / steps, radii)]
    lengths.push((lengths[step - 1] ?? 0) + distance(here, before))
  }
  const apart = (lengths[steps] ?? 0) / Math.max(1, count)
  let step = 0
  const points = Array.from({ length: count }, (_, index) => {
    while (step < steps && (lengths[step] ?? 0) < index * apart) step++
    return onEllipse(step / steps, radii)
  })
  return { points, apart }
}

const parentOf = (name: string): string => String(Math.floor(Number(name) / 2))

/** The places of a tree in parts of a ring: the deeper, the further out; each branch as wide as it has leaves. */
const branches = (names: ReadonlyArray<string>, radii: Point): ReadonlyMap<string, Point> => {
  const children = (name: string) => names.filter((other) => other !== name && parentOf(other) === name)
  const depth = (name: string): number => names.includes(parentOf(name)) ? depth(parentOf(name)) + 1 : 0
  const deepest = Math.max(1, ...names.map(depth))
  const leaves = (name: string): number => Math.max(1, children(name).reduce((sum, child) => sum + leaves(child), 0))
  const places = new Map<string, Point>()
  const put = (name: string, from: number, to: number): void => {
    const out = depth(name) / deepest
    places.set(name, onEllipse((from + to) / 2, { x: radii.x * out, y: radii.y * out }))
    let start = from
    for (const child of children(name)) {
      const end = start + (to - from) * leaves(child) / leaves(name)
      put(child, start, end)
      start = end
    }
  }
  const roots = names.filter((name) => depth(name) === 0)
  roots.forEach((root, index) => put(root, index / roots.length, (index + 1) / roots.length))
  return places
}

/** How near the two nearest of some places are. */
const nearest = (points: ReadonlyArray<Point>): number =>
  Math.min(Infinity, ...points.flatMap((one, index) => points.slice(index + 1).map((other) => distance(one, other))))

const sized = (apart: number): number => Math.min(largest, Math.max(smallest, apart * 0.36))

/** Places hosts on a stage. */
export const place = (names: ReadonlyArray<string>, shape: Shape, { height, width }: Size): Layout => {
  const sorted = names.toSorted(byName)
  const radii = { x: Math.max(40, width / 2 - edge), y: Math.max(40, (height - edge - below) / 2) }
  const middle = { x: width / 2, y: edge + radii.y }
  const shift = ({ x, y }: Point): Point => ({ x: middle.x + x, y: middle.y + y })
  if (shape === "tree") {
    const tree = branches(sorted, radii)
    const places = new Map([...tree].map(([name, point]) => [name, shift(point)] as const))
    return { places, radius: sized(nearest([...tree.values()])), centre: undefined }
  }
  const [first, ...others] = sorted
  const ring = shape === "star" && first !== undefined ? others : sorted
  const { apart, points } = around(ring.length, radii)
  const places = new Map(ring.map((name, index) => [name, shift(points[index] ?? { x: 0, y: 0 })] as const))
  const centre = shape === "star" ? first : undefined
  if (centre !== undefined) places.set(centre, middle)
  return { places, radius: sized(apart), centre }
}
