/** What the doctor found: fine, or a problem with its reason and its cure. */
export type Finding = { what: string } & (
  | { isFine: true; detail: string }
  | { isFine: false; why: string; cure: string }
)

export const fine = (what: string, detail: string): Finding => ({ what, isFine: true, detail })
export const problem = (what: string, why: string, cure: string): Finding => ({
  what,
  isFine: false,
  why,
  cure,
})
