/** Lists that stay at their end while more comes, unless somebody has scrolled up to read. */
import { type Signal, useSignal } from "@preact/signals"
import type { RefObject } from "preact"
import { useLayoutEffect, useRef } from "preact/hooks"

/** How near to the end counts as the end, in pixels. */
const near = 60

/** A box that scrolls, and where somebody is in it. */
export interface Stick {
  readonly box: RefObject<HTMLDivElement | null>
  /** The serial of what was last when somebody scrolled up; nothing at the end. */
  readonly left: Signal<number | undefined>
  readonly onScroll: () => void
  readonly toEnd: () => void
}

/** Keeps a box at its end when `last` changes. `forced` leads back to the end, as after one's own message. */
export const useStick = (last: number | undefined, forced = false): Stick => {
  const box = useRef<HTMLDivElement>(null)
  /** Where the box was, as only somebody who scrolls up leaves the end. */
  const top = useRef(0)
  const left = useSignal<number | undefined>(undefined)
  const toEnd = () => {
    left.value = undefined
    box.current?.scrollTo(0, box.current.scrollHeight)
  }
  useLayoutEffect(() => {
    if (left.peek() === undefined || forced) toEnd()
  }, [last])
  useLayoutEffect(() => {
    const { current } = box
    if (current === null) return
    // What stands above or below the box grows and shrinks.
    const sizes = new ResizeObserver(() => {
      if (left.peek() === undefined) toEnd()
    })
    sizes.observe(current)
    return () => sizes.disconnect()
  }, [])
  const onScroll = () => {
    const { clientHeight = 0, scrollHeight = 0, scrollTop = 0 } = box.current ?? {}
    if (scrollHeight - scrollTop - clientHeight < near) left.value = undefined
    else if (left.peek() === undefined && scrollTop < top.current) left.value = last ?? 0
    top.current = scrollTop
  }
  return { box, left, onScroll, toEnd }
}
