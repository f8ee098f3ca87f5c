import type { Mail } from './mailer.ts'

/** The languages that the web app speaks. */
export const MAIL_LANGUAGES = ['en', 'de', 'es', 'pt-BR', 'ar'] as const
export type MailLanguage = (typeof MAIL_LANGUAGES)[number]

type Words = {
  subject: string
  greeting: (name: string) => string
  link: string
  time: string
  ignore: string
}

const WORDS: Record<MailLanguage, Words> = {
  en: {
    subject: 'Set a new password for Baton',
    greeting: (name) => `Hello ${name},`,
    link: 'somebody, most likely you, wants to set a new password for your account. This link does it:',
    time: 'It works once, within one hour, and signs you out everywhere.',
    ignore: 'If it was not you, do nothing: your password stays as it is.',
  },
  de: {
    subject: 'Neues Passwort für Baton festlegen',
    greeting: (name) => `Guten Tag ${name},`,
    link: 'jemand, vermutlich Sie selbst, möchte ein neues Passwort für Ihr Konto festlegen. Das geht mit diesem Link:',
    time: 'Er gilt einmal, innerhalb einer Stunde, und meldet Sie überall ab.',
    ignore: 'Wenn Sie es nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.',
  },
  es: {
    subject: 'Elija una contraseña nueva para Baton',
    greeting: (name) => `Hola, ${name}:`,
    link: 'alguien, probablemente usted, quiere elegir una contraseña nueva para su cuenta. Se hace con este enlace:',
    time: 'Sirve una vez, durante una hora, y cierra su sesión en todas partes.',
    ignore: 'Si no fue usted, no haga nada: su contraseña sigue como está.',
  },
  'pt-BR': {
    subject: 'Escolha uma nova senha para o Baton',
    greeting: (name) => `Olá, ${name}!`,
    link: 'Alguém, provavelmente você, quer escolher uma nova senha para a sua conta. Use este link:',
    time: 'Ele funciona uma vez, durante uma hora, e encerra sua sessão em todos os lugares.',
    ignore: 'Se não foi você, não faça nada: sua senha continua como está.',
  },
  ar: {
    subject: 'تعيين كلمة مرور جديدة في Baton',
    greeting: (name) => `مرحبًا ${name}،`,
    link: 'يريد شخص ما، غالبًا أنت، تعيين كلمة مرور جديدة لحسابك. هذا الرابط يفعل ذلك:',
    time: 'يعمل مرة واحدة خلال ساعة، ويسجّل خروجك من كل مكان.',
    ignore: 'إن لم تكن أنت، فلا تفعل شيئًا: تبقى كلمة مرورك كما هي.',
  },
}

/** The mail with which somebody sets a new password, in the language of the page on which it was asked for. */
export function resetMail(
  { name, email }: { name: string; email: string },
  link: string,
  language: MailLanguage,
): Mail {
  const { subject, greeting, link: says, time, ignore } = WORDS[language]
  return { to: email, subject, text: [greeting(name), '', says, '', link, '', time, ignore, ''].join('\n') }
}
