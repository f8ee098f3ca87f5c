/** Whether it looks like an e-mail address: whether there is one, only a mail can tell. */
export const isAddress = (text: string) => /^\S+@\S+\.\S+$/.test(text.trim())
