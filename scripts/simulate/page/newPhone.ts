import { api } from './api.ts'
import { byId } from './element.ts'

/** The form that adds a customer; a refusal stays in the form with its sentence. */
export function setUpNewPhone(added: (number: string) => void): void {
  const dialog = byId('new-phone', HTMLDialogElement)
  const form = dialog.querySelector('form')
  const error = dialog.querySelector<HTMLElement>('.error')
  const cancel = dialog.querySelector<HTMLButtonElement>('[value=cancel]')
  if (!form || !error || !cancel) throw new Error('The form is not whole')
  byId('add', HTMLButtonElement).onclick = () => {
    form.reset()
    error.hidden = true
    dialog.showModal()
  }
  cancel.onclick = () => dialog.close()
  form.onsubmit = async (event) => {
    event.preventDefault()
    const fields = new FormData(form)
    try {
      const { number } = await api.add(String(fields.get('name')), String(fields.get('number')))
      dialog.close()
      added(number)
    } catch (problem) {
      error.textContent = problem instanceof Error ? problem.message : String(problem)
      error.hidden = false
    }
  }
}
