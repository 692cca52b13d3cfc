// The prose of article.html before its table of readings.
import { SITE } from './network.mjs'

export const opening = `      <p>Every morning at nine, in twelve gardens, fields and hilltops between the moor and the sea, somebody walks up to
      a metal can and looks into it. Most days the visit takes two minutes. The can is emptied, a number is written down,
      and the day begins. Nobody is paid for it, and nobody has ever missed a Christmas. Put end to end, those two-minute
      visits are the longest unbroken record of anything in the valley, apart from the parish accounts.</p>
      <p>This article tells what the observers do, why they do it <strong>in just this way</strong>, and what the numbers
      have to say. It is meant for readers who have never held a measuring cylinder, and for those who have held one so
      long that they no longer ask.</p>

      <h2 id="what-a-gauge-is">What a gauge is</h2>
      <p>A rain gauge is a funnel over a bottle. That is all it has to be, and for three hundred years nobody has found
      anything simpler that works as well. If the opening of the funnel has a known area, and all the water that falls into
      it is kept, then the volume divided by the area is a depth: the depth of the puddle that the rain would have made on
      a perfectly flat, perfectly tight piece of ground. One millimetre of rain is one litre on every square metre. A good
      thunderstorm puts a bathtub of water on a small lawn, and the lawn hardly notices.</p>
      <p>The difficulty lies in the words <em>all the water</em>. Drops splash out. Drops are blown past. A little water
      stays on the walls of the funnel and dries there, and on a warm afternoon the bottle itself gives some of its
      contents back to the sky. Each of these losses is small; all of them point the same way. A careless gauge never
      reads too much. It always reads too little.</p>
      <figure>
        <img src="gauge-in-the-garden.jpg" alt="A copper funnel gauge on a lawn, with frost on the rim" width="640" height="400">
        <figcaption>The gauge at Mill Lane on a morning in March. The rim is exactly level; the lawn is not.</figcaption>
      </figure>

      <h3>Four ways to catch a drop</h3>
      <p>The network uses four kinds of gauge. None of them is the best one. Each is good at something, and each has a
      weather that it dislikes:</p>
      <ul>
        <li><strong>The copper funnel</strong> is read by hand once a day.
          <ul>
            <li>It needs no power, no signal and hardly any repair.</li>
            <li>It says how much fell, but not when.
              <ul>
                <li>For a monthly sum that does not matter.</li>
                <li>For a flash flood it is all that matters.</li>
              </ul>
            </li>
          </ul>
        </li>
        <li><strong>The tipping bucket</strong> has a little seesaw under the funnel. Each side holds a fifth of a
          millimetre, and each tip closes a switch.
          <ul>
            <li>It knows the minute at which the rain began.</li>
            <li>In a downpour it tips too slowly, and some water falls between two tips.</li>
          </ul>
        </li>
        <li><strong>The weighing gauge</strong> stands on a balance.
          <ul>
            <li>It does not mind snow, hail or leaves, since all of them have a weight.</li>
            <li>It minds the wind, which presses on the balance and makes it rain a little on dry days.</li>
          </ul>
        </li>
        <li><strong>The optical gauge</strong> counts the drops that cross a beam of light. It is quick and has no moving
          parts, and spiders love it.</li>
      </ul>

      <h3>Where to put it</h3>
      <p>The best gauge in a bad place is a bad gauge. A tree takes rain away on one side and adds drips on the other. A
      wall makes an eddy that lifts the small drops over the opening. A paved yard splashes. The rule that all observers
      learn on their first day is a rule of distance: <q>as far from everything as four times its height</q>. For a hedge
      of one and a half metres that means six metres of open grass, which many gardens have. For a church tower it means
      a different village.</p>
      <p>Full shelter is wrong, and so is none. On the summit of Signal Hill the wind carried off so much of the rain that
      the gauge there once recorded less than the one in the valley. The observers cut turf, built a low round wall around
      the gauge, and let the grass grow over it. The next year the hill was the second wettest place in the network, as a
      hill should be. <em>Nothing about the weather had changed.</em></p>

      <h2 id="how-it-began">How it began</h2>
      <p>It began with a quarrel about a cellar. In the winter before the first full year, the cellar of the mill filled with
      water, and so did that of the bakery two streets uphill. The miller blamed the weir, the bakery blamed the miller,
      and the parish blamed the weather. The weather could not be asked, because nobody had written it down. The nearest
      gauge stood in a town forty kilometres away, on the roof of a bank, and it had recorded a light shower.</p>
      <p>So the schoolteacher of the day put up a notice. It asked for <em>persons of regular habits, with a lawn</em>. Eleven
      people came to the first meeting, four of them stayed for the second, and two had a lawn. The first gauges were
      made from stove pipe and a preserving jar. One of those jars still exists. It stands on the shelf of the archive,
      half full of water from the first day, since nobody could bring themselves to pour it away.</p>

      <h3>The shelf of books</h3>
      <p>The archive is a cupboard in the village hall. It holds three hundred and eighty books with grey covers, one for
      each station and two years. The ink of the early ones has turned brown. Some pages have rings from cups, some have
      pressed insects, and one has the footprint of a dog, with the note <q>also measured</q>. All of them were copied into
      a table by hand, over eleven winters, by pairs of observers: one read aloud, the other typed, and after each page
      they changed places and did it again. Where the two copies differed, they went back to the page.</p>
      <p>They found that the paper was right more often than the memory of those who had written it. They also found four
      readings from a thirtieth of February, and have left them in.</p>

      <h2 id="a-morning-at-the-gauge">A morning at the gauge</h2>
      <p>The reading follows a fixed order. Newcomers find the order fussy; after the first mistake they find it kind. It
      goes like this:</p>
      <ol>
        <li>Look at the clock, and write the time down first. A reading that is half an hour late is a good reading. A
          reading whose time is unknown is a guess.</li>
        <li>Look at the gauge before touching it.
          <ol>
            <li>Is the rim level and round?</li>
            <li>Is there anything in the funnel?
              <ol>
                <li>Leaves are taken out and noted.</li>
                <li>Snow is taken in and melted.</li>
                <li>Frogs are asked to leave.</li>
              </ol>
            </li>
            <li>Has anybody mown, parked or played football since yesterday?</li>
          </ol>
        </li>
        <li>Pour the water into the cylinder, slowly, and let the last drops follow.</li>
        <li>Bring the eye down to the level of the water, and read the <em>bottom</em> of the curve.</li>
        <li>Write the number in the book. Then read the cylinder a second time, and only then pour it away.</li>
      </ol>
      <p>The last step was added in the third year of the network, after an observer had poured away the wettest day of the
      decade while looking for a pencil. The book at that station has an empty line on that date, with a note in the
      margin that has become the motto of the whole undertaking: <strong>first the pencil, then the water</strong>.</p>

      <h3>Nought, trace and nothing</h3>
      <p>There are three ways for a day to have no rain, and they must be kept apart. If the gauge was dry, the observer
      writes <code>0.0</code>. If it was damp, but there was too little to measure, the observer writes <code>tr</code>, for
      a trace. If nobody read the gauge, the line stays empty. An empty line can be repaired later with the help of the
      neighbours. A nought that should have been an empty line cannot, because it looks like a fact. Most of the damage
      that has ever been done to the record was done by somebody who wanted the page to look complete.</p>

      <h3>What the form looks like</h3>
      <p>The numbers travel as plain text. The format is older than the computer that receives it, and it has outlived
      four of those. One line is one day: the station, the date, the amount, and a letter for anything unusual.</p>
      <pre><code># station  date        mm    mark
DV01       2024-02-09  14.2
DV03       2024-02-09  15.0  r    # read from a boat
DV04       2024-02-09  11.8  ?    # sheep near the gauge
DV07       2024-02-09  22.6  s    # part of it snow
DV10       2024-02-09  --    m    # road closed, read on the 10th
DV10       2024-02-10  41.3  2    # sum of two days</code></pre>
      <p>The letters matter more than they seem to. A two-day sum is a perfectly good number as long as everybody knows
      that it is one. Without the mark it is the worst storm in years, followed by the odd discovery that the day before
      was the driest in the county. The complete list of marks is on the <a href="${SITE}/data#marks">page about the
      data</a>, and it fits on a postcard.</p>

      <h2 id="what-last-year-brought">What last year brought</h2>
      <p>Here is the year, station by station. The seasons are those of the weather service: winter is January, February
      and December, spring begins with March, and so on. The stations are listed in the order in which they were
      numbered, which is not the order in which they were founded, for reasons that nobody remembers.</p>`
