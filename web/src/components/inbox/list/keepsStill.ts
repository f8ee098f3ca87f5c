import type { Attachment } from 'svelte/attachments'
import type { StillOrder } from '#lib/list/stillOrder.svelte.ts'

const isTouch = (event: PointerEvent) => event.pointerType === 'touch'

/** The order keeps still while somebody points at the list, holds a finger on it, or has the keyboard's focus in it. */
export function keepsStill(order: StillOrder): Attachment<HTMLElement> {
  return (list) => {
    const hearing = new AbortController()
    const { signal } = hearing
    const keep = () => order.keep('pointer')
    const release = () => order.release('pointer')
    list.addEventListener('pointerenter', (event) => !isTouch(event) && keep(), { signal })
    // The first move is all that tells of a pointer which was here before the list was.
    list.addEventListener('pointermove', (event) => !isTouch(event) && keep(), { signal })
    list.addEventListener('pointerdown', keep, { signal })
    list.addEventListener('pointerleave', release, { signal })
    list.addEventListener('pointercancel', release, { signal })
    list.addEventListener('pointerup', (event) => isTouch(event) && release(), { signal })
    const focused = ({ target }: FocusEvent) => {
      if (target instanceof Element && target.matches(':focus-visible')) order.keep('focus')
    }
    list.addEventListener('focusin', focused, { signal })
    list.addEventListener('focusout', () => order.release('focus'), { signal })
    return () => {
      hearing.abort()
      release()
      order.release('focus')
    }
  }
}
