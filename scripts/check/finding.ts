/** One thing that is wrong, at one place. */
export interface Finding {
  file: string
  line: number
  message: string
}
