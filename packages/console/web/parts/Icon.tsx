/** Small drawings on buttons, in the colour of their text. */

const paths = {
  bell: "M6 9a6 6 0 0 1 12 0c0 6 2.5 7 2.5 7h-17S6 15 6 9M10 20a2.2 2.2 0 0 0 4 0",
  chat: "M4 5h16v11H9l-5 4z",
  check: "M5 12.5l4.5 4.5L19 7",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v11H9zM5 15V4h10",
  down: "M12 5v14M6 13l6 6 6-6",
  help: "M9.2 9.3a2.9 2.9 0 1 1 4 2.7c-.8.4-1.2 1-1.2 2M12 17.6v.2",
  invite: "M9 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2.5 20c0-4 3-5.5 6.5-5.5s6.5 1.5 6.5 5.5M19 8v6M16 11h6",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  people:
    "M9 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2.5 20c0-4 3-5.5 6.5-5.5s6.5 1.5 6.5 5.5M16 4.5a3.6 3.6 0 0 1 0 7M18 14.8c2.2.6 3.5 2.3 3.5 5.2",
  pause: "M8.5 5v14M15.5 5v14",
  play: "M8 5.5v13l10.5-6.5z",
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  save: "M12 4v11M7.5 10.5L12 15l4.5-4.5M5 19.5h14",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20 20",
  sun:
    "M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"
} as const

/** The name of a drawing. */
export type IconName = keyof typeof paths

/** A drawing; what it means stands in the label of its button. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
)

/** The mark of Peerage. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="9" />
    <path d="M10 11h12M10 11l6 12M22 11l-6 12" />
    <circle cx="10" cy="11" r="3.2" />
    <circle cx="22" cy="11" r="3.2" />
    <circle cx="16" cy="23" r="3.2" />
  </svg>
)
