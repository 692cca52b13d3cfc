// article.html: a long article as a web page, with the furniture that pages have around their text.
import { closing } from './article-closing.mjs'
import { opening } from './article-opening.mjs'
import { MADE_ON, NETWORK, SITE, STATIONS, YEAR } from './network.mjs'
import { millimetres, monthlyRain, sum, yearlyRain } from './readings.mjs'

const TITLE = 'How a valley counts its rain'

function readings() {
  const season = (station, months) => {
    const rain = monthlyRain(station)
    return millimetres(sum(months.map((month) => rain[month])))
  }
  const rows = STATIONS.map((station) => {
    const cells = [
      station.name,
      `${station.altitude} m`,
      station.gauge,
      season(station, [0, 1, 11]),
      season(station, [2, 3, 4]),
      season(station, [5, 6, 7]),
      season(station, [8, 9, 10]),
      `<strong>${millimetres(yearlyRain(station))}</strong>`,
    ]
    return `          <tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  })
  const headings = ['Station', 'Altitude', 'Gauge', 'Winter', 'Spring', 'Summer', 'Autumn', 'Year']
  return `      <table>
        <caption>Rainfall in ${YEAR} in millimetres, by season</caption>
        <thead>
          <tr>${headings.map((heading) => `<th scope="col">${heading}</th>`).join('')}</tr>
        </thead>
        <tbody>
${rows.join('\n')}
        </tbody>
      </table>`
}

export function article() {
  const day = MADE_ON.toISOString().slice(0, 10)
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="description" content="Twelve gauges, one valley, and sixty years of patience.">
    <title>${TITLE} | ${NETWORK}</title>
    <style>
      body { font: 1rem/1.6 Georgia, serif; margin: 0 auto; max-width: 42rem; padding: 0 1rem; }
      nav ul { display: flex; gap: 1rem; list-style: none; padding: 0; }
      table { border-collapse: collapse; }
      td, th { border-bottom: 1px solid #ccc; padding: 0.2rem 0.5rem; text-align: left; }
    </style>
  </head>
  <body>
    <header>
      <p><a href="${SITE}">${NETWORK}</a></p>
      <nav aria-label="Main">
        <ul>
          <li><a href="${SITE}/today">Today</a></li>
          <li><a href="${SITE}/stations">Stations</a></li>
          <li><a href="${SITE}/data">Data</a></li>
          <li><a href="${SITE}/join">How to join</a></li>
        </ul>
      </nav>
    </header>
    <main>
      <h1>${TITLE}</h1>
      <p><em>Twelve gauges, one valley, and sixty years of patience.</em> <time datetime="${day}">${day}</time></p>
${opening}
${readings()}
${closing}
    </main>
    <footer>
      <p>Published by the ${NETWORK}. The text may be copied under the MIT licence; the rain is free.</p>
      <ul>
        <li><a href="${SITE}/imprint">Imprint</a></li>
        <li><a href="mailto:gauges@example.org">gauges@example.org</a></li>
        <li><a href="#what-a-gauge-is">Back to the start</a></li>
      </ul>
    </footer>
  </body>
</html>
`
}
