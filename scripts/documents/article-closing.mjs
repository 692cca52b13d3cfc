// The prose of article.html after its table of readings.
import { SITE } from './network.mjs'

export const closing = `      <p>Read down the last column, and the shape of the valley appears. The stations by the river and on the coast lie
      close together. Then, with each hundred metres of height, about a fifth more rain falls, until the moor has two
      thirds as much again as the landing. Air that comes in from the sea has to climb; as it climbs, it cools; and cool air cannot
      hold its water. It is the oldest rule in the study of rain, and the valley keeps it rather well.</p>
      <p>Now read across. Autumn is the wettest season everywhere, without one exception. The rows rise and fall together,
      because a wet month is wet for the whole valley. That is what makes a check possible: a station that goes <em>down</em>
      when all the others go <em>up</em> has something to explain.</p>

      <h3>A station that had something to explain</h3>
      <p>In the summer of the seventh year, the gauge at Schoolhouse recorded rain on eleven days on which the rest of the
      valley stayed dry. The amounts were small and strangely alike, between two and three millimetres. They came only on
      school days. The coordinator wrote a polite letter; the observer sat down by the window of the staff room and waited.
      The shower arrived at twenty past ten. It came out of a drinking bottle, from a height of about a metre, and was
      followed by applause.</p>
      <p>The readings were struck out, each with one thin line, so that they can still be read. The culprits were made
      deputy observers, and the following year the record of Schoolhouse was the most complete of all. It is the only
      experiment with artificial rain that the network has ever carried out.</p>

      <h3>How the numbers are checked</h3>
      <p>Not every oddity confesses so readily. Before a month is published it has to get through three sieves, each finer
      than the last:</p>
      <ol>
        <li><strong>Is it possible?</strong> No day in this climate has a negative amount, and none has ever had more than
          two hundred millimetres. Such a number is a slip of the pen, most often a lost decimal point.</li>
        <li><strong>Is it likely?</strong> The day is compared with the same day at the three nearest stations.
          <ul>
            <li>If it lies between them, it passes.</li>
            <li>If it does not, the radar picture is looked at.
              <ul>
                <li>A small shower can hit one garden and miss the next. Such a day passes, with a mark.</li>
                <li>A clear sky cannot fill a gauge. Such a day is asked about.</li>
              </ul>
            </li>
          </ul>
        </li>
        <li><strong>Does it last?</strong> Each station is added up year after year against the mean of all the others. If
          nothing changes at the station, the two sums make a straight line. Where the line has a bend, a tree has grown, a
          shed has been built, or a funnel has been dented.</li>
      </ol>
      <p>The third sieve is slow, and it is the one that finds the most. It found the hedge at Chapel Field, which had grown
      by a hand's breadth each year for nine years. No single year had looked wrong. Nobody who saw the hedge every day had
      seen it grow. Only the line had noticed, and it had been saying so for six years before somebody looked.</p>
      <blockquote>
        <p>A reading is a letter to somebody who will never be able to write back. Say what you saw, say when, and do not
        tidy up.</p>
        <p>From the first page of the observers' handbook</p>
      </blockquote>

      <h2 id="what-it-is-good-for">What it is good for</h2>
      <p>People ask. There is radar, after all, and there are satellites, and a telephone will tell anybody whether it is
      raining on their own head. Why the can?</p>
      <p>Because somebody has to tell the radar. A radar does not see rain. It sees an echo from a kilometre above the
      ground, and turns it into rain with the help of a rule. The rule is different for drizzle and for hail, for summer
      and for winter, for one side of a hill and for the other; and each morning it is set right with the readings from the
      ground. The satellite, in turn, is set right with the radar. At the bottom of the whole shining tower there is
      a can in a garden, and somebody with a pencil.</p>
      <p>The readings have other uses, which the founders could not have had in mind:</p>
      <ul>
        <li>The keepers of the <strong>reservoir</strong> decide in March, from the winter's sum, how much water they may let
          go in summer.</li>
        <li>The <strong>bridge</strong> at the landing was built a metre higher than first drawn, after an engineer had spent
          an afternoon with the old books.</li>
        <li><strong>Farmers</strong> ask when it last was as dry as this. The answer is often <em>six years ago</em>, and
          that is often a comfort.</li>
        <li>An <strong>insurer</strong> once asked whether it had hailed on a certain night. It had not.</li>
        <li>Two <strong>weddings</strong> have been moved on the advice of the archive. One of them should not have been.</li>
      </ul>

      <h3>A warning that worked</h3>
      <p>The clearest case was a night in November. The bucket on the moor tipped for the first time at ten in the evening.
      By one it was tipping every forty seconds. The observer at Reservoir Dam, who is woken by the logger when the
      rate stays high for an hour, looked at the numbers, looked at the level of the water, and rang the observer at Weir
      Cottage. The moor is three hours upstream. When the water came, at ten past four, the sheep were on the hill, the
      cars were in the churchyard, and the kettle was on. The lawn at Weir Cottage flooded, as it does one winter in five.
      So did the gauge, which had to be read with a torch and a ladder.</p>
      <p>It is a small story. Nothing was lost, so nothing was reported. But the observers know it by heart, and if anybody
      asks them what the can is good for, this is the night they think of.</p>

      <h2 id="what-can-go-wrong">What can go wrong</h2>
      <p>The archive keeps a list of everything that has ever spoiled a reading. It has a hundred and forty entries. Here
      are those that turn up again and again, with what helps against them:</p>
      <dl>
        <dt>Leaves in the funnel</dt>
        <dd>The water backs up and overflows in the next heavy shower. A wire cage helps, as does a look each morning.</dd>
        <dt>A leaning post</dt>
        <dd>A funnel that is tilted by five degrees loses little in a calm and a great deal in a wind. Use a level, not the eye.</dd>
        <dt>A wrong cylinder</dt>
        <dd>Cylinders are made for one size of funnel. The one for the larger size looks just the same, and reads less than
        half. Every cylinder in the network has a band of red paint, and every spare one of a different size has been broken
        on purpose.</dd>
        <dt>Frost</dt>
        <dd>A full bottle that freezes will burst. In winter the bottle is left out, and the can alone collects.</dd>
        <dt>Kindness</dt>
        <dd>Neighbours empty the gauge, rinse it, polish it, or water the flowers around it. Talk to them. Better still, ask
        them to be deputies.</dd>
      </dl>

      <h3>The trouble with snow</h3>
      <p>Snow deserves a heading of its own. It does not fall; it wanders. A flake that is headed for the gauge feels the
      eddy around the rim, changes its mind, and settles on the lawn. In a strong wind a funnel may catch a third of what it
      should, and the observer, who can see the snow lying all around, knows perfectly well that the number is wrong. What
      then? The rule is firm: <strong>write down what is in the gauge</strong>, and write down beside it what is on the
      ground. The observer takes a spare can, presses it upside down into the snow on a flat piece of lawn, slides a sheet
      of tin beneath it, turns it over, carries it indoors and waits for it to melt. The second number is nearly always the
      better one. The first is kept all the same, for the difference between them tells how windy it was.</p>
      <p>Hail is worse, because it bounces. Dew is better than its reputation: it never makes up more than a few tenths of a
      millimetre, and it has taught generations of observers that a gauge may be wet after a clear night. Fog, on the moor,
      is a matter of belief. The heather combs it out of the air and drips for hours, while the gauge next to it stays dry.
      Whether that water counts as rain has been on the agenda of the spring meeting since the year 2003, and the minutes
      regularly record that <q>the matter was discussed</q>.</p>

      <h2 id="how-to-join">How to join</h2>
      <p>The network has twelve stations and would like to have fifteen. There is a gap on the eastern slope, another one
      around the old brickworks, and nothing at all between the moor and the quarry. Whoever lives there, or knows somebody
      who does, is warmly asked to read the page <a href="${SITE}/join">How to join</a>. In short, a station needs:</p>
      <ul>
        <li>a piece of open grass, four metres by four;</li>
        <li>one person who gets up early, and
          <ul>
            <li>a second one for holidays,</li>
            <li>a third one for the holidays of the second;</li>
          </ul>
        </li>
        <li>no knowledge of any kind. <em>All that is needed fits on a page, and the handbook has a hundred more.</em></li>
      </ul>
      <p>The gauge, the cylinder, the book and the pencil are provided. The pencil is tied to the book. The rain comes on its
      own, on about every second day, and has not been late yet.</p>

      <h3>Further reading</h3>
      <ul>
        <li>The <a href="${SITE}/handbook">observers' handbook</a>, with all the rules and the reasons for them</li>
        <li>The <a href="${SITE}/report">report on the year</a>, with maps and monthly sums</li>
        <li>The <a href="${SITE}/data">data</a>, as plain text, from the first day to yesterday</li>
        <li><a href="${SITE}/archive/empty-line">The empty line</a>, a short history of lost readings</li>
      </ul>`
