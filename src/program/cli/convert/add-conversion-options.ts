import { type Command, Option } from 'commander'
import { memory, positiveNumber, size, timeout } from '../option-values.js'

/** The options of `ConversionOptions`, for a command. */
export function addConversionOptions(command: Command): void {
  command
    .option('--page-breaks', 'write a rule where a page of a PDF ends')
    .addOption(
      new Option('--remote-images <what>', 'keep or strip the addresses of images on the web').choices([
        'strip',
        'keep',
      ]),
    )
    .option('--keep-hidden', 'keep the characters that hide text, such as zero-width ones')
    .option('--max-file-bytes <size>', "refuse larger files, such as '1GB' (512MB)", size)
    .option('--max-unpacked-bytes <size>', 'refuse archives that unpack to more (512MB)', size)
    .option('--max-archive-entries <n>', 'refuse archives of more files (20000)', positiveNumber)
    .option(
      '--max-pages <n>',
      'refuse documents of more pages, slides, sheets or chapters (10000)',
      positiveNumber,
    )
    .option('--timeout <time>', "give up on a document that takes longer, such as '90s' (10m)", timeout)
    .option('--max-memory <MB>', 'give up on a document that needs more (1024)', memory)
}
