import { element } from './element.ts'

/** What can be made to happen to the next message, in words; the value is what `faults.next` takes. */
const troubles: readonly [value: string, words: string][] = [
  ['', 'arrives as usual'],
  ['131056', 'is refused: too many to this customer (131056)'],
  ['130429', 'is refused: too many in all (130429)'],
  ['131016', 'is refused: service unavailable (131016)'],
  ['131048', 'is refused: restricted as spam (131048)'],
  ['131031', 'is refused: account locked (131031)'],
  ['131026', 'fails later: cannot be reached (131026)'],
  ['131049', 'fails later: held back by Meta (131049)'],
  ['131053', 'fails later: file not usable (131053)'],
  ['timeout-after-accept', 'arrives, and no answer ever comes'],
  ['reset-after-accept', 'arrives, and the connection breaks'],
  ['reset-before-reply', 'is lost, and the connection breaks'],
  ['slow-answer', 'arrives, and the answer is slow'],
]

/** Chooses the fate of Baton's next message to this customer. */
export function troublePicker(plan: (trouble: string) => void): HTMLElement {
  const select = element('select', { id: 'next-trouble' })
  for (const [value, words] of troubles) select.append(element('option', { value, textContent: words }))
  const told = element('small', { textContent: 'Once, for this customer only.' })
  select.onchange = () => {
    if (select.value === '') return
    plan(select.value)
    told.textContent = `Planned: it ${select.selectedOptions[0]?.textContent ?? ''}.`
    select.value = ''
  }
  return element('label', { className: 'fate' }, 'The next message to this customer …', select, told)
}
