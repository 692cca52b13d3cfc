// minutes.docx: the short minutes of a meeting.
import { NETWORK } from './network.mjs'
import { bold, bullet, heading, italic, numbered, pack, paragraph, table } from './word.mjs'

const TITLE = 'Minutes of the spring meeting'

export function minutes() {
  return pack(TITLE, [
    heading(1, TITLE),
    paragraph(bold(NETWORK), ', Saturday 1 March 2025, 10:00 to 11:40, in the village hall.'),
    paragraph(italic('It rained throughout. The hall gauge recorded 6.2 mm.')),

    heading(2, 'Present'),
    bullet(1, 'the chair, the treasurer and the secretary'),
    bullet(1, 'nine of the twelve station keepers'),
    bullet(2, 'in the hall: DV01, DV02, DV03, DV04, DV09, DV11'),
    bullet(2, 'by telephone: DV06, DV08, DV12'),
    bullet(1, 'the regional coordinator, as a guest'),
    paragraph('Apologies came from the keepers of DV05, DV07 and DV10, where the road was under water.'),

    heading(2, 'Matters discussed'),
    heading(3, 'The winter just past'),
    paragraph(
      'The secretary summed up the winter. Three gauges overflowed in one night in January, and the keepers of ',
      'those stations estimated the loss from their neighbours. The meeting thanked the observer at Ferry ',
      'Landing, who read the gauge from a boat.',
    ),
    heading(3, 'The funnel at Chapel Field'),
    paragraph(
      'A sheep has leaned on the gauge and the rim is no longer round. The keeper measured it across in four ',
      'directions and found a difference of 4 mm. The meeting agreed that ',
      bold('no reading since 11 February should be used'),
      ' until the old and the new funnel have stood side by side.',
    ),
    heading(3, 'Money'),
    paragraph(
      'The treasurer reported a balance of 1,184.50. One invoice for spare parts is due, and the meeting saw no ',
      'reason to dispute it.',
    ),

    heading(2, 'Decisions'),
    table(
      ['No.', 'Decision', 'Who', 'By', 'Votes'],
      [
        ['2025-1', 'Replace the funnel at Chapel Field', 'keeper of DV04', '15 March', '11 to 0'],
        ['2025-2', 'Pay the invoice for spare parts', 'treasurer', '31 March', '12 to 0'],
        ['2025-3', 'Print sixty copies of the new handbook', 'secretary', '1 May', '8 to 3'],
        ['2025-4', 'Move the optical gauge two metres from the fence', 'keeper of DV12', '1 June', '10 to 1'],
        ['2025-5', 'Put off the open day if it is sunny', 'chair', 'standing rule', '7 to 5'],
      ],
    ),

    heading(2, 'Next steps'),
    numbered(1, 1, 'The secretary sends these minutes to all keepers within a week.'),
    numbered(1, 1, 'Each keeper checks before Easter:'),
    numbered(1, 2, 'that the rim is level,'),
    numbered(1, 2, 'that the spare measuring cylinder is whole,'),
    numbered(1, 2, 'that the grass around the gauge is short.'),
    numbered(1, 1, 'The chair asks the three absent keepers for their views on decision 2025-5.'),
    paragraph(),
    paragraph(
      'The next meeting is on Saturday 6 September 2025. If it is dry, it will be held out of doors.',
    ),
  ])
}
