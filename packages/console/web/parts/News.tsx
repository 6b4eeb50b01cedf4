/** How much has come below what somebody reads, and the way back to the end. */
import { Icon } from "./Icon.tsx"

/** A button, where there is something new. */
export const News = ({ count, toEnd }: { readonly count: number; readonly toEnd: () => void }) =>
  count === 0 ? null : (
    <button type="button" class="news" onClick={toEnd}>
      {count} new<Icon name="down" />
    </button>
  )
