/** A dialog over the page. The browser keeps the focus inside, and gives it back to where it was. */
import type { ComponentChildren } from "preact"
import { useLayoutEffect, useRef } from "preact/hooks"
import { Icon } from "./Icon.tsx"

/** A dialog, open for as long as it is drawn. Escape and a click beside it close it. */
export const Over = ({ children, class: kind = "", onClose, title }: {
  readonly title: string
  readonly onClose: () => void
  readonly class?: string
  readonly children: ComponentChildren
}) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const drawn = useRef(true)
  useLayoutEffect(() => {
    dialog.current?.showModal()
    return () => {
      drawn.current = false
      dialog.current?.close()
    }
  }, [])
  return (
    // The click is for a pointer; by key Escape does the same.
    <dialog
      ref={dialog}
      class={kind}
      aria-labelledby="over-title"
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      // The browser says late that a dialog is closed: another one may be open by then.
      onClose={() => drawn.current && onClose()}
      onClick={({ currentTarget, target }) => target === currentTarget && onClose()}
    >
      <div class="inside">
        <header>
          <h2 id="over-title">{title}</h2>
          <button type="button" class="quiet" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
