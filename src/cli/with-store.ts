import { createRaincheck, type Raincheck } from '../index.js'

/** Opens the store of the data directory for one command, and closes it after. */
export async function withStore<T>(use: (rain: Raincheck) => Promise<T>): Promise<T> {
  const rain = createRaincheck({ store: 'sqlite', app: 'raincheck' })
  try {
    return await use(rain)
  } finally {
    await rain.close()
  }
}
