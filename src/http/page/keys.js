const filter = document.querySelector('#filter')
const actions = { Enter: 'result', l: 'log', c: 'cancel', r: 'retry' }

/** Lets the page be used by keys alone; all that they do can be done by its buttons, too. */
export function listenToKeys() {
  document.addEventListener('keydown', (event) => {
    const { key, target } = event
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
    if (key === 'ArrowDown' || key === 'ArrowUp') move(event)
    else if (target.matches('input, select, textarea')) return
    else if (key === '/') {
      event.preventDefault()
      filter.focus()
    } else if (target.matches('li') && key in actions) {
      // Or the dialog that opens would hear the same key, and close again.
      event.preventDefault()
      press(target, actions[key])
    }
  })
}

function move(event) {
  if (event.target.matches('select')) return
  const rows = [...document.querySelectorAll('li:not([hidden])')]
  if (rows.length === 0) return
  event.preventDefault()
  const at = rows.indexOf(event.target.closest('li'))
  const next = event.key === 'ArrowDown' ? at + 1 : Math.max(0, at - 1)
  rows[Math.min(next, rows.length - 1)].focus()
}

function press(row, action) {
  row.querySelector(`button[data-action="${action}"]:not([hidden])`)?.click()
}
