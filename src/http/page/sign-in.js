const dialog = document.querySelector('#sign-in')
const problem = document.querySelector('#sign-in-problem')
const input = document.querySelector('#token')

/** Kept for this tab, until it is closed. */
const KEY = 'raincheck-token'

export function knownToken() {
  return sessionStorage.getItem(KEY) ?? undefined
}

export function forgetToken() {
  sessionStorage.removeItem(KEY)
}

/** Asks for a token, until one is given. */
export function askForToken() {
  problem.textContent = knownToken() === undefined ? '' : 'That token is not one of this server.'
  forgetToken()
  input.value = ''
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        const token = input.value.trim()
        if (token === '') return resolve(askForToken())
        sessionStorage.setItem(KEY, token)
        resolve(token)
      },
      { once: true },
    )
  })
}
